"""End to end: the built binary against real S3 servers, web servers, registries and Helm.

repositories.py [--full] BINARY SERVER_BINARIES [WORD...]: runs every test whose name holds one
of the words, in order, and ends with the line "repositories: N passed, N failed". Needs boto3.
"""

import pathlib
import shutil
import sys
import tempfile

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
    if not chosen:
        return 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lookout-e2e-"))
    bed = Testbed(pathlib.Path(arguments[0]).resolve(), arguments[1], folder, full)
    try:
        bed.start()
        well = runner.run("repositories", chosen, bed)
    finally:
        bed.stop()
    if not well:
        print(f"logs are in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
