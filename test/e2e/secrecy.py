"""Nothing secret comes out: marked secrets in every place that holds one, and a search for them in
everything that the built binary says, and in its memory.

secrecy.py BINARY SERVER_BINARIES [WORD...]: runs the tests whose name holds a word; ends with the
line "secrecy: N passed, N failed".
"""

import pathlib
import sys

import cases_cluster_secrets
import cases_core
import cases_payloads
import cases_reader_secrets
import cases_repository_secrets
import runner
from vault import Vault

CASES = [cases_payloads, cases_core, cases_cluster_secrets, cases_repository_secrets,
         cases_reader_secrets]


def main():
    binary, servers = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    chosen = runner.choose(runner.tests_of(*CASES), sys.argv[3:])
    return runner.run_in_folder("secrecy", chosen, lambda folder: Vault(binary, servers, folder))


if __name__ == "__main__":
    sys.exit(main())
