"""What the documentation says, proved: docs.py BINARY SERVERS [WORD...] runs the tests whose name
holds a WORD, and ends with the line "docs: N passed, M failed"."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Both have a truth.py; that of the metrics is meant.
sys.path += [str(ROOT / "test/monitoring"), str(ROOT / "test/e2e")]

import cases_command  # noqa: E402
import cases_irsa  # noqa: E402
import cases_links  # noqa: E402
import cases_migration  # noqa: E402
import cases_policies  # noqa: E402
import cases_values  # noqa: E402
import runner  # noqa: E402

TESTS = runner.tests_of(cases_links, cases_values, cases_policies, cases_migration, cases_irsa,
                        cases_command)


class Bench:
    """Where things are; what a test starts it stops itself."""

    def __init__(self, binary, servers, folder):
        self.root = ROOT
        self.binary = pathlib.Path(binary).resolve()
        self.servers = pathlib.Path(servers)
        self.folder = folder

    def start(self):
        pass

    def stop(self):
        pass


if __name__ == "__main__":
    binary, servers, words = sys.argv[1], sys.argv[2], sys.argv[3:]
    sys.exit(runner.run_in_folder("docs", runner.choose(TESTS, words),
                                  lambda folder: Bench(binary, servers, folder)))
