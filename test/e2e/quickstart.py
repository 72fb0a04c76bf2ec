"""The commands of docs/quickstart.md, run in order as they stand there: quickstart.py PROGRAMS, a
folder with helm3 (or helm) and kubectl, on the cluster of KUBECONFIG. Blocks that begin with "sh run=NAME".

--without-node BINARY starts its own API server from PROGRAMS instead, where no pod ever runs: the
binary stands in for the pod, and the two commands that wait for it and forward its port are left
out. Ends with the line "quickstart: N passed, M failed"."""

import argparse
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "test/docs"))

from cluster import Cluster, free_ports, wait_for  # noqa: E402
from markdown import blocks  # noqa: E402

PORTS = (9104, 9090)  # that the commands name
BLOCK_SECONDS_MAX = 180
OF_A_POD = ("ready", "forward")
# What a reader is told to see.
SHOWN = {"install": r"STATUS: deployed", "look": r'helm_release_info\{.*name="helm-lookout"',
         "status": r'name="broken",namespace="default",status="failed"\} 1',
         "alert": r'alertname="HelmReleaseFailed".*name="broken"', "tidy": r'"helm-lookout" uninstalled'}
DONE = "-- done --"


def steps():
    found = []
    for words, commands in blocks((ROOT / "docs/quickstart.md").read_text()):
        match = re.fullmatch(r"sh run=(\w+)", words)
        if match:
            found.append((match[1], commands))
    return found


class Shell:
    """One bash, as a reader's terminal: variables and jobs stay."""

    def __init__(self, folder, environment):
        self.log = open(folder / "shell.log", "w+b")
        self.process = subprocess.Popen(["bash"], stdin=subprocess.PIPE, stdout=self.log,
                                        stderr=self.log, cwd=ROOT, env=environment,
                                        start_new_session=True)

    def run(self, commands):
        """What the block prints; AssertionError when a command fails or it takes too long."""
        begin = self.log.seek(0, os.SEEK_END)
        text = f"set -e\n{commands}\nset +e\necho; echo '{DONE}'\n"
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()
        deadline = time.monotonic() + BLOCK_SECONDS_MAX
        while True:
            self.log.seek(begin)
            told = self.log.read().decode(errors="replace")
            if DONE in told:
                return told.replace(DONE, "")
            assert self.process.poll() is None, f"a command failed:\n{told}"
            assert time.monotonic() < deadline, f"more than {BLOCK_SECONDS_MAX} s:\n{told}"
            time.sleep(0.1)

    def stop(self):
        """Ends it and the jobs that it left."""
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        self.process.wait(10)
        self.log.close()


def busy(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def environment_of(programs, kubeconfig, folder):
    links = folder / "programs"
    links.mkdir()
    for name in ("kubectl", "helm"):
        program = programs / name
        (links / name).symlink_to(program if program.exists() else programs / f"{name}3")
    return {"PATH": f"{links}:/usr/bin:/bin", "KUBECONFIG": str(kubeconfig), "HOME": str(folder),
            "TMPDIR": str(folder), "LANG": "C.UTF-8"}


def is_ready(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def stand_in(binary, kubeconfig, folder):
    (health,) = free_ports(1)
    with open(folder / "helm-lookout.log", "wb") as log:
        process = subprocess.Popen([binary, "--kubeconfig", str(kubeconfig),
                                    "--metrics-bind-address", "127.0.0.1:9104",
                                    "--health-probe-bind-address", f"127.0.0.1:{health}"],
                                   stdout=log, stderr=log)
    wait_for("the stand-in", lambda: is_ready(health), 30)
    return process


def play(shell, started, options, kubeconfig, folder):
    passed = 0
    for name, commands in steps():
        if options.without_node and name in OF_A_POD:
            if not started:
                started.append(stand_in(options.without_node, kubeconfig, folder))
            continue
        began = time.monotonic()
        told = shell.run(commands)
        assert re.search(SHOWN.get(name, ""), told), f"{name}: not what is promised:\n{told}"
        print(f"ok      {name}  {time.monotonic() - began:.1f} s", flush=True)
        passed += 1
    return passed


def run(options, folder):
    cluster, started, shell = None, [], None
    kubeconfig = os.environ.get("KUBECONFIG", "")
    try:
        if options.without_node:
            cluster = Cluster(options.programs, folder / "cluster")
            cluster.start()
            kubeconfig = cluster.kubeconfig
        shell = Shell(folder, environment_of(options.programs, kubeconfig, folder))
        return play(shell, started, options, kubeconfig, folder)
    finally:
        if shell:
            shell.stop()
        for process in started:
            process.terminate()
            process.wait(10)
        if cluster:
            cluster.stop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--without-node", metavar="BINARY", type=os.path.abspath)
    options = parser.parse_args()
    assert [name for name, _ in steps()][:1] == ["install"] and set(SHOWN) <= {n for n, _ in steps()}
    taken = [port for port in PORTS if busy(port)]
    if taken:
        print(f"quickstart: 0 passed, 0 failed, 1 skipped: in use: {taken}")
        return 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lookout-quickstart-"))
    try:
        passed = run(options, folder)
    except AssertionError as error:
        print(f"FAILED  {error}\nquickstart: 0 passed, 1 failed\nlogs are in {folder}")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    print(f"quickstart: {passed} passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
