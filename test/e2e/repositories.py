"""End to end: the built binary against real S3 servers, web servers, registries and Helm.

repositories.py [--full] BINARY SERVER_BINARIES [WORD...]: runs every test whose name holds one
of the words, in order, and ends with the line "repositories: N passed, N failed". Needs boto3.
"""

import pathlib
import sys

import cases_exporter
import cases_http
import cases_identity
import cases_join
import cases_oci
import cases_running
import cases_s3
import cases_servers
import runner
from testbed import Testbed

# The last of cases_running reads every log, so it stays last.
CASES = [cases_servers, cases_s3, cases_exporter, cases_http, cases_oci, cases_join,
         cases_identity, cases_running]


def main():
    arguments = [word for word in sys.argv[1:] if word != "--full"]
    full = len(arguments) + 1 < len(sys.argv)
    chosen = runner.choose(runner.tests_of(*CASES), arguments[2:])
    binary, servers = pathlib.Path(arguments[0]).resolve(), arguments[1]
    return runner.run_in_folder("repositories", chosen,
                                lambda folder: Testbed(binary, servers, folder, full))


if __name__ == "__main__":
    sys.exit(main())
