"""Changes faster than any cluster makes them, and readers of what becomes of them."""

import signal
import time

import truth
from cluster import wait_for
from churn import hold
from figures import Scraper, sample
from lookout import release_samples

# In CI the machine is shared; `make bench` says how fast it is.
LAG_MS_MAX = 5_000
SHARE_WRITTEN = 0.5


def wait_equal(sandbox, lookout, seconds=60):
    """Until /metrics tells exactly what the API server holds."""
    expected = truth.expected_samples(sandbox.secrets())
    last = {}

    def so():
        samples = release_samples(lookout.samples())
        last["difference"] = truth.difference(expected, samples)
        return samples == expected

    try:
        wait_for("metrics equal to the API server's state", so, seconds, every=0.5)
    except AssertionError as late:
        raise AssertionError(f"{late}\n{last['difference']}") from None


def assert_held(told):
    print("        " + ", ".join(f"{key} {value:.0f}" if value >= 10 else f"{key} {value:.2f}"
                                 for key, value in told.items()), flush=True)
    assert told["written_per_second"] > SHARE_WRITTEN * told["wanted_per_second"], told
    assert told["lag_p99_ms"] < LAG_MS_MAX, told
    # What is not held piles up: the last changes would come ever later.
    assert told["last_quarter_ms"] < 3 * told["first_quarter_ms"] + 500, told


def test_G14_5000_metadata_events_a_second_are_held(bench):
    """Changes of old revisions keep their lag however long they come."""
    sandbox, lookout = bench.launch(releases=1_000, revisions=3)
    told = hold(sandbox, lookout, 5_000, "history", bench.seconds)
    assert_held(told)
    wait_equal(sandbox, lookout)


def test_G14_1000_payload_events_a_second_are_held(bench):
    """Changes of current revisions, whose payload has to be read, keep theirs."""
    sandbox, lookout = bench.launch(releases=1_000, revisions=3)
    told = hold(sandbox, lookout, 1_000, "current", bench.seconds)
    assert_held(told)
    assert told["payloads_per_second"] > 0, told
    wait_equal(sandbox, lookout)


def test_W16_stalled_payloads_do_not_hold_back_the_watch(bench):
    """While no payload can be read, 50,000 events are, into a queue of one entry a release."""
    sandbox, lookout = bench.launch(releases=500, revisions=3)
    self_metrics = Scraper(lookout.metrics_port, "/metrics/self")
    before = sample(self_metrics.body(), "helm_lookout_watch_bytes_total")
    restarts = self_metrics.body().count(b"\nhelm_lookout_watch_restarts_total")
    sandbox.inject("list contains=metadata.name stall times=forever",
                   'list contains=status%21%3Dsuperseded stall times=forever')
    events = 50_000 if bench.whole else 10_000
    sandbox.pace(per_second=5_000, churn="current")
    began = sandbox.state()["changes"]
    wait_for("the changes", lambda: sandbox.state()["changes"] - began >= events, 120)
    sandbox.pace(per_second=0)
    # An event of a metadata watch has more than 400 bytes.
    wait_for("the watch read every event", lambda: sample(
        self_metrics.body(), "helm_lookout_watch_bytes_total") - before > 400 * events, 30)
    body = self_metrics.body()
    depth = sample(body, 'workqueue_depth{name="payloads"}') or max(
        sample(body, line) for line in [row.rsplit(" ", 1)[0] for row in body.decode().splitlines()
                                        if row.startswith("workqueue_depth")])
    assert depth <= 501, depth
    assert body.count(b"\nhelm_lookout_watch_restarts_total") == restarts, "the watch broke"
    sandbox.control("DELETE", "faults")
    sandbox.inject("drop reset")
    wait_equal(sandbox, lookout)
    self_metrics.close()


def test_W16_a_consumer_that_slept_catches_up(bench):
    """A process that did not run for a while reads what was queued and ends up right."""
    sandbox, lookout = bench.launch(releases=500, revisions=3)
    lookout.process.send_signal(signal.SIGSTOP)
    sandbox.pace(per_second=5_000)
    time.sleep(30 if bench.whole else 5)
    sandbox.pace(per_second=0)
    lookout.process.send_signal(signal.SIGCONT)
    wait_equal(sandbox, lookout)


def test_W3_kicked_while_asleep(bench):
    """A consumer whose watch was ended while it slept, with the history gone, lists anew."""
    sandbox, lookout = bench.launch(releases=200, revisions=3)
    lookout.process.send_signal(signal.SIGSTOP)
    sandbox.pace(per_second=1_000)
    time.sleep(2)
    sandbox.pace(per_second=0)
    sandbox.inject("compact", "drop reset")
    lookout.process.send_signal(signal.SIGCONT)
    wait_equal(sandbox, lookout)
