"""What the sections measure with: programs pinned to a core, what the kernel says of a process, and
medians of sides that alternate."""

import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "test/e2e"))

PEER = ROOT / "build/bench/peer"
BINARIES = ROOT / "build/release/test/bench"
LOOKOUT = ROOT / "build/release/src/helm-lookout"
SANDBOX = ROOT / "build/release/test/fakes/helm-lookout-sandbox"
RUNS = int(os.environ.get("LOOKOUT_BENCH_RUNS", "7"))
SERVER_CORE, CLIENT_CORE = 0, 1
TICKS = os.sysconf("SC_CLK_TCK")


def output(*command, core=None):
    pinned = [] if core is None else ["taskset", "-c", str(core)]
    return subprocess.run([*pinned, *(str(part) for part in command)], check=True,
                          capture_output=True, text=True).stdout


def median(values):
    return statistics.median(values)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def medians(runs):
    """One dictionary of the medians of many with the same keys."""
    return {key: median([one[key] for one in runs]) for key in runs[0]}


def alternate(sides, runs, progress):
    """{side: medians of what it returned}: every side once, then every side again."""
    taken = {name: [] for name in sides}
    for run in range(runs):
        for name, measure in sides.items():
            progress(f"{run + 1}/{runs}: {name}")
            taken[name].append(measure())
    return {name: medians(each) for name, each in taken.items()}


class Process:
    """A child on one core, and what the kernel says of it."""

    def __init__(self, *command, core=CLIENT_CORE, **options):
        self.began = time.monotonic()
        pinned = [] if core is None else ["taskset", "-c", str(core)]
        self.child = subprocess.Popen([*pinned, *(str(part) for part in command)], **options)
        self.pid = self.child.pid

    def cpu_seconds(self):
        """Of all threads that still live, in nanoseconds' resolution."""
        return sum(int((task / "schedstat").read_text().split()[0])
                   for task in self._tasks()) / 1e9

    def cpu_ticks_seconds(self):
        """Of all threads there ever were, in the clock's resolution."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def switches(self):
        return sum(self._number(task / "status", name) for task in self._tasks()
                   for name in ("voluntary_ctxt_switches", "nonvoluntary_ctxt_switches"))

    def rss_mb(self):
        return self._number(f"/proc/{self.pid}/status", "VmRSS") / 1024

    def peak_mb(self):
        return self._number(f"/proc/{self.pid}/status", "VmHWM") / 1024

    def forget_peak(self):
        pathlib.Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def running(self):
        return self.child.poll() is None

    def stop(self, seconds=10):
        """Seconds from SIGTERM to the end."""
        began = time.monotonic()
        if self.running():
            self.child.send_signal(signal.SIGTERM)
        try:
            self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        return time.monotonic() - began

    def _tasks(self):
        return pathlib.Path(f"/proc/{self.pid}/task").iterdir()

    @staticmethod
    def _number(path, name):
        return int(re.search(rf"^{name}:\s+(\d+)", pathlib.Path(path).read_text(), re.M)[1])


class Commanded(Process):
    """A program of ours that tells its address in its first line, and answers a line to each line."""

    def __init__(self, *command, core=SERVER_CORE):
        super().__init__(*command, core=core, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         text=True)
        self.address = self.child.stdout.readline().strip()
        assert self.address, f"{command[0]} did not start"

    def ask(self, line):
        self.child.stdin.write(f"{line}\n")
        self.child.stdin.flush()
        return self.child.stdout.readline().strip()

    def stop(self, seconds=10):
        self.child.stdin.close()
        try:
            self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            return super().stop(seconds)
        return 0
