"""G1–G3: metadata of 200,000 release Secrets from a real API server, beside client-go's metadata informer and
curl, which downloads the same body and keeps nothing."""

import json
import os
import resource
import subprocess
import time

from clusters import Controller, RealCluster
from goals import Goal, said, table, times
from measuring import CLIENT_CORE, PEER, RUNS, alternate, output

RELEASES, REVISIONS = 20_000, 10
OBJECTS = RELEASES * REVISIONS
SETTLE_SECONDS = 1
WATCHED_SECONDS, BOOKMARK_BYTES_MAX = 20, 10_000
PARTIAL = "application/vnd.kubernetes.protobuf;as={};g=meta.k8s.io;v=v1"
QUERY = "/api/v1/secrets?labelSelector=owner%3Dhelm&fieldSelector=type%3Dhelm.sh%2Frelease.v1"
LIST = (QUERY + "&resourceVersion=0", PARTIAL.format("PartialObjectMetadataList"))
WATCH_LIST = (QUERY + "&watch=true&allowWatchBookmarks=true&timeoutSeconds={}&sendInitialEvents=true"
              "&resourceVersionMatch=NotOlderThan", PARTIAL.format("PartialObjectMetadata"))


def curl(cluster, request, *flags):
    path, accept = request
    return ["curl", "-sS", "--http1.1", "--no-buffer", "--cacert",
            cluster.dir / "pki/apiserver.crt", "-H", f"Accept: {accept}",
            "-H", "Authorization: Bearer admin-token", "-A", "bench", *flags, cluster.url + path]


def watch_list_bytes(cluster):
    """How long the initial events are, or a little less: the bookmarks of a watch of some seconds
    come after them."""
    path, accept = WATCH_LIST
    told = output(*curl(cluster, (path.format(WATCHED_SECONDS), accept), "-o", "/dev/null", "-w",
                        "%{size_download}"))
    return int(told) - BOOKMARK_BYTES_MAX


def timed(run):
    """What a child took that was waited for, with what run() returns about it."""
    def cpu():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    began, before = time.monotonic(), cpu()
    told = run()
    return {"seconds": time.monotonic() - began, "cpu_seconds": cpu() - before, **told}


def curl_list(cluster):
    return timed(lambda: {"bytes": int(output(
        *curl(cluster, LIST, "-o", "/dev/null", "-w", "%{size_download}"), core=CLIENT_CORE))})


