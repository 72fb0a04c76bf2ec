"""What the endpoint lets in and what it turns away. The times that answers count are the real
ones (one minute for a token), so that only short waits are tested here; the unit tests have all
of them."""

import json
import os
import signal
import ssl
import subprocess
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from cluster import free_ports, wait_for
from lookout import parse_samples
from runner import Skipped

STATIC = "a-static-token-for-tests-0123456789"
AUDIENCE = "helm-lookout"


def test_open_without_settings(house):
    lookout = house.launch()
    assert lookout.status() == lookout.status("/") == 200
    assert "helm_lookout_auth_" not in lookout.ask("/metrics/self")[2].decode()
    lookout.stop()


def test_filter_follows_the_cluster_roles(house):
    lookout = house.launch("--auth-filter=true", tls=True)
    scraper, stranger = house.token("scraper"), house.token("stranger")
    assert lookout.status(token=scraper) == 200
    assert lookout.status(token=scraper, method="HEAD") == 200
    assert lookout.status("/metrics/self", token=scraper) == 200
    assert lookout.status("/", token=scraper) == 403
    # Kubernetes lets every authenticated user get /api/*, which must not open ours.
    assert lookout.status("/api/v1/releases", token=scraper) == 403
    assert lookout.status("/readyz?verbose", token=scraper) == 403
    viewer = house.token("viewer")
    for path in ("/", "/charts", "/api/v1/releases", "/api/v1/charts"):
        assert lookout.status(path, token=viewer) == 200, path
    assert lookout.status("/metrics", token=viewer) == 403
    assert lookout.status("/no-such-path", token=scraper) == 403
    assert lookout.status(token=stranger) == 403
    assert lookout.status(token=scraper + "x") == lookout.status(token="garbage") == 401
    status, headers, body = lookout.ask()
    assert (status, headers["WWW-Authenticate"], body) == (401, "Bearer", b"unauthorized\n")
    assert lookout.status("/no-such-path") == 401
    for path in ("/healthz", "/livez", "/readyz", "/health", "/ready"):
        assert lookout.status(path) == 200, path
    assert lookout.status("/readyz?verbose") == 401
    assert lookout.status("/readyz?verbose", token="admin-token") == 200
    # Who may everything may see everything.
    assert lookout.status("/", token="admin-token") == 200
    assert lookout.status("/no-such-path", token="admin-token") == 404
    assert lookout.count("denied", token=scraper) == 6
    samples = parse_samples(lookout.ask("/metrics/self", token=scraper)[2].decode())
    posted = {dict(labels)["code"]: number for (family, labels), number in samples.items()
              if family == "rest_client_requests_total" and dict(labels)["method"] == "POST"}
    assert set(posted) == {"201"} and posted["201"] < 30, posted
    lookout.stop()


def test_filter_by_kubernetes_own_role(house):
    house.cluster.kubectl("delete", "clusterrole", "helm-lookout")
    house.cluster.kubectl("create", "clusterrolebinding", "delegator",
                          "--clusterrole=system:auth-delegator",
                          "--serviceaccount=monitoring:helm-lookout")
    try:
        repository = house.folder / "index.yaml"
        repository.write_text("apiVersion: v1\nentries: {}\n")
        config = house.folder / "settings.yaml"
        config.write_text("repositories:\n- {name: team, type: http, "
                          f"url: 'file://{repository}'}}\n")
        lookout = house.launch("--releases=off", "--auth-filter=true", "--config", config)
        assert lookout.status(token=house.token("scraper")) == 200
        assert "without TLS" in lookout.log_path.read_text()
        lookout.stop()
    finally:
        house.cluster.kubectl("delete", "clusterrolebinding", "delegator")
        house.restore_role()


def test_filter_without_its_role_fails_closed(house):
    house.cluster.kubectl("delete", "clusterrolebinding", "helm-lookout")
    try:
        lookout = house.launch("--auth-filter=true", ready=False)
        wait_for("a server", lambda: answers(lookout))
        assert lookout.status(token=house.token("scraper")) == 503
        wait_for("the log says why", lambda: "tokenreviews" in lookout.log_path.read_text())
        lookout.stop()
    finally:
        house.bind("helm-lookout", "helm-lookout")


def answers(lookout):
    try:
        return lookout.status("/livez") == 200
    except OSError:
        return False


def test_filter_audiences(house):
    lookout = house.launch("--auth-filter=true", "--auth-audiences", f"other,{AUDIENCE}")
    assert lookout.status(token=house.token("scraper", "--audience", AUDIENCE)) == 200
    assert lookout.status(token=house.token("scraper", "--audience", "someone-else")) == 401
    assert lookout.status(token=house.token("scraper")) == 401
    lookout.stop()
    plain = house.launch("--auth-filter=true")
    assert plain.status(token=house.token("scraper", "--audience", AUDIENCE)) == 401
    plain.stop()


