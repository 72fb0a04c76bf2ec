"""Repositories on S3, read by the product from a gateway that checks what AWS checks."""

import glob
import gzip
import re
import subprocess

from charts import s3_exporter_samples
from cluster import wait_for
from s3_servers import ACCESS_KEY, VIRTUAL_DOMAIN, HostProxy, VersityGateway
from runner import Skipped
from scanning import charts, count, errors, families, latest, scans, value
from testbed import BUCKET, SMALL

SMALL_COUNTS = {chart: len(versions) for chart, versions in SMALL.items()}
SMALL_LATEST = {"app": ("1.1.0", "5.1"), "db": ("0.1.0", "9")}


def assert_small(samples, *names):
    for name in names:
        assert charts(samples, name) == SMALL_COUNTS, (name, charts(samples, name))
        assert latest(samples, name) == SMALL_LATEST, (name, latest(samples, name))
        assert value(samples, "helm_repository_charts_discovered", repository=name,
                     namespace="") == len(SMALL)


def requests_for(bed, key):
    """Status of each request for this key that the gateway answered."""
    lines = [line for line in bed.s3.requests() if "_GetObject" in line and f"/{key} " in line]
    return [line.split(f"/{key} ")[1].split(" ")[0] for line in lines]


def test_s3_path_style_with_static_keys(bed):
    key = bed.s3_charts("plain")
    scan = bed.scan(bed.s3_repository("plain", key))
    samples = scan.wait_up("plain")
    assert_small(samples, "plain")
    assert value(samples, "helm_repository_chart_deprecated", repository="plain", chart="db") == 1
    index = bed.bucket.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    assert value(samples, "helm_repository_index_bytes", repository="plain") == len(index)
    assert errors(samples, "plain") == {}
    scan.stop()


def test_s3_keys_of_any_characters(bed):
    key = bed.s3_charts("odd")
    body = bed.bucket.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    odd = ["a b/index.yaml", "a+b&c=d;e/index.yaml", "per%cent%2F/index.yaml", "ümläut/索引.yaml",
           "(brackets)!*'/index.yaml", "dots/..two/index.yaml", "tilde~_-./index.yaml"]
    for each in odd:
        bed.bucket.put_object(Bucket=BUCKET, Key=each, Body=body)
    scan = bed.scan(*(bed.s3_repository(f"odd-{i}", each) for i, each in enumerate(odd)))
    names = [f"odd-{i}" for i in range(len(odd))]
    assert_small(scan.wait_up(*names), *names)
    scan.stop()


def test_s3_packed_index(bed):
    """Uploaded gzipped with its Content-Encoding, which S3 repeats whatever is asked for."""
    key = bed.s3_charts("packed")
    body = bed.bucket.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    bed.bucket.put_object(Bucket=BUCKET, Key="packed.yaml", Body=gzip.compress(body),
                          ContentEncoding="gzip")
    scan = bed.scan(bed.s3_repository("packed", "packed.yaml"))
    assert_small(scan.wait_up("packed"), "packed")
    scan.stop()


def test_s3_virtual_host_style(bed):
    key = bed.s3_charts("virtual")
    proxy = HostProxy()
    scan = bed.scan(bed.s3_repository("virtual", key, addressing="virtual",
                                      endpoint=f"http://{VIRTUAL_DOMAIN}:{bed.s3.port}"),
                    environment={"HTTP_PROXY": proxy.url})
    assert_small(scan.wait_up("virtual"), "virtual")
    assert set(proxy.hosts) == {f"{BUCKET}.{VIRTUAL_DOMAIN}:{bed.s3.port}"}, set(proxy.hosts)
    scan.stop()
    proxy.stop()


def test_s3_credentials_from_environment_and_profile(bed):
    key = bed.s3_charts("chain")
    profile = bed.write("aws-credentials", f"[charts]\naws_access_key_id = {ACCESS_KEY}\n"
                        f"aws_secret_access_key = {bed.secret.read_text()}\n")
    for environment in ({"AWS_ACCESS_KEY_ID": ACCESS_KEY,
                         "AWS_SECRET_ACCESS_KEY": bed.secret.read_text()},
                        {"AWS_SHARED_CREDENTIALS_FILE": str(profile), "AWS_PROFILE": "charts"}):
        scan = bed.scan(bed.s3_repository("chain", key, auth={}), environment=environment)
        assert_small(scan.wait_up("chain"), "chain")
        scan.stop()


