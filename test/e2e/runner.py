"""Runs test functions in order and counts them."""

import os
import pathlib
import shutil
import sys
import tempfile
import time
import traceback


def tests_of(*modules):
    return [test for module in modules for name, test in vars(module).items()
            if name.startswith("test_")]


def choose(tests, words):
    """Those whose name holds one of the words; all without words."""
    return [test for test in tests if not words or any(word in test.__name__ for word in words)]


class Skipped(Exception):
    """What a test raises that cannot run here; says why."""


def run_in_folder(name, tests, create):
    """The exit code. create(FOLDER) makes what the tests share, with start() and stop(); the folder
    stays when one failed."""
    if not tests:
        return 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lookout-e2e-"))
    bench = create(folder)
    try:
        bench.start()
        well = run(name, tests, bench)
    finally:
        bench.stop()
    if not well:
        print(f"logs are in {folder}")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def record(name, told, test):
    """One line for docs/reliability.md, as the C++ suites write it (test/reliability)."""
    folder = os.environ.get("LOOKOUT_RESULTS")
    if folder:
        result = "passed" if told == "ok" else told.lower()
        with open(pathlib.Path(folder) / f"{name.replace(' ', '-')}.tsv", "a") as lines:
            lines.write(f"{name}\t{result}\t{test}\n")


def run(name, tests, bench):
    """Whether all went well. Prints a line a test and "NAME: N passed, N failed" last."""
    failed, skipped = 0, 0
    timed = os.environ.get("LOOKOUT_E2E_TIMES")
    for test in tests:
        began = time.monotonic()
        try:
            test(bench)
            told = f"ok      {test.__name__}"
        except Skipped as why:
            skipped += 1
            told = f"skipped {test.__name__}: {why}"
        except Exception:  # the next test may still tell something
            failed += 1
            told = f"FAILED  {test.__name__}"
            traceback.print_exc(file=sys.stdout)
        record(name, told.split()[0], test.__name__)
        print(told + (f"  {time.monotonic() - began:.1f} s" if timed else ""), flush=True)
    print(f"{name}: {len(tests) - failed - skipped} passed, {failed} failed"
          + (f", {skipped} skipped" if skipped else ""))
    return failed == 0
