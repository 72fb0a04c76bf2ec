"""Peers that vanish without a word: the API server sits in a network namespace of its own, whose
routes back to us are taken away while a watch is open, over IPv4 and over IPv6.

half_open.py BINARY SANDBOX [WORD...]: tests whose name holds a WORD. Needs root and network
namespaces; skipped where it cannot have them.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

import runner
from cluster import wait_for
from lookout import Lookout, parse_samples

NOTICED_WITHIN_SECONDS = 45
PORT, INNER_PORT = 8443, 7443

# Copies bytes between the namespace's addresses and the sandbox, which listens on loopback alone.
FORWARDER = """
import asyncio, sys
async def copy(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
async def serve(reader, writer):
    inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    await asyncio.gather(copy(reader, inner_writer), copy(inner_reader, writer),
                         return_exceptions=True)
async def main():
    server = await asyncio.start_server(serve, sys.argv[3:], int(sys.argv[2]))
    await server.serve_forever()
asyncio.run(main())
"""


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


class Namespace:
    """A network namespace joined to ours by a pair of interfaces."""

    def __init__(self):
        number = os.getpid() % 250
        self.name, self.ours, self.theirs = (f"lookout{number}", f"lko{number}", f"lki{number}")
        self.v4, self.v6 = f"10.213.{number}.", f"fd00:213:{number}::"

    def open(self):
        ip("netns", "add", self.name)
        ip("link", "add", self.ours, "type", "veth", "peer", "name", self.theirs)
        ip("link", "set", self.theirs, "netns", self.name)
        ip("addr", "add", self.v4 + "1/24", "dev", self.ours)
        ip("addr", "add", self.v6 + "1/64", "dev", self.ours, "nodad")
        ip("link", "set", self.ours, "up")
        for words in (("addr", "add", self.v4 + "2/24", "dev", self.theirs),
                      ("addr", "add", self.v6 + "2/64", "dev", self.theirs, "nodad"),
                      ("link", "set", self.theirs, "up"), ("link", "set", "lo", "up")):
            ip("-n", self.name, *words)

    def spawn(self, *command):
        return subprocess.Popen(["ip", "netns", "exec", self.name, *map(str, command)],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def swallow_answers(self):
        """No packet finds its way back to us: no acknowledgement, no reset."""
        ip("-n", self.name, "route", "add", "blackhole", self.v4 + "1/32")
        ip("-n", self.name, "-6", "route", "add", "blackhole", self.v6 + "1/128")

    def answer_again(self):
        ip("-n", self.name, "route", "del", "blackhole", self.v4 + "1/32")
        ip("-n", self.name, "-6", "route", "del", "blackhole", self.v6 + "1/128")

    def close(self):
        for words in (("link", "del", self.ours), ("netns", "del", self.name)):
            subprocess.run(["ip", *words], capture_output=True)


class Bench:
    """The sandbox behind a network of its own, watched over both address families."""

    def __init__(self, binary, sandbox, folder):
        self.binary, self.sandbox, self.folder = binary, sandbox, folder
        self.namespace = Namespace()
        self.processes, self.watching = [], {}
        self.refused = None  # why there is no network namespace

    def start(self):
        try:
            self.namespace.open()
        except (OSError, subprocess.CalledProcessError) as refused:
            self.refused = (getattr(refused, "stderr", "") or str(refused)).strip()
            return
        kubeconfig = self.folder / "kubeconfig"
        self.processes.append(self.namespace.spawn(
            self.sandbox, "--port", INNER_PORT, "--tls", "--churn-per-second", "2",
            "--kubeconfig-out", kubeconfig))
        wait_for("the sandbox' kubeconfig", kubeconfig.exists)
        self.processes.append(self.namespace.spawn("python3", "-c", FORWARDER, INNER_PORT, PORT,
                                                   self.namespace.v4 + "2", self.namespace.v6 + "2"))
        for family, host in (("IPv4", self.namespace.v4 + "2"),
                             ("IPv6", f"[{self.namespace.v6}2]")):
            self.watching[family] = Lookout(self.binary, self.folder, self.far(family, host))
        for lookout in self.watching.values():
            lookout.wait_ready()

    def far(self, family, host):
        path = self.folder / f"{family}.kubeconfig"
        path.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "far",
            "contexts": [{"name": "far", "context": {"cluster": "far", "user": "far"}}],
            "users": [{"name": "far", "user": {}}],
            "clusters": [{"name": "far", "cluster": {
                "server": f"https://{host}:{PORT}", "insecure-skip-tls-verify": True}}]}))
        return path

    def stop(self):
        for lookout in self.watching.values():
            lookout.kill()
        for process in reversed(self.processes):
            process.kill()
            process.wait()
        self.namespace.close()


def own_samples(lookout):
    return parse_samples(lookout.get("/metrics/self")[2].decode())


def value(samples, family, **labels):
    return samples.get((family, frozenset(labels.items())), 0)


def last_event(lookout):
    return sum(value for (family, _), value in own_samples(lookout).items()
               if family == "helm_lookout_informer_last_event_timestamp_seconds")


def lists(lookout):
    return sum(value for (family, _), value in own_samples(lookout).items()
               if family == "helm_lookout_list_total")


def broken_watches(lookout):
    return value(own_samples(lookout), "helm_lookout_watch_restarts_total", reason="broken")


def test_W9_half_open_peer(bench):
    """Noticed within 45 s over IPv4 and IPv6; the last event grows old meanwhile, and once the peer
    is back the watch goes on without a list."""
    if bench.refused:
        raise runner.Skipped(f"no network namespaces here ({bench.refused})")
    before = {family: (last_event(lookout), lists(lookout))
              for family, lookout in bench.watching.items()}
    for family, lookout in bench.watching.items():
        wait_for(f"{family}: events", lambda: last_event(lookout) > before[family][0], 20)
    bench.namespace.swallow_answers()
    silent_since, silent_at = time.monotonic(), time.time()
    for family, lookout in bench.watching.items():
        wait_for(f"{family}: the dead watch is noticed", lambda: broken_watches(lookout),
                 NOTICED_WITHIN_SECONDS - (time.monotonic() - silent_since), every=0.5)
        assert last_event(lookout) < silent_at + 2, f"{family}: stale and does not say so"
        print(f"        half-open API server over {family} noticed after "
              f"{time.monotonic() - silent_since:.0f} s", flush=True)
    bench.namespace.answer_again()
    for family, lookout in bench.watching.items():
        back_at = time.time()
        wait_for(f"{family}: events again", lambda: last_event(lookout) >= back_at, 90, every=0.5)
        assert lists(lookout) == before[family][1], f"{family}: listed again"


def main(binary, sandbox, *words):
    def create(folder):
        return Bench(pathlib.Path(binary).resolve(), pathlib.Path(sandbox).resolve(), folder)
    tests = runner.choose([test_W9_half_open_peer], words)
    return runner.run_in_folder("half-open", tests, create)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
