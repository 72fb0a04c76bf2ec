"""A whole Kubernetes node on this machine, in namespaces of its own: kubelet, containerd, runc and
the control plane, with a cluster's DNS. Needs root and cgroup v1."""

import ctypes
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

import settings
from cluster import wait_for
from tunnel import Tunnel, fetch

HERE = pathlib.Path(__file__).parent
NAMESPACES = ("--mount", "--net", "--uts", "--ipc", "--pid")
HIERARCHIES = ("cpu", "cpuset", "memory", "pids")
NEEDED = ("containerd", "runc", "iptables", "nft", "conntrack", "ip", "prometheus")
PR_SET_PDEATHSIG = 1


def missing():
    """Why a node cannot run here; empty when it can."""
    if os.geteuid() != 0:
        return "needs root"
    absent = [name for name in NEEDED if not shutil.which(name)]
    if not pathlib.Path("/usr/lib/cni/bridge").exists():
        absent.append("containernetworking-plugins")
    if absent:
        return f"needs {', '.join(absent)}"
    if not all(os.access(f"/sys/fs/cgroup/{each}", os.W_OK) for each in HIERARCHIES):
        return "needs the cgroup v1 hierarchies " + ", ".join(HIERARCHIES) + ", writable"
    if subprocess.run(["unshare", *NAMESPACES, "--fork", "true"], capture_output=True).returncode:
        return "namespaces cannot be made here"
    return ""


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def cgroups(name):
    return list(pathlib.Path("/sys/fs/cgroup").glob(f"*/{name}"))


def remove_cgroup(top):
    for folder, _, _ in os.walk(top, topdown=False):
        try:
            os.rmdir(folder)
        except OSError:
            pass  # something in it is still ending


def remove_cgroups_of_the_dead():
    """What a node that was killed with its test left, its empty cgroups."""
    for each in cgroups("lookout-*"):
        if not pathlib.Path("/proc", each.name.split("-")[1]).exists():
            remove_cgroup(each)


class Node:
    """stop() ends its pid 1 and with it every process, mount and interface; so does the end of this
    process, however it comes."""

    def __init__(self, binaries, images, folder):
        self.bin = pathlib.Path(binaries)
        self.images = pathlib.Path(images)
        self.dir = pathlib.Path(folder)
        self.name = f"lookout-{os.getpid()}"
        self.kubeconfig = self.dir / "kubeconfig"
        self.unshare, self.pid, self.tunnel = None, None, None

    def start(self):
        remove_cgroups_of_the_dead()
        self.dir.mkdir(parents=True)
        certificate = settings.write(self.dir, self.name)
        with open(self.dir / "init.log", "wb") as log:
            self.unshare = subprocess.Popen(
                ["unshare", *NAMESPACES, "--fork", "--kill-child", "--mount-proc", HERE / "init",
                 self.dir, self.name, self.bin],
                stdout=log, stderr=log, start_new_session=True, preexec_fn=die_with_parent)
        self.pid = wait_for("the node's pid 1", self._child, 10)
        self.tunnel = Tunnel(self.pid, settings.ADDRESS, 6443)
        settings.kubeconfig(self.kubeconfig, f"https://127.0.0.1:{self.tunnel.port}", certificate,
                            "admin-token")
        wait_for("API server ready", self.api_ready, 120, 0.3)
        self._let_api_reach_kubelet()
        wait_for("containerd", lambda: self.ctr("version", check=False), 20)
        for name in ("pause", "coredns"):
            self.import_image(self.images / f"{name}.tar")
        self.kubectl("apply", "-f", HERE / "coredns.yaml")
        wait_for("the node ready", self._node_ready, 60)

    def stop(self):
        if self.tunnel:
            self.tunnel.stop()
        if self.unshare:
            self.unshare.kill()  # its child, pid 1, dies with it
            self.unshare.wait()
        for large in ("containerd", "etcd"):  # the logs stay for who asks what went wrong
            shutil.rmtree(self.dir / large, ignore_errors=True)
        deadline = time.monotonic() + 10
        while cgroups(self.name) and time.monotonic() < deadline:
            for each in cgroups(self.name):
                remove_cgroup(each)
            time.sleep(0.1)

    def kubectl(self, *arguments, stdin=None, check=True):
        return self._run("kubectl", arguments, stdin, check)

    def helm(self, major, *arguments, check=True):
        return self._run(f"helm{major}", arguments, None, check)

    def objects(self, *what):
        """The items of `kubectl get WHAT`."""
        return json.loads(self.kubectl("get", *what, "-o", "json"))["items"]

    def import_image(self, archive):
        self.ctr("-n", "k8s.io", "images", "import", archive)

    def ctr(self, *arguments, check=True):
        done = subprocess.run(["ctr", "-a", f"/proc/{self.pid}/root/run/containerd/containerd.sock",
                               *arguments], capture_output=True, text=True)
        assert not check or done.returncode == 0, f"ctr {arguments}: {done.stderr}"
        return done.returncode == 0

    def fetch(self, address, path, headers=None, seconds=10):
        """(status, body) of one GET in the node's network, where pods and Services are."""
        return fetch(self.pid, address, path, headers, seconds)

    def spawn(self, log, *command):
        """A process in the node's network, with its names and this machine's files."""
        resolver = self.dir / "resolv.conf"
        resolver.write_text(f"nameserver {settings.DNS_ADDRESS}\n")
        script = f'mount --bind {resolver} /etc/resolv.conf && exec "$@"'
        with open(log, "wb") as output:
            return subprocess.Popen(
                ["nsenter", f"--net=/proc/{self.pid}/ns/net", "--", "unshare", "--mount", "sh",
                 "-c", script, "sh", *map(str, command)],
                stdout=output, stderr=output, start_new_session=True, preexec_fn=die_with_parent)

    def kill(self, program):
        """Ends the node's own process of that name, at once."""
        namespace = os.readlink(f"/proc/{self.pid}/ns/pid")
        for each in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if (os.readlink(each / "ns/pid") == namespace
                        and (each / "cmdline").read_bytes().split(b"\0")[0].decode() == program):
                    os.kill(int(each.name), signal.SIGKILL)
                    return
            except OSError:
                continue  # ended meanwhile
        raise AssertionError(f"no {program} runs on the node")

    def api_ready(self):
        assert self.unshare.poll() is None, f"the node ended, see {self.dir}/init.log"
        return "ok" in self.kubectl("get", "--raw", "/readyz", check=False)

    def _run(self, program, arguments, stdin, check):
        homes = {f"HELM_{kind}_HOME": f"{self.dir}/helm-{kind.lower()}"
                 for kind in ("CACHE", "CONFIG", "DATA")}
        done = subprocess.run([self.bin / program, *map(str, arguments)], input=stdin, text=True,
                              env={**os.environ, **homes, "KUBECONFIG": str(self.kubeconfig)},
                              capture_output=True)
        if check and done.returncode != 0:
            said = done.stderr + done.stdout
            raise AssertionError(f"{program} {' '.join(map(str, arguments))}: {said}")
        return done.stdout

    def _let_api_reach_kubelet(self):
        self.kubectl("create", "clusterrolebinding", "kubelet-client",
                     "--clusterrole=system:kubelet-api-admin", "--user=kubelet-client")

    def _child(self):
        children = pathlib.Path(f"/proc/{self.unshare.pid}/task/{self.unshare.pid}/children")
        return int(children.read_text().split()[0]) if children.read_text().strip() else None

    def _node_ready(self):
        return any(condition["type"] == "Ready" and condition["status"] == "True"
                   for node in self.objects("nodes") for condition in node["status"]["conditions"])