def test_s3_failures_name_their_reason(bed):
    key = bed.s3_charts("failing")
    wrong = bed.write("wrong-secret", "planted-canary-wrong")
    for name, body in (("bodies/empty", b""), ("bodies/html", b"<!DOCTYPE html><html></html>\n"),
                       ("bodies/cut", b"apiVersion: v1\nentries:\n  app:\n  - name: 'ap")):
        bed.bucket.put_object(Bucket=BUCKET, Key=name, Body=body)
    failing = {
        "wrong-secret": (bed.s3_repository("wrong-secret", key, auth=bed.keys(
            secretAccessKeyFile=str(wrong))), {"signature"}),
        "unknown-key": (bed.s3_repository("unknown-key", key, auth=bed.keys(
            accessKeyId="AKIAUNKNOWN")), {"credentials"}),
        "session": (bed.s3_repository("session", key, auth=bed.keys(
            sessionTokenFile=str(bed.write("session", "planted-canary-session")))),
            {"credentials"}),
        "anonymous": (bed.s3_repository("anonymous", key, auth={"anonymous": True}),
                      {"forbidden"}),
        "no-bucket": (bed.s3_repository("no-bucket", key, bucket="nowhere"), {"not_found"}),
        "no-key": (bed.s3_repository("no-key", "nothing/index.yaml"), {"not_found"}),
        "no-file": (bed.s3_repository("no-file", key, auth=bed.keys(
            secretAccessKeyFile=str(bed.folder / "absent"))), {"credentials"}),
        "no-server": (bed.s3_repository("no-server", key, endpoint="http://127.0.0.1:1"),
                      {"connect"}),
        "no-name": (bed.s3_repository("no-name", key, endpoint="http://s3.nowhere.invalid:9000"),
                    {"dns"}),
        "empty": (bed.s3_repository("empty", "bodies/empty"), {"empty"}),
        "html": (bed.s3_repository("html", "bodies/html"), {"not_an_index", "malformed"}),
        "cut": (bed.s3_repository("cut", "bodies/cut"), {"malformed"}),
    }
    scan = bed.scan(bed.s3_repository("good", key), *(row[0] for row in failing.values()))
    samples = scan.wait_up("good")
    assert_small(samples, "good")
    samples = scan.wait_up(*failing, up=0)
    told = {name: set(errors(samples, name)) for name in failing}
    assert all(len(told[name]) == 1 and told[name] <= wanted
               for name, (_, wanted) in failing.items()), told
    # Never read: no chart series rather than zeros, and no time of a success.
    for name in failing:
        assert charts(samples, name) == {}
        assert value(samples, "helm_repository_last_success_timestamp_seconds",
                     repository=name) is None
        assert value(samples, "helm_repository_up", repository=name) == 0
    scan.stop()


def test_s3_wrong_region_is_discovered(bed):
    key = bed.s3_charts("region")
    scan = bed.scan(bed.s3_repository("region", key, region="us-east-1"))
    assert_small(scan.wait_up("region"), "region")
    wait_for("more scans", lambda: scans(scan.samples(), "region") >= 3)
    assert errors(scan.samples(), "region") == {}
    answers = requests_for(bed, key)
    # One refusal, then the region is known.
    assert answers.count("400") == 1 and answers[0] == "400", answers
    scan.stop()


def skewing_libraries(binary):
    """What to preload; a sanitizer's runtime wants to be first."""
    faketime = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not faketime:
        raise Skipped("libfaketime is not installed")
    linked = subprocess.run(["ldd", binary], check=True, capture_output=True, text=True).stdout
    sanitizers = re.findall(r"=> (\S*/lib[at]san\S*)", linked)
    return ":".join(sanitizers + faketime)


