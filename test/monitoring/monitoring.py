"""Alerts and dashboards, proved: monitoring.py BINARY SANDBOX [WORD...] runs the tests whose name
holds a WORD, and ends with the line "monitoring: N passed, N failed"."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "test/e2e"))

import cases_dashboards  # noqa: E402
import cases_expressions  # noqa: E402
import cases_firing  # noqa: E402
import cases_rules  # noqa: E402
import runner  # noqa: E402
from live import Live  # noqa: E402

TESTS = runner.tests_of(cases_expressions, cases_rules, cases_dashboards, cases_firing)

if __name__ == "__main__":
    binary, sandbox, words = sys.argv[1], sys.argv[2], sys.argv[3:]
    sys.exit(runner.run_in_folder("monitoring", runner.choose(TESTS, words),
                                  lambda folder: Live(ROOT, binary, sandbox, folder)))
