"""What a scan costs whose index has not changed: a 304 and nothing else."""

import http.server
import json
import os
import pathlib
import re
import subprocess
import threading
import time
import urllib.request

REPOSITORIES, SECONDS = 20, 20
ETAG = '"the-same"'
TICKS = os.sysconf("SC_CLK_TCK")


class Unchanged(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        known = self.headers.get("If-None-Match") == ETAG
        self.send_response(304 if known else 200)
        self.send_header("ETag", ETAG)
        self.send_header("Content-Length", "0" if known else str(len(self.server.index)))
        self.end_headers()
        if not known:
            self.wfile.write(self.server.index)

    def log_message(self, *_):
        pass


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def unchanged_scans(url):
    text = urllib.request.urlopen(f"{url}/metrics").read().decode()
    return sum(int(value) for value in re.findall(
        r'^helm_repository_sync_total\{[^}]*status="unchanged"[^}]*\} (\d+)$', text, re.M))


def measure(binary, index, folder, ports):
    """{"cpu_ms": of one scan, "scans": how many, "bytes": of the index}"""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Unchanged)
    server.index = index.read_bytes()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = folder / "settings.yaml"
    settings.write_text(json.dumps({"repositories": [
        {"name": f"repository-{i}", "url": f"http://127.0.0.1:{server.server_port}/{i}",
         "interval": "1s"} for i in range(REPOSITORIES)]}))
    process = subprocess.Popen(
        [str(binary), "--releases=off", "--config", str(settings), "--log-level", "error",
         "--metrics-bind-address", f"127.0.0.1:{ports[0]}",
         "--health-probe-bind-address", f"127.0.0.1:{ports[1]}"])
    url = f"http://127.0.0.1:{ports[0]}"
    try:
        time.sleep(1)
        while unchanged_scans(url) < 2 * REPOSITORIES:  # each has been read and asked again
            time.sleep(0.5)
        scans, cpu = unchanged_scans(url), cpu_seconds(process)
        time.sleep(SECONDS)
        cpu = cpu_seconds(process) - cpu
        scans = unchanged_scans(url) - scans
        return {"cpu_ms": cpu * 1000 / scans, "scans": scans, "bytes": len(server.index)}
    finally:
        process.terminate()
        process.wait()
        server.shutdown()