def test_s3_skewed_clock_works_after_one_retry(bed):
    preload = skewing_libraries(bed.binary)
    for name, offset in (("ahead", "+20m"), ("behind", "-20m")):
        key = bed.s3_charts(f"clock-{name}")
        scan = bed.scan(bed.s3_repository(name, key), environment={
            "LD_PRELOAD": preload, "FAKETIME": offset, "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
        assert_small(scan.wait_up(name), name)
        wait_for("more scans", lambda: scans(scan.samples(), name) >= 3)
        answers = requests_for(bed, key)
        assert answers[:2] == ["403", "200"] and answers.count("403") == 1, answers
        assert errors(scan.samples(), name) == {}
        scan.stop()


def test_s3_unchanged_index_costs_a_304(bed):
    key = bed.s3_charts("still")
    scan = bed.scan(bed.s3_repository("still", key))
    scan.wait_up("still")
    wait_for("unchanged scans", lambda: count(scan.samples(), "still", "unchanged") >= 2)
    samples = scan.samples()
    assert count(samples, "still", "success") == 1 and count(samples, "still", "error") == 0
    assert_small(samples, "still")
    assert set(requests_for(bed, key)[1:]) == {"304"}, requests_for(bed, key)
    scan.stop()


def test_s3_replaced_index_is_followed_within_one_scan(bed):
    key = bed.s3_charts("moving")
    scan = bed.scan(bed.s3_repository("moving", key))
    assert_small(scan.wait_up("moving"), "moving")
    # A chart leaves, another comes, a third gains a version.
    out = bed.folder / "s3-charts" / "moving-next"
    bed.helm.repository(out, {"app": ["1.0.0", "1.1.0", "2.0.0"], "cache": ["0.3.0"]},
                        f"s3://{BUCKET}/moving")
    bed.upload(out, "moving")
    seen = []

    def replaced():
        samples = scan.samples()
        seen.append((count(samples, "moving", "success"), charts(samples, "moving")))
        return seen[-1][0] == 2
    wait_for("the scan of the new index", replaced)
    assert charts(scan.samples(), "moving") == {"app": 3, "cache": 1}
    assert latest(scan.samples(), "moving")["app"] == ("2.0.0", "")
    # Every scrape shows all of the old or all of the new.
    assert all(held in (SMALL_COUNTS, {"app": 3, "cache": 1}) for _, held in seen), seen
    scan.stop()


def test_s3_stopped_server_keeps_the_last_good_data(bed):
    gateway = VersityGateway(bed.servers, bed.folder, "versitygw-moody", store=bed.s3.store)
    bed.keep(gateway.start())
    key = bed.s3_charts("moody")
    scan = bed.scan(bed.s3_repository("moody", key, endpoint=gateway.endpoint),
                    bed.s3_repository("steady", key))
    scan.wait_up("moody", "steady")
    gateway.stop(at_once=True)
    samples = scan.wait_up("moody", up=0)
    assert_small(samples, "moody", "steady")
    assert set(errors(samples, "moody")) == {"connect"}, errors(samples, "moody")
    before = value(samples, "helm_repository_last_success_timestamp_seconds", repository="moody")
    attempted = value(samples, "helm_repository_last_attempt_timestamp_seconds",
                      repository="moody")
    assert before and attempted > before
    gateway.start()
    samples = scan.wait_up("moody", seconds=30)
    assert value(samples, "helm_repository_last_success_timestamp_seconds",
                 repository="moody") > before
    scan.stop()


def test_s3_tls_with_an_authority_of_its_own(bed):
    key = bed.s3_charts("tls")
    def reached(name, **tls):
        return bed.s3_repository(name, key, endpoint=bed.s3_tls.endpoint, **tls)
    scan = bed.scan(
        reached("trusted", tls={"caFile": str(bed.authority.certificate)}),
        reached("careless", tls={"insecureSkipVerify": True}),
        reached("untrusted"))
    assert_small(scan.wait_up("trusted", "careless"), "trusted", "careless")
    samples = scan.wait_up("untrusted", up=0)
    assert set(errors(samples, "untrusted")) == {"tls"}, errors(samples, "untrusted")
    scan.stop()


def test_s3_families_of_helm_s3_exporter(bed):
    key = bed.s3_charts("families")
    scan = bed.scan(bed.s3_repository("families", key))
    samples = scan.wait_up("families")
    index = bed.bucket.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    expected = s3_exporter_samples(index, "families")
    got = families(samples, "helm_s3_")
    assert {k: v for k, v in got.items() if k in expected} == expected
    assert value(samples, "helm_s3_scrape_errors_total", repository="families") == 0
    assert value(samples, "helm_s3_scrape_duration_seconds_count", repository="families") >= 1
    assert value(samples, "helm_s3_last_scrape_success", repository="families") > 1.7e9
    scan.stop()
