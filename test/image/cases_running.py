"""The program out of the image: no other file, no right, no place to write."""

import http.server
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import threading

sys.path.append(str(pathlib.Path(__file__).parents[1] / "e2e"))
from servers import Authority  # noqa: E402

INDEX = b"""apiVersion: v1
entries:
  web:
  - {name: web, version: 1.0.0, urls: [web-1.0.0.tgz]}
"""
BUNDLE = "etc/ssl/certs/ca-certificates.crt"


def run(bench, root, *arguments):
    """The program as the image's user in `root`, which is read-only to it, with its environment."""
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
    config = bench.image.config["config"]
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", root, "env", "-i", *config["Env"],
         "chroot", f"--userspec={config['User']}", root, "/helm-lookout", *arguments],
        capture_output=True, text=True, timeout=30)


class Index(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(INDEX)))
        self.end_headers()
        self.wfile.write(INDEX)

    def log_message(self, *_):
        pass


def test_version(bench):
    done = run(bench, bench.root, "version")
    labels = bench.image.config["config"]["Labels"]
    assert done.returncode == 0, done.stderr
    match = re.match(r"helm-lookout (\S+) \(commit ([^,]+),", done.stdout)
    assert match[1] == labels["org.opencontainers.image.version"]
    assert match[2] == labels["org.opencontainers.image.revision"]


def test_names_of_hosts_file(bench):
    """hostAliases of a pod are lines there."""
    root = bench.folder / "aliased"
    shutil.copytree(bench.root, root)
    (root / "etc/hosts").write_text("127.0.0.1 alias.example\n")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = run(bench, root, "scan", f"http://alias.example:{server.server_address[1]}")
        server.shutdown()
    assert done.returncode == 0 and "web" in done.stdout, done.stderr


def test_trusts_the_bundle_and_nothing_else(bench):
    authority = Authority(bench.folder / "authority")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("server"))
    trusting = bench.folder / "trusting"
    shutil.copytree(bench.root, trusting)
    with open(trusting / BUNDLE, "ab") as bundle:
        bundle.write(authority.certificate.read_bytes())
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"https://127.0.0.1:{server.server_address[1]}"
        refused, allowed = (run(bench, root, "scan", url) for root in (bench.root, trusting))
        server.shutdown()
    assert refused.returncode != 0 and "unknown authority" in refused.stderr, refused
    assert allowed.returncode == 0 and "web" in allowed.stdout, allowed.stderr
