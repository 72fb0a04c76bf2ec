"""Measures helm-lookout beside its peers and writes docs/benchmarks.md.

bench.py SERVER_BINARIES CHARTS [SECTION...]: all sections, or those named. Figures of sections that
are not chosen stay as they were (build/bench/figures.json).
"""

import concurrent.futures
import json
import os
import pathlib
import platform
import signal
import sys
import tempfile
import time

from measuring import ROOT, RUNS, output
import goals as tables
from sections import (churn, decode, idle, index, join, outages, proof, relists, scrape, sizing,
                      soak, start, sync, wire)

SECTIONS = {module.__name__.rpartition(".")[2]: module
            for module in (sync, start, wire, decode, scrape, churn, index, join, relists,
                           outages, idle, sizing, soak, proof)}
FIGURES, DOCUMENT = ROOT / "build/bench/figures.json", ROOT / "docs/benchmarks.md"


class Bench:
    """What a section measures with."""

    def __init__(self, word, servers, charts, folder):
        self.word, self.servers, self.charts = word, pathlib.Path(servers), charts
        self.folder = pathlib.Path(folder)

    def progress(self, text):
        if os.environ.get("LOOKOUT_BENCH_TRACE"):
            print(time.strftime("%X"), self.word, text, file=sys.stderr, flush=True)
        elif sys.stderr.isatty():
            print(f"\r{self.word} {text}\x1b[K", end="", file=sys.stderr, flush=True)


def run(word, servers, charts):
    """The section's figures, and how long they took."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lookout-bench-", ignore_cleanup_errors=True) as folder:
        figures = SECTIONS[word].measure(Bench(word, servers, charts, folder))
    return {"figures": figures, "runs": RUNS, "took_seconds": time.monotonic() - began}


def document(measured):
    go = output("go", "version").split()[2].removeprefix("go")
    chosen = {word: module for word, module in SECTIONS.items() if word in measured}
    goals = [goal for word, module in chosen.items()
             for goal in module.goals(measured[word]["figures"])]
    runs = sorted({each["runs"] for each in measured.values()})
    head = f"""# Benchmarks
Written by `make bench`; every figure stands beside its peer's from the same run, medians of {" or ".join(map(str, runs))} alternating runs where it does not say otherwise, on {os.cpu_count()} cores ({platform.machine()}), Go {go}.
Take the ratios, not the absolutes. Goals that are not met stay in the tables. `make bench` measures all of it; `scripts/bench WORD...` only these sections.

## Summary
{sum(goal.met for goal in goals)} of {len(goals)} goals are met.

"""
    sections = [module.section(measured[word]["figures"]) for word, module in chosen.items()]
    return "\n".join([head + tables.summary(goals), *sections])


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended
    servers, charts = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    chosen = sys.argv[3:] or list(SECTIONS)
    unknown = [word for word in chosen if word not in SECTIONS]
    if unknown:
        sys.exit(f"bench: no section {unknown[0]}; there are {', '.join(SECTIONS)}")

    def finish(word, result):
        measured = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
        measured[word] = result
        FIGURES.write_text(json.dumps(measured, indent=2))
        print(f"\r\x1b[K{word}: {result['took_seconds']:.0f} s", file=sys.stderr)
        DOCUMENT.write_text(document(measured))
    # What only waits does so beside the others, and takes nothing from them.
    waiting = [word for word in chosen if getattr(SECTIONS[word], "BACKGROUND", False)]
    with concurrent.futures.ThreadPoolExecutor() as threads:
        later = {word: threads.submit(run, word, servers, charts) for word in waiting}
        for word in chosen:
            if word not in waiting:
                finish(word, run(word, servers, charts))
        for word, result in later.items():
            finish(word, result.result())


if __name__ == "__main__":
    main()
