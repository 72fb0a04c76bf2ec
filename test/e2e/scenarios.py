"""The scenarios of list and watch that are marked R in test/reliability/scenarios.txt, on a real
API server and etcd.

scenarios.py BINARY SERVER_BINARIES [WORD...]: the tests of cases_scenarios*.py whose name holds a
WORD. After each all controllers must show what the server holds."""

import pathlib
import sys

import cases_scenarios_list
import cases_scenarios_watch
import runner
from scenario_bench import Scenarios


def main():
    binary, servers = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    chosen = runner.choose(runner.tests_of(cases_scenarios_list, cases_scenarios_watch),
                           sys.argv[3:])
    return runner.run_in_folder("scenarios", chosen,
                                lambda folder: Scenarios(binary, servers, folder))


if __name__ == "__main__":
    sys.exit(main())
