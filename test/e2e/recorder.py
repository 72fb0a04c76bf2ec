"""A plain HTTP door before a real API server: it lets every byte through and remembers what was
asked. It can be shut (whoever is inside is cut off), moved to another API server, hold a request
back, and change numbers in a request, so that minutes or thousands of objects become a few."""

import http.client
import http.server
import socket
import ssl
import threading
import time
import urllib.parse

START_BYTES = 4096  # of a body, remembered


class Asked:
    """One request: what it was, and how the answer began."""

    def __init__(self, target, accept):
        parsed = urllib.parse.urlsplit(target)
        self.path = parsed.path
        self.query = dict(urllib.parse.parse_qsl(parsed.query))
        self.metadata = "as=PartialObjectMetadata" in accept
        self.began = time.monotonic()
        self.ended = None
        self.status = None
        self.start = b""

    @property
    def kind(self):
        if not self.path.endswith("/secrets"):
            return "other"
        if not self.metadata:
            return "payload"
        if "watch" in self.query:
            return "watch list" if "sendInitialEvents" in self.query else "watch"
        return "probe" if self.query.get("limit") == "1" else "list"

    @property
    def version(self):
        """The resourceVersion asked for, "" for the most recent."""
        return self.query.get("resourceVersion", "")

    def target(self):
        return f"{self.path}?{urllib.parse.urlencode(self.query)}" if self.query else self.path

    def __repr__(self):
        asked = {key: value[:40] for key, value in self.query.items()
                 if not key.endswith("Selector") and key != "allowWatchBookmarks"}
        return f"{self.kind} {asked} -> {self.status}"


class Hold:
    """Requests of one kind wait here until let go; `waiting` tells that one does."""

    def __init__(self, matches):
        self.matches = matches
        self.waiting = threading.Event()
        self.let_go = threading.Event()


class Recorder:
    def __init__(self, port):
        self.upstream = port
        self.asked = []
        self.change = None  # called with each Asked before it goes on
        self.hold_requests = None
        self.lock = threading.Lock()
        self.sockets = set()
        self.shut = False
        recorder = self

        class Handler(Door):
            owner = recorder

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def hold(self, matches):
        self.hold_requests = Hold(matches)
        return self.hold_requests

    def cut(self):
        """Ends every connection and takes no other one until open()."""
        with self.lock:
            self.shut = True
            held = list(self.sockets)
        for each in held:
            end(each)

    def open(self, upstream=None):
        self.upstream = upstream or self.upstream
        self.shut = False

    def keep(self, connection):
        with self.lock:
            if self.shut:
                raise ConnectionResetError("shut")
            self.sockets.add(connection)

    def drop(self, connection):
        with self.lock:
            self.sockets.discard(connection)

    def of(self, *kinds, since=0):
        return [each for each in self.asked[since:] if each.kind in kinds]

    def stop(self):
        self.cut()
        if self.hold_requests:
            self.hold_requests.let_go.set()
        self.server.shutdown()
        self.server.server_close()


def end(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it had ended itself


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass  # a connection that was cut, by either side


class Door(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner = None

    def setup(self):
        super().setup()
        self.owner.keep(self.connection)

    def finish(self):
        self.owner.drop(self.connection)
        super().finish()

    def do_GET(self):
        asked = Asked(self.path, self.headers.get("Accept", ""))
        self.owner.asked.append(asked)
        self.wait_at_hold(asked)
        if self.owner.change:
            self.owner.change(asked)
        upstream = http.client.HTTPSConnection(
            "127.0.0.1", self.owner.upstream, context=ssl._create_unverified_context())
        upstream.connect()
        self.owner.keep(upstream.sock)
        kept = upstream.sock
        try:
            upstream.request("GET", asked.target(), headers=self.passed_headers())
            self.pass_answer(asked, upstream.getresponse())
        finally:
            asked.ended = time.monotonic()
            self.owner.drop(kept)
            upstream.close()

    def wait_at_hold(self, asked):
        hold = self.owner.hold_requests
        if hold and hold.matches(asked) and not hold.let_go.is_set():
            hold.waiting.set()
            hold.let_go.wait(60)

    def passed_headers(self):
        left_out = ("host", "connection", "authorization")
        return {"Authorization": "Bearer admin-token",
                **{name: value for name, value in self.headers.items()
                   if name.lower() not in left_out}}

    def pass_answer(self, asked, answer):
        asked.status = answer.status
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while piece := answer.read1(65536):
            if len(asked.start) < START_BYTES:
                asked.start += piece[:START_BYTES]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()
        if self.owner.shut:  # what was cut has no end
            raise ConnectionResetError("shut")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass
