"""The exposition formats, judged by others: promtool, prometheus_client, a real Prometheus."""

import gzip
import http.server
import json
import subprocess
import threading
import urllib.parse
import urllib.request

from cluster import free_ports, wait_for
from lookout import parse_samples, release_samples

# promtool's complaints about names that other exporters' users rely on; nothing else may come.
INHERITED = {
    'helm_release_errors counter metrics should have "_total" suffix',
    # Customary in every client-go program; dashboards know them by these names.
    'workqueue_unfinished_work_seconds use base unit',
    # Helm S3 Exporter's.
    'helm_s3_charts_total non-counter metrics should not have "_total" suffix',
    'helm_s3_versions_total non-counter metrics should not have "_total" suffix',
}
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def check_promtool(text):
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True,
                          text=True)
    complaints = {line for line in (done.stdout + done.stderr).splitlines() if line.strip()}
    assert complaints <= INHERITED, complaints - INHERITED


def check_openmetrics(lookout):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
    _, headers, body = lookout.get("/metrics", headers={"Accept": OPENMETRICS})
    assert headers["Content-Type"] == OPENMETRICS, headers["Content-Type"]
    families = list(text_string_to_metric_families(body.decode()))
    assert any(family.name == "helm_release_info" for family in families)


def check_same_samples(lookout):
    """Both formats and both codings carry the same release samples, byte for byte."""
    def lines(body):
        return [line for line in body.decode().splitlines() if line.startswith("helm_release_")]
    _, _, text = lookout.get("/metrics", headers={"Accept": "text/plain"})
    _, _, openmetrics = lookout.get("/metrics", headers={"Accept": OPENMETRICS})
    _, headers, packed = lookout.get("/metrics", headers={"Accept": "text/plain",
                                                          "Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert lines(text) and lines(text) == lines(openmetrics) == lines(gzip.decompress(packed))
    assert openmetrics.endswith(b"# EOF\n")


class TextProxy(http.server.BaseHTTPRequestHandler):
    """Asks for the plain text format, whatever the client asked for."""
    upstream = ""

    def do_GET(self):
        request = urllib.request.Request(self.upstream + self.path, headers={"Accept": "text/plain"})
        with urllib.request.urlopen(request) as answer:
            body = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def check_prometheus(lookout, folder):
    """Debian's Prometheus scrapes OpenMetrics directly and the text format through a proxy."""
    TextProxy.upstream = f"http://127.0.0.1:{lookout.metrics_port}"
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), TextProxy)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    (port,) = free_ports(1)
    config = folder / "prometheus.yml"
    targets = {"openmetrics": lookout.metrics_port, "text": proxy.server_address[1]}
    config.write_text("global: {scrape_interval: 1s}\nscrape_configs:\n" + "".join(
        f'- {{job_name: {job}, static_configs: [{{targets: ["127.0.0.1:{target}"]}}]}}\n'
        for job, target in targets.items()))
    with open(folder / "prometheus.log", "wb") as log:
        prometheus = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/tsdb",
             f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)

    def query(expression):
        url = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode(
            {"query": expression})
        try:
            with urllib.request.urlopen(url) as answer:
                return {row["metric"].get("job"): float(row["value"][1])
                        for row in json.load(answer)["data"]["result"]}
        except OSError:
            return {}

    try:
        wanted = sum(family == "helm_release_info"
                     for family, _ in release_samples(parse_samples(lookout.metrics())))
        wait_for("both scrapes up", lambda: query("up") == {"openmetrics": 1, "text": 1}, 30)
        wait_for("every release in both", lambda: query("count by (job) (helm_release_info)") ==
                 {"openmetrics": wanted, "text": wanted}, 15)
    finally:
        prometheus.terminate()
        prometheus.wait(10)
        proxy.shutdown()
