"""Many scrapes at once, each of which must be one whole snapshot."""

import collections
import re
import time

from churn import Background
from cluster import wait_for
from figures import Scraper

RELEASE = re.compile(rb'^helm_release_(\w+)\{.*?name="([^"]*)",namespace="([^"]*)".*\} (\S+)$', re.M)
OF_EVERY_RELEASE = (b"info", b"revision", b"status", b"updated", b"revisions",
                    b"first_deployed_timestamp_seconds", b"storage_bytes")
STATUSES = 5  # always there, whatever the release's own


def torn(body):
    """What is wrong with a body as a snapshot of releases; "" when nothing is."""
    series = {family: collections.Counter() for family in OF_EVERY_RELEASE}
    states = collections.Counter()
    for family, name, ns, value in RELEASE.findall(body):
        if family in series:
            series[family][ns, name] += 1
        if family == b"status":
            states[ns, name] += value == b"1"
    expected = set(series[b"info"])
    for family, found in series.items():
        if set(found) != expected:
            return f"{family.decode()}: not the releases of info: {set(found) ^ expected}"
        once = [key for key, count in found.items() if count != 1]
        if once and family != b"status":
            return f"{family.decode()}: more than once: {once[:3]}"
    few = [key for key in expected if series[b"status"][key] < STATUSES]
    wrong = [key for key in expected if states[key] != 1]
    if few or wrong:
        return f"status: {few[:3]} incomplete, {wrong[:3]} in none or in two states"
    return ""


def counts(body):
    """Samples a family."""
    return collections.Counter(re.findall(rb"^(helm_[a-z0-9_]+)[{ ]", body, re.M))


def scrape_at_once(lookout, scrapers, seconds, check):
    """check(BODY) of every scrape by so many at once; how many scrapes that were."""
    clients = [Scraper(lookout.metrics_port) for _ in range(scrapers)]
    free = collections.deque(clients)

    def once():
        mine = free.popleft()
        try:
            check(mine.body())
        finally:
            free.append(mine)

    running = Background(once, scrapers)
    time.sleep(seconds)
    done = running.stop()
    for client in clients:
        client.close()
    return done


def relists(body):
    return sum(int(count) for count in
               re.findall(rb"^helm_lookout_relists_total\{[^}]*\} (\d+)", body, re.M))


def release_series(body):
    return len(re.findall(rb"^helm_release_", body, re.M))


def missing_during_relists(sandbox, lookout, scrapes, relists_min=3):
    """Scrapes while every object is listed anew over and over and nothing comes or goes: how many
    there were, relists among them, and scrapes that had not every series."""
    scraper = Scraper(lookout.metrics_port)
    own = Scraper(lookout.metrics_port, "/metrics/self")

    def relist():
        wait_for("a watch", lambda: sandbox.state()["open_watches"], 60, every=0.05)
        before = relists(own.body())
        sandbox.inject("watch error=410", "drop fin")
        wait_for("a relist", lambda: relists(own.body()) > before, 60, every=0.05)

    first = scraper.body()
    series, seen, missing, relisted = release_series(first), 0, 0, 0
    relisting = Background(relist)
    while (seen < scrapes or relisted < relists_min) and not relisting.errors:
        body = scraper.body()
        seen, missing = seen + 1, missing + (release_series(body) != series)
        relisted = relists(body) - relists(first)
    relisting.stop()
    scraper.close()
    own.close()
    return {"scrapes": seen, "relists": relisted, "series": series,
            "scrapes_with_series_missing": missing}
