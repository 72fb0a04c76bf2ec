"""Clients that send what no client should, to the built binary over bare sockets."""

import re
import socket
import time


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
HEADER_SECONDS = 5
CONNECTIONS_MAX = 256
LONG = b"a" * 16_384


def get(target=b"/metrics", fields=b""):
    return b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n" + fields + b"\r\n"


# What is sent: the status that it is refused with. Behind each comes a request that is none.
REFUSED = {
    "HTTP/0.9": (b"GET /metrics\r\n", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "bare line feeds": (b"GET / HTTP/1.1\nHost: x\n\n", 400),
    "NUL in a field": (get(fields=b"A: \0\r\n"), 400),
    "control in a field": (get(fields=b"A: \x01\r\n"), 400),
    "length and coding": (get(fields=b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n")
                          + b"0\r\n\r\n", 400),
    "two lengths": (get(fields=b"Content-Length: 0\r\nContent-Length: 36\r\n"), 400),
    "folded coding": (get(fields=b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 3\r\n"), 400),
    "unknown coding": (get(fields=b"Transfer-Encoding: chunked, gzip\r\n"), 400),
    "bad chunk": (get(fields=b"Transfer-Encoding: chunked\r\n") + b"-1\r\n", 413),
    "body of a GET": (get(fields=b"Content-Length: 3\r\n") + b"abc", 413),
    "dots": (get(b"/a/../metrics"), 400),
    "escaped dots": (get(b"/%2e%2e/%2e%2e/etc/passwd"), 400),
    "escaped NUL": (get(b"/metrics%00"), 400),
    "escaped line break": (get(b"/%0d%0aX-Y:%20z"), 400),
    "long target": (get(b"/" + LONG[:4096]), 414),
    "long header": (get(fields=b"A: " + LONG + b"\r\n"), 431),
    "many fields": (get(fields=b"A: b\r\n" * 101), 431),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (get(fields=b"Host: y\r\n"), 400),
    "POST": (b"POST /metrics HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    "CONNECT": (b"CONNECT 10.0.0.1:443 HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    "TRACE": (b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    "small letters": (b"get / HTTP/1.1\r\nHost: x\r\n\r\n", 405),
}


def connect(port):
    return socket.create_connection(("127.0.0.1", port), 20)


def read_all(connection):
    """Everything until the other side has ended."""
    got = b""
    try:
        while piece := connection.recv(65536):
            got += piece
    except ConnectionResetError:
        pass
    return got


def exchange(port, sent):
    with connect(port) as connection:
        try:
            connection.sendall(sent)
        except OSError:
            pass  # refused before it was all sent
        return read_all(connection)


def test_hostile_requests_are_refused_once(house):
    """Each has its status and ends the connection; what is smuggled behind it is not answered."""
    lookout = house.launch()
    for port in (lookout.metrics_port, lookout.health_port):
        for what, (sent, status) in REFUSED.items():
            told = exchange(port, sent + SMUGGLED)
            assert told.startswith(f"HTTP/1.1 {status} ".encode()), (what, told[:100])
            assert told.count(b"HTTP/1.1 ") == 1 and b"Connection: close" in told, (what, told)
            assert b"smuggled" not in told and b"secret" not in told.lower(), (what, told)
    assert lookout.status() == 200
    lookout.stop()


def test_hostile_pipelining_is_answered_in_order(house):
    """A hundred requests at once on one connection, with the answers in their order."""
    lookout = house.launch()
    paths = [b"/livez", b"/no-such-path"] * 50
    told = exchange(lookout.metrics_port, b"".join(get(path) for path in paths)
                    + get(b"/livez", b"Connection: close\r\n"))
    statuses = re.findall(rb"HTTP/1\.1 (\d{3}) ", told)
    assert statuses == [b"200", b"404"] * 50 + [b"200"], statuses
    absolute = exchange(lookout.metrics_port, get(
        b"http://evil.example/livez", b"Origin: http://evil.example\r\nConnection: close\r\n"))
    assert absolute.startswith(b"HTTP/1.1 200") and b"evil" not in absolute
    assert b"Access-Control" not in absolute
    lookout.stop()


def test_hostile_slow_headers_are_cut_off(house):
    """As many connections as there may be, each with a header that drips: the oldest make room for
    scrapers, all end when the headers' time is over. Health has a door of its own."""
    lookout = house.launch()
    began = time.monotonic()
    dripping = [connect(lookout.metrics_port) for _ in range(CONNECTIONS_MAX)]
    for each in dripping:
        each.sendall(b"GET / HT")
    for _ in range(10):
        told = exchange(lookout.metrics_port, get(fields=b"Connection: close\r\n"))
        assert told.startswith(b"HTTP/1.1 200"), told[:60]
    assert lookout.get("/livez", lookout.health_port)[0] == 200
    for each in dripping:
        assert read_all(each)[:12] in (b"HTTP/1.1 408", b"")
        each.close()
    assert time.monotonic() - began >= HEADER_SECONDS - 1
    lookout.stop()
