"""dashboards [--check]: writes the chart's Grafana dashboards from the descriptions in this folder.

--check writes nothing and fails when a file differs from its description.
"""

import json
import pathlib
import sys

import controller
import fleet
import release
import repositories

TARGET = pathlib.Path(__file__).resolve().parents[2] / "charts/helm-lookout/dashboards"


def text(board):
    """A panel a line, so that a change of one shows as one."""
    panels = ",\n".join(json.dumps(panel) for panel in board["panels"])
    frame = json.dumps({**board, "panels": []}, indent=1)
    return frame.replace('"panels": []', f'"panels": [\n{panels}\n ]') + "\n"


def texts():
    """{file name: text} of all dashboards."""
    boards = [fleet.board(), release.board(), repositories.board(), controller.board()]
    return {f"{board['uid']}.json": text(board) for board in boards}


def stale():
    """Names of files that are missing, left over or different."""
    wanted = texts()
    found = {path.name: path.read_text() for path in TARGET.glob("*.json")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def main(arguments):
    if arguments == ["--check"]:
        for name in stale():
            print(f"{name} is stale: python3 scripts/dashboards")
        return 1 if stale() else 0
    if arguments:
        sys.exit(__doc__)
    for name in stale():
        (TARGET / name).unlink(missing_ok=True)
    for name, content in texts().items():
        (TARGET / name).write_text(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
