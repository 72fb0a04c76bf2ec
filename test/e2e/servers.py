"""Server processes on loopback, and the certificates they show."""

import http.client
import os
import signal
import socket
import subprocess

from cluster import wait_for


class Server:
    """One process, its log beside its data; stop() ends exactly it."""

    def __init__(self, folder, name):
        self.folder = folder / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.process = None

    def launch(self, *command, port, environment=None):
        log = self.folder / "output.log"
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdout=output, stderr=output, cwd=self.folder,
                env={**os.environ, **(environment or {})}, start_new_session=True)

        def listening():
            assert self.process.poll() is None, f"{self.name} ended: {log.read_text()[-2000:]}"
            return accepts(port)
        wait_for(f"{self.name} listening on {port}", listening, 20, 0.05)
        return self

    def stop(self, at_once=False):
        """`at_once`: without the drain that some servers keep their clients waiting for."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGKILL if at_once else signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def answer(port, path, headers=None):
    """(status, headers, body) of one plain GET on loopback."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers=headers or {})
        got = connection.getresponse()
        return got.status, got.headers, got.read()
    finally:
        connection.close()


class Authority:
    """A certificate authority of its own: ca.crt, and NAME.crt with NAME.key for each issue()."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate = folder / "ca.crt"
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                      "/CN=test authority", "-keyout", folder / "ca.key", "-out", self.certificate)

    def issue(self, name, alternative="DNS:localhost,IP:127.0.0.1"):
        """Paths of a certificate and its key, good for servers and clients."""
        key, request, certificate = (self.folder / f"{name}.{end}" for end in ("key", "csr", "crt"))
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={alternative}\n"
                              "extendedKeyUsage=serverAuth,clientAuth\n")
        self._openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout",
                      key, "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey",
                      self.folder / "ca.key", "-CAcreateserial", "-days", "2", "-extfile",
                      extensions, "-out", certificate)
        return certificate, key

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def write_htpasswd(path, **users):
    """A bcrypt htpasswd file: what both nginx (by crypt) and distribution read."""
    lines = [subprocess.run(["htpasswd", "-nbB", "-C", "4", user, password], check=True,
                            capture_output=True, text=True).stdout.strip()
             for user, password in users.items()]
    path.write_text("\n".join(lines) + "\n")
