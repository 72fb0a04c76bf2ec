"""Clients that mean no good: connections that say nothing, half a request, or read too slowly."""

import resource
import socket
import threading
import time

REQUEST = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
HALF_REQUEST = REQUEST[:-2]


def allow_descriptors(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        raise OSError(f"no more than {hard} open files are allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))


def connect(port, said=b"", receive_bytes=None):
    """An open connection on which that much was said; None when it was refused at once."""
    client = socket.socket()
    if receive_bytes:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    client.settimeout(10)
    try:
        client.connect(("127.0.0.1", port))
        client.sendall(said)
        return client
    except OSError:
        client.close()
        return None


class Flood:
    """So many connections that each say `said` and then hang on; with `again`, whoever is thrown out
    comes back."""

    def __init__(self, port, count, said=b"", again=False):
        allow_descriptors(2 * count + 256)
        self.port, self.said = port, said
        self.clients = [connect(port, said) for _ in range(count)]
        self.stopping = threading.Event()
        self.returning = threading.Thread(target=self.come_back) if again else None
        if self.returning:
            self.returning.start()

    def come_back(self):
        index = 0
        while not self.stopping.is_set():
            index = (index + 1) % len(self.clients)
            if self.clients[index]:
                self.clients[index].close()
            self.clients[index] = connect(self.port, self.said)

    def stop(self):
        self.stopping.set()
        if self.returning:
            self.returning.join()
        for client in self.clients:
            if client:
                client.close()


class SlowReaders:
    """Each asks for /metrics and reads a byte a second of it."""

    def __init__(self, port, count):
        allow_descriptors(count + 256)
        self.clients = []
        self.port = port
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.read)
        for _ in range(count):
            self.add()
        self.thread.start()

    def add(self):
        client = connect(self.port, REQUEST, receive_bytes=2048)
        if client:
            client.setblocking(False)
            with self.lock:
                self.clients.append(client)

    def open(self):
        with self.lock:
            return len(self.clients)

    def read(self):
        while not self.stopping.wait(1):
            with self.lock:
                self.clients = [client for client in self.clients if self.is_open(client)]

    @staticmethod
    def is_open(client):
        try:
            if client.recv(1):
                return True
        except BlockingIOError:
            return True
        except OSError:
            pass
        client.close()
        return False

    def stop(self):
        self.stopping.set()
        self.thread.join()
        for client in self.clients:
            client.close()


def answers_within(port, seconds):
    """Seconds until a scraper that tries again at once has a whole answer."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        client = connect(port, REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        if client is None:
            continue
        body = b""
        try:
            while piece := client.recv(1 << 16):
                body += piece
        except OSError:
            pass
        client.close()
        head, _, rest = body.partition(b"\r\n\r\n")
        length = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
        if head.startswith(b"HTTP/1.1 200") and length and len(rest) == int(length[0].split()[1]):
            return time.monotonic() - began
        time.sleep(0.01)
    raise AssertionError(f"no whole answer within {seconds} s")
