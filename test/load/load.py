"""The release binary under load, against the sandbox.

load.py [--whole] BINARY SANDBOX [WORD...]: the tests whose name holds a WORD; --whole for the lengths
that the goals speak of instead of CI's.
"""

import pathlib
import sys

from sandbox import OF_SANDBOX, Sandbox  # first: it finds test/e2e

import cases_churn
import cases_floods
import cases_readme
import cases_scrapes
import runner
from lookout import Lookout

SHORT_SECONDS, WHOLE_SECONDS = 5, 60


class Bench:
    """A sandbox and a controller of its own for each test, gone when the next one asks for its."""

    def __init__(self, binary, sandbox, folder, whole):
        self.binary, self.sandbox_binary, self.folder, self.whole = binary, sandbox, folder, whole
        self.seconds = WHOLE_SECONDS if whole else SHORT_SECONDS
        self.sandbox, self.lookout = None, None

    def start(self):
        pass

    def launch(self, releases, revisions, settings=None, flags=()):
        """(SANDBOX, LOOKOUT), the sandbox without changes, the controller ready. `settings`: a file, or
        OF_SANDBOX for its repositories."""
        self.stop()
        self.sandbox = Sandbox(self.sandbox_binary, self.folder, "--releases", releases,
                               "--revisions", revisions, "--namespaces", 8, "--share-payloads",
                               "--churn-per-second", 0, "--quiet").start()
        config = ["--config", self.sandbox.settings if settings == OF_SANDBOX else settings]
        self.lookout = Lookout(self.binary, self.folder, self.sandbox.kubeconfig,
                               *(config if settings else []), *flags)
        self.lookout.wait_ready(60)
        return self.sandbox, self.lookout

    def another(self):
        """One beside this, for what can run at the same time."""
        return Bench(self.binary, self.sandbox_binary, self.folder, self.whole)

    def stop(self):
        if self.lookout:
            self.lookout.kill()
        if self.sandbox:
            self.sandbox.stop()
        self.sandbox, self.lookout = None, None


def main():
    words = sys.argv[1:]
    whole = words[:1] == ["--whole"]
    binary, sandbox, *words = words[1:] if whole else words
    binary, sandbox = pathlib.Path(binary).resolve(), pathlib.Path(sandbox).resolve()
    chosen = runner.choose(runner.tests_of(cases_churn, cases_scrapes, cases_floods, cases_readme), words)
    return runner.run_in_folder("load", chosen,
                                lambda folder: Bench(binary, sandbox, folder, whole))


if __name__ == "__main__":
    sys.exit(main())
