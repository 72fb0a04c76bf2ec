"""G19: scrapes while the controller lists again and again."""

import re
import threading
import time
import urllib.request

from clusters import Controller, FakeCluster
from goals import Goal, said
from sections.decode import payload_near

RELEASES, SCRAPES = 200, 10_000
# Each namespace is a stream, and waits longer before each of its relists: they take their time.
NAMESPACES, SPREAD_SECONDS = 20, 60
LOOK_SECONDS = 0.05


def relists(controller):
    """Over a connection of its own: the other one scrapes."""
    url = f"http://127.0.0.1:{controller.metrics_port}/metrics/self"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return sum(float(value) for value in re.findall(
            r"^helm_lookout_relists_total\{.*\} (\S+)$", answer.read().decode(), re.M))


def expire_always(cluster, controller, done):
    """As soon as one relist is over the next is due."""
    seen = 0
    cluster.ask("expire")
    while not done.wait(LOOK_SECONDS):
        now = relists(controller)
        if now > seen:
            seen = now
            cluster.ask("expire")


def measure(bench):
    payload_near(bench.charts, bench.folder)
    with FakeCluster(bench, RELEASES, bench.folder / "payload") as cluster:
        names = ",".join(f"namespace-{number}" for number in range(NAMESPACES))
        controller = Controller(cluster.kubeconfig, "--namespaces", names)
        try:
            controller.wait_ready()
            done = threading.Event()
            expiring = threading.Thread(target=expire_always, args=(cluster, controller, done))
            expiring.start()
            began, missing = time.monotonic(), 0
            for scrape in range(SCRAPES):
                if scrape % 100 == 0:
                    bench.progress(f"{scrape}/{SCRAPES}")
                missing += abs(RELEASES - controller.scrape().count(b"\nhelm_release_info{"))
                time.sleep(max(0, began + scrape * SPREAD_SECONDS / SCRAPES - time.monotonic()))
            done.set()
            expiring.join()
            return {"missing": missing, "seconds": time.monotonic() - began,
                    "relists": relists(controller)}
        finally:
            controller.stop()


def goals(f):
    return [Goal("G19", "series missing in 10,000 scrapes during relists; 0", str(f["missing"]),
                 "–", f"{f['relists']:.0f} relists", f["missing"] == 0 and f["relists"] > 0,
                 "relists")]


def section(f):
    return f"""## Scrapes during relists
{SCRAPES:,} scrapes of {RELEASES} releases in {NAMESPACES} streams within {f['seconds']:.0f} s, while the API server forgets its history and ends every connection whenever a relist is over: {f['relists']:.0f} relists, {f['missing']} releases missing or too many in any scrape (0: {said(f['missing'] == 0)}).
"""
