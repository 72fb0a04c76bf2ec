"""Changes at a fixed pace, and how long one takes from the API server to /metrics."""

import threading
import time

from figures import Scraper, cpu_seconds, percentile, rss_bytes, sample

PROBE_EVERY_SECONDS = 0.1
POLL_EVERY_SECONDS = 0.005
LAG_SECONDS_MAX = 60


def seen_after(sandbox, scraper):
    """Seconds from before a write until a scrape has shown it: the scrape is part of it."""
    began = time.monotonic()
    line = (f'\nhelm_release_revision{{name="lag-probe",namespace="default"}} '
            f'{sandbox.probe()}\n').encode()
    while line not in scraper.body():
        assert time.monotonic() - began < LAG_SECONDS_MAX, f"not seen after {LAG_SECONDS_MAX} s"
        time.sleep(POLL_EVERY_SECONDS)
    return time.monotonic() - began


def measure_lags(sandbox, lookout, seconds):
    scraper = Scraper(lookout.metrics_port)
    end = time.monotonic() + seconds
    lags = []
    while time.monotonic() < end:
        lags.append(seen_after(sandbox, scraper))
        time.sleep(PROBE_EVERY_SECONDS)
    scraper.close()
    return lags


def hold(sandbox, lookout, per_second, churn, seconds):
    """So many changes of that kind a second for so long; figures of what came of it."""
    scraper = Scraper(lookout.metrics_port, "/metrics/self")
    fetched = 'helm_lookout_payload_fetch_total{result="ok"}'
    before = scraper.body()
    changes, cpu, began = sandbox.state()["changes"], cpu_seconds(lookout.process), time.monotonic()
    sandbox.pace(per_second=per_second, churn=churn)
    lags = measure_lags(sandbox, lookout, seconds)
    taken = time.monotonic() - began
    written = sandbox.state()["changes"] - changes
    sandbox.pace(per_second=0)
    after = scraper.body()
    scraper.close()
    quarter = max(1, len(lags) // 4)
    return {"wanted_per_second": per_second, "written_per_second": written / taken,
            "payloads_per_second": (sample(after, fetched) - sample(before, fetched)) / taken,
            "lag_p50_ms": percentile(lags, 0.5) * 1000, "lag_p99_ms": percentile(lags, 0.99) * 1000,
            "lag_max_ms": max(lags) * 1000, "probes": len(lags),
            "first_quarter_ms": percentile(lags[:quarter], 0.5) * 1000,
            "last_quarter_ms": percentile(lags[-quarter:], 0.5) * 1000,
            "cpu_cores": (cpu_seconds(lookout.process) - cpu) / taken,
            "rss_mb": rss_bytes(lookout.process) / 1e6}


class Background:
    """Calls work() over and over in threads of its own; what one of them raised is raised by stop()."""

    def __init__(self, work, threads=1):
        self.stopping = threading.Event()
        self.errors = []
        self.counts = [0] * threads
        self.threads = [threading.Thread(target=self.run, args=(work, i)) for i in range(threads)]
        for thread in self.threads:
            thread.start()

    def run(self, work, index):
        try:
            while not self.stopping.is_set():
                work()
                self.counts[index] += 1
        except Exception as error:  # told by stop()
            self.errors.append(error)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        if self.errors:
            raise self.errors[0]
        return sum(self.counts)
