"""Connections into a node's network from this machine's, which has no route there."""

import ctypes
import http.client
import os
import socket
import threading

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def connect(pid, host, port, seconds=10):
    """A TCP socket connected in the network namespace of process PID."""
    made = []

    def enter():  # a thread of its own: the namespace is the thread's
        try:
            namespace = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
            try:
                if libc.setns(namespace, CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            finally:
                os.close(namespace)
            made.append(socket.create_connection((host, port), seconds))
        except OSError as error:
            made.append(error)
    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if isinstance(made[0], OSError):
        raise made[0]
    return made[0]


def fetch(pid, address, path, headers=None, seconds=10):
    """(status, body) of one GET of ADDRESS (host, port) in the network namespace of process PID."""
    connection = http.client.HTTPConnection(*address)
    connection.sock = connect(pid, *address, seconds)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def pump(source, sink):
    try:
        while block := source.recv(1 << 16):
            sink.sendall(block)
    except OSError:
        pass
    for each, how in ((sink, socket.SHUT_WR), (source, socket.SHUT_RD)):
        try:
            each.shutdown(how)
        except OSError:
            pass


class Tunnel:
    """A port of loopback that leads to HOST:PORT in the network of process PID."""

    def __init__(self, pid, host, port):
        self.pid, self.host, self.target = pid, host, port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            server = connect(self.pid, self.host, self.target)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        back = threading.Thread(target=pump, args=(server, client), daemon=True)
        back.start()
        pump(client, server)
        back.join()
        client.close()
        server.close()
