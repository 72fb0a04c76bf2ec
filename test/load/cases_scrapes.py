"""Twenty scrapers at once: none ever sees half of anything."""

import http.server
import json
import threading
import time

from cluster import wait_for
from scrapes import counts, missing_during_relists, scrape_at_once, torn

SCRAPERS = 20


def test_HSM_12_HEX_2_twenty_scrapers_see_whole_snapshots(bench):
    """While releases change as fast as they can, every scrape has each series of each release once."""
    sandbox, lookout = bench.launch(releases=100, revisions=2)
    sandbox.pace(per_second=500, churn="lifecycle")
    wrong = []

    def check(body):
        found = torn(body)
        if found:
            wrong.append(found)

    done = scrape_at_once(lookout, SCRAPERS, bench.seconds, check)
    sandbox.pace(per_second=0)
    print(f"        {done} scrapes", flush=True)
    assert done > 5 * SCRAPERS, done
    assert not wrong, wrong[:3]


def test_HEX_2_concurrent_scrapes_count_the_same(bench):
    """With contents that change and a number of series that does not, all scrapes count the same."""
    sandbox, lookout = bench.launch(releases=100, revisions=2)
    sandbox.pace(per_second=500, churn="current")
    seen = []

    def check(body):
        seen.append({family: count for family, count in counts(body).items()
                     if family.startswith(b"helm_release_")})

    done = scrape_at_once(lookout, SCRAPERS, bench.seconds / 2, check)
    sandbox.pace(per_second=0)
    assert done > 5 * SCRAPERS, done
    assert all(each == seen[0] for each in seen), "scrapes differ in their number of samples"


class ChangingIndex(http.server.BaseHTTPRequestHandler):
    """Forty charts whose versions and times are others at every request."""

    served = 0

    def do_GET(self):
        ChangingIndex.served += 1
        body = json.dumps({"apiVersion": "v1", "entries": {
            f"chart-{i}": [{"name": f"chart-{i}", "version": f"1.{ChangingIndex.served}.{patch}",
                            "created": f"2024-05-06T07:08:{ChangingIndex.served % 60:02}Z",
                            "urls": ["x.tgz"]} for patch in range(3)]
            for i in range(40)}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_S3X_1_scans_never_leave_a_scrape_without_charts(bench):
    """A repository that is another at each scan has all of its chart series in every scrape."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), ChangingIndex)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = bench.folder / "changing.yaml"
    url = f"http://127.0.0.1:{server.server_address[1]}"
    settings.write_text(json.dumps({"repositories": [
        {"name": "changing", "url": url, "interval": "1s"}]}))
    try:
        _, lookout = bench.launch(releases=20, revisions=1, settings=settings)
        wait_for("the repository", lambda: b"\nhelm_repository_chart_versions{" in
                 lookout.get("/metrics")[2], 30)
        seen, before = [], ChangingIndex.served

        def check(body):
            seen.append({family: count for family, count in counts(body).items()
                         if family.startswith(b"helm_repository_chart")})

        scrape_at_once(lookout, SCRAPERS, bench.seconds / 2, check)
        wait_for("scans", lambda: ChangingIndex.served >= before + 2, 30)
        assert seen[0][b"helm_repository_chart_versions"] == 40, seen[0]
        assert all(each == seen[0] for each in seen), [each for each in seen if each != seen[0]][:1]
    finally:
        server.shutdown()


def test_G19_L12_no_series_is_missing_during_relists(bench):
    """Scrapes while every release is listed anew, over and over: none lacks a series."""
    sandbox, lookout = bench.launch(releases=200, revisions=3)
    sandbox.pace(per_second=50, churn="current")
    told = missing_during_relists(sandbox, lookout, 10_000 if bench.whole else 1_000)
    sandbox.pace(per_second=0)
    print(f"        {told}", flush=True)
    assert told["scrapes_with_series_missing"] == 0, told


def test_L12_a_relist_that_changes_everything_shows_all_or_nothing(bench):
    """Every object is another one after a rewind: a scrape has the old releases or the new."""
    sandbox, lookout = bench.launch(releases=200, revisions=2)
    old = set(releases_of(lookout.get("/metrics")[2]))
    sandbox.pace(per_second=2_000, churn="lifecycle")
    time.sleep(2)
    sandbox.pace(per_second=0)
    wait_for("changes", lambda: torn(lookout.get("/metrics")[2]) == "", 30)
    wrong = []

    def check(body):
        found = torn(body)
        if found:
            wrong.append(found)

    sandbox.inject("rewind")
    scrape_at_once(lookout, 4, 8, check)
    assert not wrong, wrong[:3]
    wait_for("the old releases", lambda: set(releases_of(lookout.get("/metrics")[2])) == old, 60)


def releases_of(body):
    return [line.rsplit(b" ", 1)[0] for line in body.split(b"\n")
            if line.startswith(b"helm_release_info{")]
