"""Runs test functions in order and counts them."""

import os
import sys
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
        print(told + (f"  {time.monotonic() - began:.1f} s" if timed else ""), flush=True)
    print(f"{name}: {len(tests) - failed - skipped} passed, {failed} failed"
          + (f", {skipped} skipped" if skipped else ""))
    return failed == 0
