"""Peers that vanish without a word: the API server sits in a network namespace of its own, whose
routes back to us are taken away while a watch is open, over IPv4 and over IPv6.

half_open.py BINARY SANDBOX [WORD...]: runs when "half_open" holds a word. Needs root and network
namespaces; says so and leaves with 0 when it cannot have them.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from cluster import wait_for
from lookout import Lookout

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

    def close(self):
        for words in (("link", "del", self.ours), ("netns", "del", self.name)):
            subprocess.run(["ip", *words], capture_output=True)


def broken_watches(lookout):
    text = lookout.get("/metrics/self")[2].decode()
    return 'helm_lookout_watch_restarts_total{reason="broken"}' in text


def run(binary, sandbox, namespace, folder):
    kubeconfig = folder / "kubeconfig"
    processes = [namespace.spawn(sandbox, "--port", INNER_PORT, "--tls", "--churn-per-second", "0",
                                 "--kubeconfig-out", kubeconfig)]
    watching = {}
    try:
        wait_for("the sandbox' kubeconfig", kubeconfig.exists)
        processes.append(namespace.spawn("python3", "-c", FORWARDER, INNER_PORT, PORT,
                                         namespace.v4 + "2", namespace.v6 + "2"))
        for family, host in (("IPv4", namespace.v4 + "2"), ("IPv6", f"[{namespace.v6}2]")):
            path = folder / f"{family}.kubeconfig"
            path.write_text(json.dumps({
                "apiVersion": "v1", "kind": "Config", "current-context": "far",
                "contexts": [{"name": "far", "context": {"cluster": "far", "user": "far"}}],
                "users": [{"name": "far", "user": {}}],
                "clusters": [{"name": "far", "cluster": {
                    "server": f"https://{host}:{PORT}", "insecure-skip-tls-verify": True}}]}))
            watching[family] = Lookout(binary, folder, path)
        for lookout in watching.values():
            lookout.wait_ready()
        namespace.swallow_answers()
        silent_since = time.monotonic()
        for family, lookout in watching.items():
            wait_for(f"{family}: the dead watch is noticed", lambda: broken_watches(lookout),
                     NOTICED_WITHIN_SECONDS - (time.monotonic() - silent_since), every=0.5)
            print(f"ok      half-open API server over {family} noticed after "
                  f"{time.monotonic() - silent_since:.0f} s", flush=True)
        for lookout in watching.values():
            lookout.stop()
    finally:
        for lookout in watching.values():
            lookout.kill()
        for process in reversed(processes):
            process.kill()
            process.wait()


def main():
    words = sys.argv[3:]
    if words and not any(word in "half_open" for word in words):
        return 0
    namespace = Namespace()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lookout-half-open-"))
    try:
        try:
            namespace.open()
        except (OSError, subprocess.CalledProcessError) as refused:
            reason = (getattr(refused, "stderr", "") or str(refused)).strip()
            print(f"--      half-open peers: left out, no network namespaces here ({reason})")
            return 0
        run(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(), namespace,
            folder)
    finally:
        namespace.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
