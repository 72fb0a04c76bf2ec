"""R5: a life among faults. The release binary against the sandbox with 20,000 objects that change 20
times a second and two chart repositories, one of many faults every few seconds. Now and then the
faults and changes pause, and what /metrics says must be what the API server and the repositories hold.

soak.py BINARY SANDBOX; SOAK_SECONDS, SOAK_SEED, SOAK_CHECK_SECONDS, SOAK_FAULT_SECONDS say how long,
which faults, and how often.

Memory: what is resident grows for a while in any program that does something for the first time, so
faults come fast before the clock starts, and a straight line is then laid through what is resident at
each check (slope.py). In a run of minutes a megabyte of that is the allocator's; in one of hours none is.
"""

import os
import pathlib
import random
import re
import sys
import time

ROOT = pathlib.Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "test/load"), str(ROOT / "test/e2e")]
import joined  # noqa: E402
import runner  # noqa: E402
import truth  # noqa: E402
from cluster import wait_for  # noqa: E402
from figures import cpu_seconds, descriptors, rss_bytes, threads  # noqa: E402
from lookout import Lookout, parse_samples  # noqa: E402
from sandbox import Sandbox  # noqa: E402
from slope import drift, slope  # noqa: E402

RELEASES = 3_400  # about 20,000 objects once upgrades and uninstalls are in balance
CHURN_PER_SECOND = 20
BALANCED_AFTER_CHANGES = 40 * RELEASES
CONVERGED_WITHIN_SECONDS = 240  # a back-off, a probe, a list and a scan one after the other
WARM_UP_SECONDS = 60
WARM_UP_FAULT_SECONDS = 1
CONNECTED_SECONDS, IDLE_SECONDS = 5, 60
DRIFT_MAX = 0.01
DRIFT_NOISE_BYTES = 1e6
JOINED = ("helm_release_versions_behind", "helm_release_outdated", "helm_release_latest_info")
REPOSITORY_UP = "helm_repository_up"


