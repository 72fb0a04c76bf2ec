"""The chart and the manifests, proved: chart.py TOOLS [WORD...] runs every test whose name holds
a WORD, and ends with the line "chart: N passed, M failed"."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / "test/e2e"))

import bench  # noqa: E402
import cases_apply  # noqa: E402
import cases_checker  # noqa: E402
import cases_files  # noqa: E402
import cases_manifests  # noqa: E402
import cases_releases  # noqa: E402
import cases_render  # noqa: E402
import cases_rights  # noqa: E402
import cases_schema  # noqa: E402
import cases_score  # noqa: E402
import cases_secrets  # noqa: E402
import cases_upgrade  # noqa: E402
import cases_values  # noqa: E402
import runner  # noqa: E402

TESTS = runner.tests_of(cases_checker, cases_files, cases_render, cases_schema, cases_values,
                        cases_releases, cases_rights, cases_secrets, cases_score, cases_manifests,
                        cases_apply, cases_upgrade)

if __name__ == "__main__":
    tools, words = sys.argv[1], sys.argv[2:]
    sys.exit(runner.run_in_folder("chart", runner.choose(TESTS, words),
                                  lambda folder: bench.Bench(ROOT, tools, folder)))
