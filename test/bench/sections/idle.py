"""G23, G25: what an idle controller costs, the size of its image, how fast it comes and goes."""

import subprocess
import time

from clusters import Controller, FakeCluster, Informer, Relay, write_kubeconfig
from goals import Goal, said, table, times
from measuring import ROOT, RUNS, median
from sections.decode import payload_near

RELEASES = 100
SETTLE_SECONDS, WATCHED_SECONDS = 5, 30


def rest(process):
    """Resident memory and wake-ups of somebody whom nobody asks anything."""
    time.sleep(SETTLE_SECONDS)
    before, cpu = process.switches(), process.cpu_seconds()
    time.sleep(WATCHED_SECONDS)
    return {"rss_mb": process.rss_mb(), "wakeups": (process.switches() - before) / WATCHED_SECONDS,
            "cpu_ms": (process.cpu_seconds() - cpu) * 1000 / WATCHED_SECONDS}


def resting(bench, cluster):
    out = {}
    controller = Controller(cluster.kubeconfig)
    others = {kind: Informer(kind, cluster.kubeconfig) for kind in ("metadata", "typed")}
    try:
        controller.wait_ready()
        controller.scrape()
        controller.scrapes.close()
        for name, process in {"ours": controller, **others}.items():
            bench.progress(f"idle: {name}")
            out[name] = rest(process)
        return out
    finally:
        for process in (controller, *others.values()):
            process.stop()


def image_mb(folder):
    """The files of the image, as the Dockerfile lays them out."""
    root = folder / "image"
    subprocess.run([ROOT / "scripts/image-root", ROOT / "build/release", "src/helm-lookout", root],
                   check=True, capture_output=True)
    return sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) / 1e6


def come(cluster):
    """Milliseconds from exec until /livez answers."""
    controller = Controller(cluster.kubeconfig)
    try:
        return controller.wait_health("/livez", every=0.0005) * 1000
    finally:
        controller.stop()


def leave(kubeconfig, ready, flags=()):
    """Milliseconds from SIGTERM to the end, in the state that ready(controller) waits for."""
    controller = Controller(kubeconfig, *flags)
    try:
        controller.wait_health("/livez")
        ready(controller)
    finally:
        took = controller.stop() * 1000
    assert controller.child.returncode == 0, controller.child.returncode
    return took


def leaving(bench, cluster, big):
    """Each state that a controller can be in, and how it is brought about."""
    silent = Relay(cluster.port)
    silent.cut()
    unheard = Relay(cluster.port, mute=True)
    refused = write_kubeconfig(bench.folder / "refused.kubeconfig", f"http://127.0.0.1:{silent.port}")
    mute = write_kubeconfig(bench.folder / "mute.kubeconfig", f"https://127.0.0.1:{unheard.port}")
    states = {
        "watching, idle": (cluster.kubeconfig, lambda controller: controller.wait_ready()),
        "listing and reading payloads": (big.kubeconfig, lambda _: time.sleep(0.05)),
        "backing off": (refused, lambda _: time.sleep(2)),
        "in a TLS handshake that is not answered": (mute, lambda _: time.sleep(1)),
    }
    out = {}
    for name, (kubeconfig, ready) in states.items():
        bench.progress(f"SIGTERM: {name}")
        out[name] = max(leave(kubeconfig, ready) for _ in range(RUNS))
    silent.close(), unheard.close()
    return out


def measure(bench):
    payload_near(bench.charts, bench.folder)
    payload = bench.folder / "payload"
    with FakeCluster(bench, RELEASES, payload) as cluster, \
            FakeCluster(bench, 5000, payload) as big:
        come_ms = median([come(cluster) for _ in range(2 * RUNS)])
        return {"come_ms": come_ms, "leave_ms": leaving(bench, cluster, big),
                "image_mb": image_mb(bench.folder), "rest": resting(bench, cluster)}


def goals(f):
    ours, metadata, typed = (f["rest"][name] for name in ("ours", "metadata", "typed"))
    idle = f["leave_ms"]["watching, idle"]
    slowest = max(f["leave_ms"].values())
    return [Goal("G23a", "image, shared libraries included; ≤ 30 MB", f"{f['image_mb']:.1f} MB", "–",
                 "–", f["image_mb"] <= 30, "idle"),
            Goal("G23b", "idle RSS, 100 releases; ≤ 15 MB", f"{ours['rss_mb']:.1f} MB",
                 f"client-go typed {typed['rss_mb']:.0f} MB, metadata {metadata['rss_mb']:.0f} MB",
                 times(ours["rss_mb"], metadata["rss_mb"], 1), ours["rss_mb"] <= 15, "idle"),
            Goal("G23c", "idle wake-ups; ≤ 1 a second", f"{ours['wakeups']:.2f}/s",
                 f"client-go metadata {metadata['wakeups']:.2f}/s",
                 times(ours["wakeups"], metadata["wakeups"], 1), ours["wakeups"] <= 1, "idle"),
            Goal("G25a", "exec → `/livez`; ≤ 50 ms", f"{f['come_ms']:.0f} ms", "–", "–",
                 f["come_ms"] <= 50, "idle"),
            Goal("G25b", "SIGTERM → exit, idle; ≤ 200 ms", f"{idle:.0f} ms", "–", "–", idle <= 200,
                 "idle"),
            Goal("G25c", "SIGTERM → exit, any state; ≤ 1 s", f"{slowest:.0f} ms", "–", "–",
                 slowest <= 1000, "idle")]


NAMES = {"ours": "**helm-lookout**", "metadata": "client-go metadata informer",
         "typed": "client-go informer of Secrets"}


def section(f):
    states = [[name, f"{took:.0f}", f"≤ {200 if 'idle' in name else 1000} ms: "
               f"{said(took <= (200 if 'idle' in name else 1000))}"]
              for name, took in f["leave_ms"].items()]
    return f"""## At rest
{RELEASES} releases on the fake API server, nothing changes and nobody scrapes; {WATCHED_SECONDS} s each. Wake-ups are context switches of all threads.

""" + table(["who", "resident MB", "wake-ups a second", "CPU ms a second"],
            [[shown, f"{f['rest'][name]['rss_mb']:.1f}", f"{f['rest'][name]['wakeups']:.2f}",
              f"{f['rest'][name]['cpu_ms']:.2f}"] for name, shown in NAMES.items()]) + f"""
The image has {f['image_mb']:.1f} MB of files: the program, every library it loads, certificates. From exec until `/livez` answers it takes {f['come_ms']:.0f} ms (≤ 50: {said(f['come_ms'] <= 50)}).
From SIGTERM to the end, the slowest of several:

""" + table(["state", "ms", "goal"], states)