class Soak:
    """The sandbox, the controller, and the checks that were made of it."""

    def __init__(self, binary, sandbox, folder):
        self.binary, self.folder = binary, folder
        self.seconds = float(os.environ.get("SOAK_SECONDS", 300))
        self.seed = int(os.environ.get("SOAK_SEED") or random.randrange(1 << 32))
        self.check_seconds = float(os.environ.get("SOAK_CHECK_SECONDS", min(60, self.seconds / 12)))
        self.fault_seconds = float(os.environ.get("SOAK_FAULT_SECONDS", 3))
        self.sandbox = Sandbox(sandbox, folder, "--releases", RELEASES, "--revisions", 6,
                               "--namespaces", 50, "--seed", self.seed, "--fault-seed", self.seed,
                               "--churn-per-second", 0, "--quiet")
        self.lookout = None
        self.checks = []  # what was measured at each
        self.descriptors = []  # when settled: before the first, after the last

    def start(self):
        print(f"SOAK_SEED={self.seed} SOAK_SECONDS={self.seconds:g}", flush=True)
        self.sandbox.start()
        self.sandbox.pace(per_second=20_000)
        wait_for("a cluster in balance", lambda: self.sandbox.state()["changes"] >=
                 BALANCED_AFTER_CHANGES, 300)
        self.sandbox.pace(per_second=0)
        self.lookout = Lookout(self.binary, self.folder, self.sandbox.kubeconfig, "--config",
                               self.sandbox.settings).wait_ready(60)
        self.live(WARM_UP_SECONDS, WARM_UP_FAULT_SECONDS)
        self.check()
        self.checks.clear()
        self.descriptors.append(self.settled_descriptors())

    def stop(self):
        if self.lookout:
            self.lookout.kill()
        if self.sandbox.process:
            self.sandbox.stop()

    def live(self, seconds, fault_seconds):
        """Changes, faults, and two scrapes a second."""
        self.sandbox.pace(per_second=CHURN_PER_SECOND, fault_every=fault_seconds)
        self.sandbox.control("POST", "resume")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for coding in ("identity", "gzip"):
                self.lookout.get("/metrics", headers={"Accept-Encoding": coding})
            time.sleep(1)
        self.sandbox.control("POST", "pause")

    def indexes(self):
        origin = re.search(r"endpoint: http://127\.0\.0\.1:(\d+)", self.sandbox.settings.read_text())
        return joined.read_indexes({
            name: self.sandbox.ask("GET", f"/{name}/index.yaml", port=int(origin[1]))
            for name in ("stable", "team-charts")})

    def difference(self, releases, indexes):
        """Readable lines of what /metrics says otherwise than the servers; "" when equal."""
        expected = {**releases, **joined.expected_joined(releases, indexes)}
        expected.update({(REPOSITORY_UP, frozenset({("repository", name)})): 1
                         for name in ("stable", "team-charts")})
        families = {family for family, _ in expected} | set(JOINED)
        got = {key: value for key, value in parse_samples(self.lookout.metrics()).items()
               if key[0] in families}
        return truth.difference(expected, got)

    def check(self):
        """Waits until /metrics is right, and measures."""
        began = time.monotonic()
        releases, indexes = truth.expected_samples(self.sandbox.secrets()), self.indexes()
        last = {}

        def equal():
            last["difference"] = self.difference(releases, indexes)
            return not last["difference"]

        try:
            wait_for("the same state", equal, CONVERGED_WITHIN_SECONDS, every=1)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{last['difference']}") from None
        process = self.lookout.process
        self.checks.append({
            "at": time.monotonic(), "rss": rss_bytes(process), "threads": threads(process),
            "descriptors": descriptors(process), "converged_seconds": time.monotonic() - began})

    def settled_descriptors(self):
        """The least of a minute without faults, in which connections that idle are closed. The watch
        goes on by the client that has it for long: the one that brings lists has more files."""
        self.sandbox.control("POST", "drop", how="fin")
        time.sleep(CONNECTED_SECONDS)
        seen = []
        for _ in range(IDLE_SECONDS):
            time.sleep(1)
            seen.append(descriptors(self.lookout.process))
        return min(seen)

    def tell(self, began):
        last, state = self.checks[-1], self.sandbox.state()
        line = (f"{time.monotonic() - began:.0f} s of {self.seconds:.0f}: {len(self.checks)} checks "
                f"equal, {state['random_faults']} faults, {state['changes']} changes, "
                f"{state['objects']} objects, {last['rss'] / 1e6:.1f} MB, {last['descriptors']} files, "
                f"{last['threads']} threads, right after {last['converged_seconds']:.0f} s")
        print(f"\r{line}\x1b[K" if sys.stdout.isatty() else line,
              end="" if sys.stdout.isatty() else "\n", flush=True)

    def run(self):
        began = time.monotonic()
        while time.monotonic() - began < self.seconds:
            self.live(self.check_seconds, self.fault_seconds)
            self.check()
            self.tell(began)
        if sys.stdout.isatty():
            print()
        self.descriptors.append(self.settled_descriptors())

    def figures(self):
        """What the checks measured, and the CPU time of the whole."""
        points = [(each["at"], each["rss"]) for each in self.checks]
        return {"checks": len(self.checks), "faults": self.sandbox.state()["random_faults"],
                "rss_mb": points[-1][1] / 1e6, "rss_drift": drift(points),
                "rss_grown_bytes": drift(points) * points[0][1],
                "rss_mb_an_hour": slope(points) * 3600 / 1e6,
                "descriptors": self.descriptors,
                "threads": [each["threads"] for each in self.checks],
                "cpu_seconds": cpu_seconds(self.lookout.process)}


def test_R5_soak(soak):
    """Among faults the state is right whenever they pause, and memory, files and threads stay."""
    try:
        soak.run()
    except Exception:
        print(f"SOAK_SEED={soak.seed} does it again; the last faults: "
              f"{' '.join(soak.sandbox.state()['last_faults'])}", flush=True)
        raise
    told = soak.figures()
    print(f"        {told}", flush=True)
    assert told["rss_drift"] <= DRIFT_MAX or told["rss_grown_bytes"] <= DRIFT_NOISE_BYTES, told
    assert max(told["descriptors"]) - min(told["descriptors"]) <= 4, told
    assert max(told["threads"]) - min(told["threads"]) <= 2, told
    soak.lookout.stop()


def main():
    binary, sandbox = (pathlib.Path(each).resolve() for each in sys.argv[1:3])
    return runner.run_in_folder("soak", [test_R5_soak],
                                lambda folder: Soak(binary, sandbox, folder))


if __name__ == "__main__":
    sys.exit(main())
