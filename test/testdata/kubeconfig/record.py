#!/usr/bin/env python3
"""Asks kubectl what each case of cases.txt means and writes golden/<case>.json.

view: `kubectl config view --raw --minify --flatten`, wire: the identity that
`kubectl get --raw /version` sends to a server of ours; null where kubectl refuses.
Usage: record.py KUBECTL
"""
import http.server, json, os, pathlib, shutil, ssl, subprocess, sys, tempfile, threading

HERE = pathlib.Path(__file__).resolve().parent
SEEN = []


class Recorder(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        wanted = ("authorization", "impersonate")
        headers = [[k, v] for k, v in self.headers.items() if k.lower().startswith(wanted)]
        SEEN.append({"path": self.path, "headers": sorted(headers)})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def serve(certificate=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"127.0.0.1:{server.server_port}"


def kubectl(folder, files, context, *arguments):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent",
                   "KUBECONFIG": ":".join(str(folder / f) for f in files.split(":"))}
    command = [sys.argv[1], *(["--context", context] if context else []), *arguments]
    return subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60)


def main():
    with tempfile.TemporaryDirectory() as temporary:
        wire = pathlib.Path(temporary) / "wire"
        shutil.copytree(HERE, wire)
        key = f"{temporary}/key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key,
                        "-out", wire / "nested/pki/ca.crt", "-days", "1", "-subj", "/CN=x",
                        "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        names = {"cluster.example:6443": serve((wire / "nested/pki/ca.crt", key)),
                 "plain.example:8080": serve()}
        for path in [*wire.rglob("*.yaml"), *wire.rglob("*.json")]:
            text = path.read_text()
            for name, address in names.items():
                text = text.replace(name, address)
            path.write_text(text)
        for line in (HERE / "cases.txt").read_text().splitlines():
            name, files, context = (line.split() + [""])[:3]
            viewed = kubectl(HERE, files, context, "config", "view", "--raw", "--minify",
                             "--flatten", "-o", "json")
            SEEN.clear()
            sent = kubectl(wire, files, context, "get", "--raw", "/version")
            golden = {"view": json.loads(viewed.stdout) if viewed.returncode == 0 else None,
                      "wire": SEEN[0] if SEEN else None}
            (HERE / "golden" / f"{name}.json").write_text(json.dumps(golden, indent=1) + "\n")
            print(name, "wire" if SEEN else sent.stderr.strip().splitlines()[-1:],
                  "" if viewed.returncode == 0 else viewed.stderr.strip())


main()