def test_filter_notices_what_changes(house):
    if not house.full:
        raise Skipped("takes a minute; --full runs it")
    lookout = house.launch("--auth-filter=true")
    token = house.token("leaver")
    assert lookout.status(token=token) == 403
    house.bind("scraper", "leaver")
    # A no counts for half a minute.
    wait_for("the new binding", lambda: lookout.status(token=token) == 200, 45, every=1)
    house.cluster.kubectl("delete", "serviceaccount", "leaver", "-n", "monitoring")
    assert lookout.status(token=token) == 200
    # A token counts for a minute.
    began = time.monotonic()
    wait_for("the deleted account", lambda: lookout.status(token=token) == 401, 75, every=1)
    assert time.monotonic() - began < 65
    lookout.stop()


def test_filter_while_the_api_server_is_down(house):
    lookout = house.launch("--auth-filter=true")
    scraper, late = house.token("scraper"), house.token("scraper", "--duration", "20m")
    assert lookout.status(token=scraper) == 200
    server = house.cluster.processes[1]
    os.kill(server.pid, signal.SIGSTOP)  # reachable and silent: the worst kind of down
    try:
        with ThreadPoolExecutor(3) as pool:
            refused = [pool.submit(lookout.status, token=scraper + "x"),
                       pool.submit(lookout.status, token=late),
                       pool.submit(lookout.status, "/metrics/self", token=scraper)]
            assert lookout.status(token=scraper) == 200
            assert [each.result() for each in refused] == [503] * 3
        assert lookout.status(token=scraper) == 200
    finally:
        os.kill(server.pid, signal.SIGCONT)
    wait_for("it works again", lambda: lookout.status(token=late) == 200)
    lookout.stop()


def test_flood_of_garbage_delays_nobody(house):
    lookout = house.launch("--auth-filter=true", tls=True)
    scraper = house.token("scraper")
    assert lookout.status(token=scraper) == 200
    with ThreadPoolExecutor(16) as pool:
        flood = [pool.submit(lookout.status, token=f"garbage-{i}") for i in range(400)]
        took = []
        for _ in range(10):
            began = time.monotonic()
            assert lookout.status(token=scraper) == 200
            took.append(time.monotonic() - began)
        statuses = {each.result() for each in flood}
    assert statuses <= {401, 429} and 429 in statuses, statuses
    assert max(took) < 5, took
    lookout.stop()


def test_client_certificates(house):
    authority = ("--client-ca-file", house.clients.certificate)
    client = house.clients.issue("anyone")
    lookout = house.launch(*authority, tls=True)
    assert lookout.status(pair=client) == 200
    assert lookout.status() == lookout.status(token=house.token("scraper")) == 401
    assert refuses_handshake(lookout, house.authority.issue("stranger"))
    lookout.stop()
    # With the filter a certificate is a name that needs a permission.
    name = "system:serviceaccount:monitoring:scraper"
    lookout = house.launch(*authority, "--auth-filter=true", tls=True)
    assert lookout.status(pair=house.clients.issue(name)) == 200
    assert lookout.status("/", pair=house.clients.issue(name)) == 403
    assert lookout.status(pair=client) == 403
    assert lookout.status(token=house.token("scraper")) == 200
    lookout.stop()


def refuses_handshake(lookout, pair):
    try:
        lookout.status(pair=pair)
    except (ssl.SSLError, OSError):
        return True
    return False


def test_token_file(house):
    tokens = house.folder / "tokens"
    tokens.write_text(f"# of the monitoring\n{STATIC}\n")
    lookout = house.launch("--auth-token-file", tokens, tls=True)
    assert lookout.status(token=STATIC) == lookout.status("/", token=STATIC) == 200
    assert lookout.status() == lookout.status(token=STATIC + "0") == 401
    assert lookout.status(token=house.token("scraper")) == 401
    # As kubelet does it: the name points to a new file.
    rotated = house.folder / "tokens.next"
    rotated.write_text(STATIC[::-1] + "\n")
    rotated.replace(tokens)
    wait_for("the new token", lambda: lookout.status(token=STATIC[::-1]) == 200, every=0.5)
    assert lookout.status(token=STATIC) == 401
    tokens.write_text("short\n")
    wait_for("the log names it", lambda: "not taken over" in lookout.log_path.read_text())
    assert lookout.status(token=STATIC[::-1]) == 200
    assert STATIC not in lookout.log_path.read_text()
    lookout.stop()
    # Beside the filter: either lets in.
    tokens.write_text(STATIC)
    lookout = house.launch("--auth-token-file", tokens, "--auth-filter=true", tls=True)
    assert lookout.status(token=STATIC) == lookout.status(token=house.token("scraper")) == 200
    lookout.stop()


