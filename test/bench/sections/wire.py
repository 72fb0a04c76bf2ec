"""G5, G6: bytes from a real API server, to right metrics and for a relist, beside client-go's informers; and
what a relist does to resident memory."""

import time

from clusters import Controller, Informer, RealCluster, Relay
from goals import Goal, said, table, times

RELEASES, REVISIONS, MEAN_BYTES = 1000, 10, 26_000
QUIET_SECONDS, RELIST_BYTES_MIN = 3, 500_000


class Counted:
    """One client of the API server whose bytes are counted."""

    def __init__(self, cluster, create):
        self.relay = Relay(cluster.port)
        self.process = create(cluster.kubeconfig_of(self.relay.port))

    def wait_quiet(self, least=0, seconds=120):
        """Bytes so far, once no more come and at least so many did."""
        end, before, since = time.monotonic() + seconds, -1, time.monotonic()
        while time.monotonic() < end:
            if self.relay.received != before:
                before, since = self.relay.received, time.monotonic()
            if before >= least and time.monotonic() - since > QUIET_SECONDS:
                return before
            time.sleep(0.05)
        raise AssertionError(f"{before} bytes, {least} expected")

    def stop(self):
        self.process.stop()
        self.relay.close()


def create_sides():
    return {"ours": Controller, "metadata": lambda path: Informer("metadata", path),
            "typed": lambda path: Informer("typed", path)}


def started(counted, name):
    if name == "ours":
        counted.process.wait_ready()
        assert counted.process.scrape().count(b"\nhelm_release_info{") == RELEASES
    else:
        counted.process.wait("synced")
    return counted.wait_quiet(RELIST_BYTES_MIN)


def measure(bench):
    with RealCluster(bench, pinned=False) as cluster:
        bench.progress("seeding")
        out = cluster.seed(RELEASES, REVISIONS, bench.charts, MEAN_BYTES)
        sides = {}
        try:
            for name, create in create_sides().items():
                bench.progress(f"start: {name}")
                sides[name] = Counted(cluster, create)
                out[name] = {"start": started(sides[name], name)}
            bench.progress("relist")
            ours = sides["ours"].process
            ours.forget_peak()
            for side in sides.values():
                side.relay.cut()
            # A change that nobody was told of: the history of the next server begins after it.
            cluster.kubectl("create", "configmap", "between", "--namespace=default")
            cluster.restart_api_server()
            for side in sides.values():
                side.relay.received = 0
                side.relay.mend()
            for name, side in sides.items():
                out[name]["relist"] = side.wait_quiet(RELIST_BYTES_MIN)
            assert ours.metric("helm_lookout_relists_total") >= 1
            out.update({"relist_peak_mb": ours.peak_mb(), "steady_mb": ours.rss_mb()})
            return out
        finally:
            for side in sides.values():
                side.stop()


def goals(f):
    def row(goal, what, key, limit):
        mine = f["ours"][key]
        return Goal(goal, f"bytes of 10,000 release Secrets, {what}; ≤ {limit} MB",
                    f"{mine / 1e6:.1f} MB",
                    f"client-go typed {f['typed'][key] / 1e6:.0f} MB, metadata {f['metadata'][key] / 1e6:.1f} MB",
                    times(mine, f["typed"][key], 1), mine <= limit * 1e6, "wire")
    growth = f["relist_peak_mb"] / f["steady_mb"]
    return [row("G5a", "from start to right metrics", "start", 32),
            row("G5b", "for a relist", "relist", 5),
            Goal("G6b", "peak / steady RSS over a relist; ≤ 1.3 ×",
                 f"{f['relist_peak_mb']:.1f} / {f['steady_mb']:.1f} MB", "–", f"{growth:.2f} ×",
                 growth <= 1.3, "wire")]


NAMES = {"ours": "**helm-lookout**, all payloads decoded", "typed": "client-go informer of Secrets",
         "metadata": "client-go metadata informer, without payloads"}


def section(f):
    growth = f["relist_peak_mb"] / f["steady_mb"]
    return f"""## Bytes from the API server: {RELEASES * REVISIONS:,} release Secrets
{RELEASES:,} of them current, payloads of {f['charts']} real charts, {f['mean_payload_bytes'] / 1000:.0f} KB in the mean; TLS records counted between a real API server and the client, once. For the relist the API server
was restarted behind a cut connection, so that it has no history to go on from.

""" + table(["who", "MB from start", "MB for a relist"],
            [[shown, f"{f[name]['start'] / 1e6:.1f}", f"{f[name]['relist'] / 1e6:.1f}"]
             for name, shown in NAMES.items()]) + f"""
Goals: ≤ 32 MB ({said(f['ours']['start'] <= 32e6)}), ≤ 5 MB ({said(f['ours']['relist'] <= 5e6)}). Over the relist ours had {f['relist_peak_mb']:.1f} MB resident at its peak, {f['steady_mb']:.1f} MB after it: {growth:.2f} × (≤ 1.3 ×: {said(growth <= 1.3)}).
"""
