"""The servers themselves, seen by boto3, Helm and plain HTTP: what the other tests build on."""

import json

import registries
from charts import shown_by_helm
from http_servers import HEADER, PAGE, PASSWORD, TOKEN, USER
from s3_servers import HostProxy
from servers import answer
from testbed import BUCKET, PUSHED, SMALL


def refusal(client, **more):
    """The code that S3 refuses this read with; "" when it answers."""
    from botocore.exceptions import ClientError
    try:
        client.get_object(**{"Bucket": BUCKET, "Key": "servers/index.yaml", **more})
        return ""
    except ClientError as refused:
        return refused.response["Error"]["Code"]


def test_servers_s3_checks_what_aws_checks(bed):
    bed.s3_charts("servers")
    assert refusal(bed.s3.client()) == ""
    assert refusal(bed.s3.client(secret="wrong")) == "SignatureDoesNotMatch"
    assert refusal(bed.s3.client(access="AKIAUNKNOWN")) == "InvalidAccessKeyId"
    assert refusal(bed.s3.client(access=None, secret=None)) == "AccessDenied"
    assert refusal(bed.s3.client(token="unknown")) == "InvalidToken"
    assert refusal(bed.s3.client(), Bucket="nowhere") == "NoSuchBucket"
    assert refusal(bed.s3.client(), Key="nothing") == "NoSuchKey"
    etag = bed.s3.client().get_object(Bucket=BUCKET, Key="servers/index.yaml")["ETag"]
    assert refusal(bed.s3.client(), IfNoneMatch=etag) == "304"
    assert refusal(bed.s3_tls.client(verify=str(bed.authority.certificate))) == ""


def test_servers_s3_answers_virtual_hosts(bed):
    proxy = HostProxy()
    assert refusal(bed.s3.client(style="virtual", proxy={"http": proxy.url})) == ""
    assert [host.split(".")[0] for host in proxy.hosts] == [BUCKET]
    proxy.stop()


def test_servers_nginx_answers_as_configured(bed):
    def status(path, **headers):
        return bed.nginx.get(f"/{path}small/index.yaml", headers)[0]
    assert status("") == 200 and status("basic/") == 401 and status("header/") == 403
    assert status("bearer/") == 401
    assert status("bearer/", Authorization=f"Bearer {TOKEN}") == 200
    assert status("header/", **{"X-Api-Key": HEADER}) == 200
    shown, _ = shown_by_helm(bed.helm, bed.nginx.url("basic/small"), "--username", USER,
                             "--password", PASSWORD)
    assert {chart: len(versions) for chart, versions in shown.items()} == \
        {chart: len(versions) for chart, versions in SMALL.items()}
    assert bed.nginx.get("/away/small/index.yaml")[1]["Location"].startswith("http://localhost:")


def test_servers_registries_page_and_ask_for_tokens(bed):
    listing = f"/v2/{registries.USER}/charts/app/tags/list"
    status, headers, body = answer(bed.nginx.paging, listing)
    assert status == 200 and 'rel="next"' in headers["Link"], headers
    assert len(json.loads(body)["tags"]) == PAGE < len(PUSHED["app"])
    status, headers, body = answer(bed.registry_open.port, listing)
    assert status == 200 and "Link" not in headers
    assert len(json.loads(body)["tags"]) == len(PUSHED["app"])
    for registry, scheme in ((bed.registry_basic, "Basic"), (bed.registry_token, "Bearer")):
        status, headers, _ = answer(registry.port, listing)
        assert status == 401 and headers["WWW-Authenticate"].startswith(scheme)
        bed.helm.run("registry", "login", registry.host, "-u", registries.USER, "-p",
                     registries.PASSWORD, "--plain-http")
        told = bed.helm.run("show", "chart", f"oci://{registry.host}/{registries.USER}/charts/app",
                            "--version", "1.2.0+build.5", "--plain-http")
        assert "version: 1.2.0+build.5" in told
