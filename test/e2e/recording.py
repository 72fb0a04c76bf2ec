"""An API server that answers next to nothing and remembers who asked, and proxies that remember
what they were asked for. All on loopback, a thread a connection."""

import base64
import http.server
import re
import socket
import socketserver
import ssl
import subprocess
import threading

EMPTY_LIST = (b'{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1",'
              b'"metadata":{"resourceVersion":"1"},"items":[]}')
TOLD_HEADERS = ("authorization", "impersonate-")


class Authority:
    """A CA in a folder, and what it issues there."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.certificate, self.key = folder / f"{name}.crt", folder / f"{name}.key"
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-keyout", self.key, "-out", self.certificate, "-days", "1",
                      "-subj", f"/CN={name}")

    def issue(self, name, *alternatives):
        """(certificate, key) of a server or client."""
        certificate, key = (self.folder / f"{name}.{kind}" for kind in ("crt", "key"))
        extensions = self.folder / f"{name}.extensions"
        extensions.write_text(f"subjectAltName={','.join(alternatives)}\n" if alternatives else "")
        request = self.folder / f"{name}.csr"
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        self._openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                      "-out", certificate, "-days", "1", "-extfile", extensions)
        return certificate, key

    @staticmethod
    def _openssl(*words):
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


class Recorder:
    """Of requests: host, path up to /api or /version, SNI, client certificate, headers."""

    def __init__(self, certificate=None, client_ca=None):
        self.requests = []
        self.server_name = None
        recorder = self

        class Answer(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                recorder.requests.append(recorder.describe(self))
                refused = "sendInitialEvents" in self.path
                body = b"{}" if "/version" in self.path or refused else EMPTY_LIST
                self.send_response(422 if refused else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.http.daemon_threads = True
        self.http.handle_error = lambda *_: None  # a refused handshake is what some cases want
        self.port = self.http.server_port
        if certificate:
            self._speak_tls(certificate, client_ca)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def _speak_tls(self, certificate, client_ca):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        context.load_verify_locations(client_ca)
        context.verify_mode = ssl.CERT_OPTIONAL

        def remember(_, name, __):
            self.server_name = name
        context.sni_callback = remember
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True,
                                               do_handshake_on_connect=False)

    def describe(self, request):
        connection = request.connection
        encrypted = isinstance(connection, ssl.SSLSocket)
        shown = connection.getpeercert() if encrypted else None
        headers = sorted((name.lower(), value) for name, value in request.headers.items()
                         if name.lower().startswith(TOLD_HEADERS))
        # Through a proxy a plain server is asked for whole URLs.
        path = re.sub("^http://[^/]*", "", request.path)
        return {"tls": encrypted, "host": request.headers["Host"],
                "prefix": path[:min(at for at in (path.find("/version"), path.find("/api"))
                                    if at >= 0)],
                "server_name": self.server_name if encrypted else None,
                "client": shown["subject"][0][0][1] if shown else None, "headers": headers,
                "coding": request.headers.get("Accept-Encoding")}

    def stop(self):
        self.http.shutdown()
        self.http.server_close()


def copy_until_end(one, other):
    try:
        while data := one.recv(65536):
            other.sendall(data)
    except OSError:
        pass
    for each in (one, other):
        try:
            each.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Proxy:
    """Leads wherever it is asked to 127.0.0.1:PORT. `asked` are (kind, target, user:password)."""

    def __init__(self, port, kind, certificate=None):
        self.asked, self.target_port, self.kind = [], port, kind
        proxy = self

        class Tunnel(socketserver.BaseRequestHandler):
            def handle(self):
                {"http": proxy.serve_http, "socks5": proxy.serve_socks5}[kind](self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def get_request(self):
                connection, peer = super().get_request()
                return (proxy.context.wrap_socket(connection, server_side=True)
                        if proxy.context else connection), peer

            def handle_error(self, *_):
                pass

        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*certificate)
        self.server = Server(("127.0.0.1", 0), Tunnel)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def serve_http(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(65536)
            if not piece:
                return
            head += piece
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        fields = dict(line.decode().split(":", 1) for line in head.split(b"\r\n")[1:] if line)
        user = {name.lower(): value for name, value in fields.items()}.get("proxy-authorization")
        shown = base64.b64decode(user.split()[1]).decode() if user else None
        if method == "CONNECT":
            self.asked.append((method, target, shown))
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            return self.lead(client)
        # "http://host:port/path": what is compared is where to.
        self.asked.append((method, target.split("/")[2], shown))
        return self.lead(client, head)

    def serve_socks5(self, client):
        def read(count):
            data = client.recv(count, socket.MSG_WAITALL)
            if len(data) < count:
                raise ConnectionError("ended in the greeting")
            return data
        methods = read(read(2)[1])
        user = None
        if 2 in methods:
            client.sendall(b"\x05\x02")
            name = read(read(2)[1])
            user = f"{name.decode()}:{read(read(1)[0]).decode()}"
            client.sendall(b"\x01\x00")
        else:
            client.sendall(b"\x05\x00")
        kind = read(4)[3]
        if kind == 3:
            host = read(read(1)[0]).decode()
        else:
            host = socket.inet_ntop(socket.AF_INET if kind == 1 else socket.AF_INET6,
                                    read(4 if kind == 1 else 16))
        port = int.from_bytes(read(2), "big")
        self.asked.append(("socks5", f"{host}:{port}", user))
        client.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        self.lead(client)

    def lead(self, client, first=b""):
        with socket.create_connection(("127.0.0.1", self.target_port)) as target:
            target.sendall(first)
            back = threading.Thread(target=copy_until_end, args=(target, client), daemon=True)
            back.start()
            copy_until_end(client, target)
            back.join()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
