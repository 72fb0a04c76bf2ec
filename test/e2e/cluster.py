"""A real API server on loopback: etcd, kube-apiserver, kube-controller-manager."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.request
import ssl


def free_ports(count):
    """Ports that were free a moment ago, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


def wait_for(what, check, seconds=30.0, every=0.1):
    """The first true answer of check(), or an AssertionError that names `what`."""
    deadline = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"timed out after {seconds} s: {what}")
        time.sleep(every)


class Cluster:
    """Owns the processes it starts; stop() ends exactly those."""

    def __init__(self, binaries, folder, verbs=()):
        self.bin = pathlib.Path(binaries)
        self.dir = pathlib.Path(folder)
        self.port, self.etcd_port, self.etcd_peer_port = free_ports(3)
        self.url = f"https://127.0.0.1:{self.port}"
        self.admin_token = "admin-token"
        self.etcd_url = f"http://127.0.0.1:{self.etcd_port}"
        self.issuer = self.url  # where others can check its service account tokens
        self.kubeconfig = self.dir / "kubeconfig"
        self.processes = []

    def start(self):
        pki = self.dir / "pki"
        pki.mkdir(parents=True, exist_ok=True)
        key = pki / "sa.key"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-out", pki / "sa.pub"],
                       check=True, capture_output=True)
        (pki / "tokens.csv").write_text(f"{self.admin_token},admin,admin,system:masters\n")
        self.start_etcd()
        self.write_kubeconfig(self.kubeconfig, self.admin_token)
        self.server = self.start_api_server(self.port)
        self.start_controllers()

    def start_etcd(self):
        peer = f"http://127.0.0.1:{self.etcd_peer_port}"
        self.etcd = self._spawn(
            "etcd", "--data-dir", self.dir / "etcd", "--listen-client-urls", self.etcd_url,
            "--advertise-client-urls", self.etcd_url, "--listen-peer-urls", peer,
            "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}",
            "--unsafe-no-fsync", "--quota-backend-bytes", "8589934592", "--log-level", "error")

    def start_api_server(self, port, *flags):
        """Its process, once it is ready."""
        pki = self.dir / "pki"
        process = self._spawn(
            "kube-apiserver", f"--etcd-servers={self.etcd_url}", "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1", f"--secure-port={port}",
            f"--cert-dir={pki}", f"--service-account-issuer={self.issuer}",
            f"--service-account-jwks-uri={self.issuer}/openid/v1/jwks",
            f"--service-account-key-file={pki}/sa.pub",
            f"--service-account-signing-key-file={pki}/sa.key",
            f"--token-auth-file={pki}/tokens.csv", "--authorization-mode=RBAC,Node",
            "--service-cluster-ip-range=10.96.0.0/16", "--v=1", *flags)
        wait_for("API server ready", lambda: self._is_ready(port), 60)
        return process

    def start_controllers(self):
        self.controllers = self._spawn(
            "kube-controller-manager", f"--kubeconfig={self.kubeconfig}",
            "--controllers=namespace-controller,serviceaccount-controller",
            "--secure-port=0", "--leader-elect=false", "--concurrent-namespace-syncs=4")

    def stop(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in reversed(self.processes):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes = []

    def write_kubeconfig(self, path, token):
        certificate = self.dir / "pki" / "apiserver.crt"
        config = {
            "apiVersion": "v1", "kind": "Config", "current-context": "x",
            "clusters": [{"name": "c", "cluster": {"server": self.url,
                                                   "certificate-authority": str(certificate)}}],
            "users": [{"name": "u", "user": {"token": token}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        }
        pathlib.Path(path).write_text(json.dumps(config))

    def kubectl(self, *arguments, stdin=None, check=True):
        environment = {**os.environ, "KUBECONFIG": str(self.kubeconfig)}
        done = subprocess.run([self.bin / "kubectl", *arguments], input=stdin, env=environment,
                              capture_output=True, text=True)
        if check and done.returncode != 0:
            raise AssertionError(f"kubectl {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def helm(self, major, *arguments, check=True):
        environment = {**os.environ, "KUBECONFIG": str(self.kubeconfig),
                       "HELM_CACHE_HOME": str(self.dir / "helm-cache"),
                       "HELM_CONFIG_HOME": str(self.dir / "helm-config"),
                       "HELM_DATA_HOME": str(self.dir / "helm-data")}
        done = subprocess.run([self.bin / f"helm{major}", *arguments], env=environment,
                              capture_output=True, text=True)
        if check and done.returncode != 0:
            raise AssertionError(f"helm{major} {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def api(self, method, path, body=None):
        """One request as admin; the parsed JSON answer."""
        data = None if body is None else json.dumps(body).encode()
        with self._open(self.url + path, method=method, data=data) as answer:
            return json.load(answer)

    def release_secrets(self):
        listed = self.api("GET", "/api/v1/secrets?labelSelector=owner%3Dhelm"
                                 "&fieldSelector=type%3Dhelm.sh/release.v1")
        return listed["items"]

    def _open(self, url, **request):
        context = ssl.create_default_context(cafile=self.dir / "pki" / "apiserver.crt")
        headers = {"Authorization": f"Bearer {self.admin_token}",
                   "Content-Type": "application/json"}
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers, **request),
                                      context=context)

    def _spawn(self, name, *arguments):
        with open(self.dir / f"{name}.log", "ab") as log:
            process = subprocess.Popen([self.bin / name, *map(str, arguments)], stdout=log,
                                       stderr=log, start_new_session=True)
        self.processes.append(process)
        return process

    def _is_ready(self, port):
        try:
            with self._open(f"https://127.0.0.1:{port}/readyz") as answer:
                return answer.status == 200
        except OSError:
            for process in self.processes:
                assert process.poll() is None, f"a server ended, see the logs in {self.dir}"
            return False