def curl_watch_list(cluster, size):
    """curl tells of no end in an endless body: it is ended after as many bytes."""
    path, accept = WATCH_LIST

    def run():
        pinned = ["taskset", "-c", str(CLIENT_CORE)]
        with subprocess.Popen([*pinned, *curl(cluster, (path.format(300), accept))],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as download:
            subprocess.run([*pinned, "head", "-c", str(size)], stdin=download.stdout,
                           stdout=subprocess.DEVNULL, check=True)
            download.kill()
        return {"bytes": size}
    return timed(run)


def ours(kubeconfig):
    controller = Controller(kubeconfig, "--payload=never")
    try:
        seconds = controller.wait_ready()
        cpu, peak = controller.cpu_ticks_seconds(), controller.peak_mb()
        time.sleep(SETTLE_SECONDS)
        assert controller.metric("helm_lookout_cache_objects") == OBJECTS
        return {"seconds": seconds, "cpu_seconds": cpu, "peak_rss_mb": peak,
                "steady_mb": controller.rss_mb()}
    finally:
        controller.stop()


def informer(kubeconfig, watch_list):
    environment = {**os.environ, "KUBE_FEATURE_WatchListClient": str(watch_list).lower()}
    told = json.loads(subprocess.run(
        ["taskset", "-c", str(CLIENT_CORE), PEER, "informer", "metadata", kubeconfig], check=True,
        capture_output=True, text=True, env=environment).stdout)
    assert told["objects"] == OBJECTS, told
    return told


def empty_mb(kubeconfig):
    """What the program has resident when there is nothing to watch."""
    controller = Controller(kubeconfig, "--payload=never", "--namespaces=empty")
    try:
        controller.wait_ready()
        time.sleep(SETTLE_SECONDS)
        return controller.rss_mb()
    finally:
        controller.stop()


def measure(bench):
    with RealCluster(bench) as cluster:
        bench.progress("seeding")
        cluster.seed(RELEASES, REVISIONS)
        port = cluster.another_api_server("--feature-gates=WatchList=false")
        only_list = cluster.kubeconfig_of(port)
        size = watch_list_bytes(cluster)
        sides = {"curl_watch_list": lambda: curl_watch_list(cluster, size),
                 "ours_watch_list": lambda: ours(cluster.kubeconfig),
                 "go_watch_list": lambda: informer(cluster.kubeconfig, True),
                 "curl_list": lambda: curl_list(cluster),
                 "ours_list": lambda: ours(only_list),
                 "go_list": lambda: informer(cluster.kubeconfig, False)}
        for side in sides.values():
            side()  # the servers' heaps have grown once for everyone
        return {**alternate(sides, RUNS, bench.progress), "empty_mb": empty_mb(cluster.kubeconfig)}


def retained(f, way):
    return (f[f"ours_{way}"]["steady_mb"] - f["empty_mb"]) * 2**20 / OBJECTS


def goals(f):
    def row(goal, what, key, form, limit, way="watch_list"):
        mine, peer = f[f"ours_{way}"][key], f[f"go_{way}"][key]
        return Goal(goal, f"metadata of 200,000 Secrets: {what}", form.format(mine),
                    "client-go " + form.format(peer), times(mine, peer, 1), mine <= limit, "sync")
    floor = f["curl_watch_list"]["seconds"]
    wall = row("G1a", "wall by WatchList; ≤ 1.15 × curl", "seconds", "{:.2f} s", 1.15 * floor)
    wall.peer += f", curl {floor:.2f} s"
    wall.ratio = f"{f['ours_watch_list']['seconds'] / floor:.2f} × curl"
    listed = row("G1b", "wall by LIST; ≤ 1.15 × curl", "seconds", "{:.2f} s",
                 1.15 * f["curl_list"]["seconds"], "list")
    listed.peer += f", curl {f['curl_list']['seconds']:.2f} s"
    listed.ratio = f"{f['ours_list']['seconds'] / f['curl_list']['seconds']:.2f} × curl"
    watched = row("G2a", "CPU by WatchList; ≤ 0.25 s", "cpu_seconds", "{:.2f} s", 0.25)
    watched.why = (f"each object comes in a TLS record and an HTTP chunk of its own: curl, which keeps "
                   f"nothing, takes {f['curl_watch_list']['cpu_seconds']:.2f} s; set where client-go took "
                   f"1.3 to 1.5 s")
    by_list = row("G2b", "CPU by LIST; ≤ 0.25 s", "cpu_seconds", "{:.2f} s", 0.25, "list")
    by_list.why = (f"set where client-go took 0.75 to 0.82 s; curl, which keeps nothing, takes "
                   f"{f['curl_list']['cpu_seconds']:.2f} s")
    kept = retained(f, "watch_list")
    return [wall, listed, watched, by_list,
            row("G3a", "peak RSS by WatchList; ≤ 60 MB", "peak_rss_mb", "{:.0f} MB", 60),
            row("G3b", "peak RSS by LIST; ≤ 250 MB", "peak_rss_mb", "{:.0f} MB", 250, "list"),
            Goal("G3c", "bytes retained a Secret; ≤ 200", f"{kept:.0f} B", "–", "–", kept <= 200,
                 "sync")]


NAMES = {"curl": "curl", "ours": "**helm-lookout**", "go": "client-go metadata informer"}


def section(f):
    rows = []
    for way, name in (("watch_list", "WatchList"), ("list", "LIST")):
        for who, shown in NAMES.items():
            side = f.get(f"{who}_{way}")
            if side:
                megabytes = [f"{side[key]:.0f}" if key in side else "–"
                             for key in ("peak_rss_mb", "steady_mb")]
                rows.append([name, shown, f"{side['seconds']:.2f}",
                             f"{side['seconds'] / f[f'curl_{way}']['seconds']:.2f}",
                             f"{side['cpu_seconds']:.2f}", *megabytes])
    kept = retained(f, "watch_list")
    return f"""## Metadata of {OBJECTS:,} release Secrets
From a real API server with etcd on core 0 to a client on core 1, `--payload=never`; {f['curl_list']['bytes'] / 1e6:.0f} MB by LIST, {f['curl_watch_list']['bytes'] / 1e6:.0f} MB by WatchList. Ours ends when `/readyz` is 200, client-go's when
it has synced, curl's with the last byte, of which it keeps none. For LIST ours asks an API server without WatchList.

""" + table(["by", "who", "seconds", "× curl", "CPU seconds", "peak RSS MB", "after"], rows) + f"""
Ours keeps {kept:.0f} bytes a Secret over the {f['empty_mb']:.0f} MB of a controller that watches nothing (≤ 200: {said(kept <= 200)}).
"""