def test_certificate_is_renewed_in_place(house):
    lookout = house.launch(tls=True)
    def expiry():
        samples = parse_samples(lookout.ask("/metrics/self")[2].decode())
        return samples["helm_lookout_tls_certificate_expiry_timestamp_seconds",
                       frozenset({("server", "metrics")})]
    before = expiry()
    assert before > time.time()
    time.sleep(1.1)  # the expiry has whole seconds
    house.pair = house.authority.issue("helm-lookout")  # the same paths
    wait_for("the new certificate", lambda: expiry() > before, every=0.5)
    lookout.stop()


def test_wrong_settings_end_with_2(house):
    broken = house.folder / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n")
    short = house.folder / "short-tokens"
    short.write_text("short\n")
    certificate, key = map(str, house.pair)
    pair = ("--tls-cert-file", certificate, "--tls-private-key-file", key)
    for flags, words in (
            (("--tls-cert-file", certificate), ("--tls-private-key-file",)),
            (("--tls-cert-file", str(broken), "--tls-private-key-file", key), (str(broken),)),
            (("--tls-cert-file", "/none.pem", "--tls-private-key-file", key), ("/none.pem",)),
            (("--client-ca-file", certificate), ("--tls-cert-file",)),
            ((*pair, "--client-ca-file", "/none.pem"), ("/none.pem",)),
            (("--auth-audiences", "a"), ("--auth-filter",)),
            (("--auth-token-file", "/none"), ("--auth-token-file", "/none")),
            (("--auth-token-file", str(short)), (str(short), "line 1")),
            (("--auth-filter=true", "--kubeconfig", "/none"), ("/none",)),
            (("--auth-filter=true", "--releases=off", "--kubeconfig", "/none", "--config",
              str(settings_with_repository(house))), ("/none",))):
        code, told = house.exit_of(*flags)
        assert code == 2, (flags, code, told)
        assert all(word in told for word in words), (flags, told)


def settings_with_repository(house):
    path = house.folder / "one-repository.yaml"
    path.write_text("repositories: [{name: team, url: 'https://charts.example.org'}]\n")
    return path


def test_prometheus_scrapes_with_token_and_tls(house):
    lookout = house.launch("--auth-filter=true", "--client-ca-file", house.clients.certificate, tls=True)
    token = house.folder / "scraper-token"
    token.write_text(house.token("scraper"))
    certificate, key = house.clients.issue("system:serviceaccount:monitoring:scraper")
    trust = {"ca_file": str(house.authority.certificate)}
    credentials = {"credentials_file": str(token)}
    jobs = {
        "token": {"tls_config": trust, "authorization": credentials},
        "certificate": {"tls_config": {**trust, "cert_file": str(certificate),
                                       "key_file": str(key)}},
        "nobody": {"tls_config": trust},
        "untrusting": {"authorization": credentials},
    }
    target = [{"targets": [f"localhost:{lookout.metrics_port}"]}]
    config = house.folder / "prometheus-endpoint.yml"
    config.write_text(json.dumps({
        "global": {"scrape_interval": "1s"},
        "scrape_configs": [{"job_name": name, "scheme": "https", "static_configs": target, **job}
                           for name, job in jobs.items()]}))
    (port,) = free_ports(1)
    with open(house.folder / "prometheus-endpoint.log", "wb") as log:
        prometheus = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}",
             f"--storage.tsdb.path={house.folder}/tsdb-endpoint"], stdout=log, stderr=log)
    try:
        def as_expected():
            health = target_health(port, jobs)
            return health and health["token"] == health["certificate"] == ("up", "") \
                and "401" in health["nobody"][1] and "certificate" in health["untrusting"][1]
        wait_for("the right targets are up", as_expected, 30)
    finally:
        prometheus.terminate()
        prometheus.wait(10)
        lookout.stop()


def target_health(port, jobs):
    """{job: (health, last error)} once all are known."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/targets", timeout=5) as answer:
            targets = json.load(answer)["data"]["activeTargets"]
    except OSError:
        return None
    health = {each["labels"]["job"]: (each["health"], each["lastError"]) for each in targets}
    return health if set(health) == set(jobs) and all(
        state != "unknown" for state, _ in health.values()) else None


def test_no_token_in_the_logs(house):
    for path in house.folder.glob("lookout-*.log"):
        text = path.read_text()
        assert "eyJ" not in text and STATIC not in text and "garbage" not in text, path
