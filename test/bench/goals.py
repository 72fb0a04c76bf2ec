"""Rows of the summary: what was promised, what was measured, and beside what."""

import dataclasses


@dataclasses.dataclass
class Goal:
    id: str
    what: str
    figure: str
    peer: str
    ratio: str
    met: bool
    word: str  # of the section that measures it
    why: str = ""  # it is not met


def said(met):
    return "met" if met else "not met"


def times(ours, peers, digits=0):
    """How many times less ours is."""
    return f"{peers / max(ours, 1e-9):,.{digits}f} ×"


def table(columns, rows):
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)


def summary(goals):
    rows = []
    for goal in sorted(goals, key=lambda one: (int(one.id[1:].rstrip("abcd")), one.id)):
        met = "met" if goal.met else f"**not met**{': ' + goal.why if goal.why else ''}"
        rows.append([goal.id, goal.what, goal.figure, goal.peer, goal.ratio, met,
                     f"`scripts/bench {goal.word}`"])
    return table(["goal", "what", "figure", "peer", "ratio", "", "command"], rows)
