"""G20: five minutes among random faults; test/soak is what runs."""

import contextlib
import sys

from goals import Goal, said, table
from measuring import LOOKOUT, ROOT, SANDBOX

sys.path.insert(0, str(ROOT / "test/soak"))
import soak  # noqa: E402


def measure(bench):
    bench.progress("a cluster comes into balance")
    life = soak.Soak(LOOKOUT, SANDBOX, bench.folder)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            life.start()
            life.run()
        return {"seconds": life.seconds, "seed": life.seed, **life.figures()}
    finally:
        life.stop()


def grown(values):
    return max(values) - min(values)


def met(f):
    """Each check waited until the state was equal, so that all are or there would be no figures."""
    return (abs(f["rss_drift"]) <= soak.DRIFT_MAX and grown(f["descriptors"]) <= 4
            and grown(f["threads"]) <= 2)


def goals(f):
    goal = Goal("G20", "soak with faults: RSS slope 0 ± 1 %, no growth of files, state equal at each check",
                f"{f['rss_drift'] * 100:+.2f} %, {grown(f['descriptors'])} files, {f['checks']} checks equal",
                "–", "–", met(f), "soak")
    if f["rss_drift"] < 0:
        goal.why = "memory fell"
    return [goal]


def section(f):
    return f"""## Among faults
{f['seconds']:.0f} s (`make soak` for hours) with 20,000 objects that change 20 times a second, two scrapes a second and {f['faults']} random faults; seed {f['seed']}. Memory, files and threads are those of the checks after a warm-up.

""" + table(["what", "figure", "goal"], [
        ["checks at which `/metrics` was what the API server and the repositories held", f["checks"],
         "all: met"],
        ["resident memory from the first check to the last (Theil and Sen)",
         f"{f['rss_drift'] * 100:+.2f} % of {f['rss_mb']:.0f} MB",
         f"0 ± 1 %: {said(abs(f['rss_drift']) <= soak.DRIFT_MAX)}"],
        ["open files, least and most", f"{min(f['descriptors'])}, {max(f['descriptors'])}",
         f"no growth: {said(grown(f['descriptors']) <= 4)}"],
        ["CPU seconds of the controller", f"{f['cpu_seconds']:.1f}", "–"]])
