"""node_tests.py SERVER_BINARIES IMAGES ARCHIVE [WORD...]: the image in ARCHIVE on a real node of
its own, installed by real Helm; ends with the line "node: N passed, N failed". The tests build on
each other: with WORDs name those before, too."""

import signal
import sys

import cases
import runner
from bench import Bench


def end(*_):
    raise KeyboardInterrupt


def main(binaries, images, archive, *words):
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, end)  # as ctrl-c does, so that the node ends too
    tests = runner.choose(runner.tests_of(cases), words)
    return runner.run_in_folder("node", tests,
                                lambda folder: Bench(binaries, images, archive, folder))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
