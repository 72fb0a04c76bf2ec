"""Who must not be able to keep Prometheus out, or to fill the memory."""

import time

from cluster import wait_for
from figures import Scraper, descriptors, rss_bytes
from floods import HALF_REQUEST, Flood, SlowReaders, answers_within

CONNECTIONS_MAX = 256  # of the server
DESCRIPTORS_BESIDE = 40  # listeners, the API server, repositories, refusals
ANSWER_SECONDS_MAX = 10
SNAPSHOTS_HELD_MAX = 15
SLOW_READERS = 80
MEMORY_GROWTH_BYTES_MAX = 16 << 20


def check_flood(bench, count, **said):
    _, lookout = bench.launch(releases=100, revisions=2)
    answers_within(lookout.metrics_port, ANSWER_SECONDS_MAX)
    before = rss_bytes(lookout.process)
    flood = Flood(lookout.metrics_port, count, **said)
    try:
        taken = [answers_within(lookout.metrics_port, ANSWER_SECONDS_MAX) for _ in range(5)]
        open_files, grown = descriptors(lookout.process), rss_bytes(lookout.process) - before
        print(f"        answers after {min(taken):.2f} to {max(taken):.2f} s, {open_files} open "
              f"files, {grown / 2**20:.1f} MiB more", flush=True)
        assert open_files <= CONNECTIONS_MAX + DESCRIPTORS_BESIDE, open_files
        assert grown < MEMORY_GROWTH_BYTES_MAX, grown
        assert lookout.ready(), "health answers on a server of its own"
    finally:
        flood.stop()
    wait_for("the flood is gone", lambda: descriptors(lookout.process) < DESCRIPTORS_BESIDE, 30)


def test_load_thousands_of_idle_connections(bench):
    """3,000 connections that say nothing: scrapes are answered, files and memory stay bounded."""
    check_flood(bench, 3_000)


def test_load_thousands_of_half_sent_requests(bench):
    """The same with requests that never end."""
    check_flood(bench, 3_000, said=HALF_REQUEST)


def test_load_half_sent_requests_that_come_back(bench):
    """The same with clients that come back as soon as they were thrown out."""
    check_flood(bench, 1_000, said=HALF_REQUEST, again=True)


def test_load_slow_readers(bench):
    """Clients that read a byte a second, while everything changes: others are answered and memory
    does not hold a snapshot for each."""
    # The kernel alone would hold a smaller body for each of them.
    sandbox, lookout = bench.launch(releases=8_000, revisions=1)
    scraper = Scraper(lookout.metrics_port)
    body_bytes = len(scraper.body())
    before = rss_bytes(lookout.process)
    readers = SlowReaders(lookout.metrics_port, 0)
    try:
        sandbox.pace(per_second=1_000, churn="lifecycle")
        for _ in range(SLOW_READERS // 4):
            for _ in range(4):
                readers.add()
            answers_within(lookout.metrics_port, ANSWER_SECONDS_MAX)
            time.sleep(0.3)
        sandbox.pace(per_second=0)
        grown = rss_bytes(lookout.process) - before
        print(f"        {readers.open()} slow readers, a body of {body_bytes / 1e6:.1f} MB, "
              f"{grown / 1e6:.1f} MB more, {descriptors(lookout.process)} open files", flush=True)
        assert grown < SNAPSHOTS_HELD_MAX * body_bytes, (grown, body_bytes)
    finally:
        readers.stop()
        scraper.close()
