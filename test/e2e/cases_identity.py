"""Who we are on AWS. IRSA whole: a service account's token from the real API server, exchanged at
a real STS for session credentials, which read a bucket; and those credentials by other ways.
Only in `make e2e-full`: MinIO takes minutes to build."""

import subprocess
import sys

from cases_s3 import assert_small
from cluster import wait_for
from credential_servers import AUTHORIZATION, container_endpoint, document, instance_metadata
from runner import Skipped
from s3_servers import AUDIENCE, REGION, Minio
from scanning import clean_environment, errors, scans
from testbed import BUCKET

NS = "identity"


def service_account_token(cluster, audience=AUDIENCE):
    return cluster.kubectl("create", "token", "reader", "-n", NS, "--audience", audience).strip()


def start_minio(bed):
    """MinIO that trusts the cluster's issuer, and the key of an index in it."""
    if not bed.full:
        raise Skipped("part of e2e-full")
    cluster = bed.start_cluster()
    if not hasattr(bed, "minio"):
        cluster.kubectl("create", "clusterrolebinding", "issuer-discovery",
                        "--clusterrole=system:service-account-issuer-discovery",
                        "--group=system:unauthenticated")
        cluster.kubectl("create", "namespace", NS)
        cluster.kubectl("create", "serviceaccount", "reader", "-n", NS)
        bed.minio = bed.keep(Minio(bed.servers, bed.folder, cluster.issuer,
                                   bed.folder / "cluster/pki/apiserver.crt").start())
        client = bed.minio.client()
        client.create_bucket(Bucket=BUCKET)
        client.put_object(Bucket=BUCKET, Key="index.yaml",
                          Body=(bed.nginx.root / "small/index.yaml").read_bytes())
    return bed.minio


def repository(bed, name, **more):
    return bed.s3_repository(name, "index.yaml", auth={}, endpoint=bed.minio.endpoint, **more)


def environment(bed, token_file):
    """What the EKS webhook puts into a pod, and where STS is here."""
    return {"AWS_ROLE_ARN": bed.minio.role_arn(), "AWS_WEB_IDENTITY_TOKEN_FILE": str(token_file),
            "AWS_ROLE_SESSION_NAME": "helm-lookout", "AWS_ENDPOINT_URL_STS": bed.minio.endpoint}


def test_identity_servers_exchange_tokens(bed):
    minio = start_minio(bed)
    got = minio.assume(service_account_token(bed.cluster))
    client = minio.client(got["AccessKeyId"], got["SecretAccessKey"], got["SessionToken"])
    assert client.get_object(Bucket=BUCKET, Key="index.yaml")["Body"].read()


def test_identity_web_identity_reads_the_bucket(bed):
    start_minio(bed)
    token = bed.write("web-identity-token", service_account_token(bed.cluster))
    scan = bed.scan(repository(bed, "irsa"), environment=environment(bed, token))
    assert_small(scan.wait_up("irsa"), "irsa")
    wait_for("more scans", lambda: scans(scan.samples(), "irsa") >= 3)
    assert errors(scan.samples(), "irsa") == {}
    scan.stop()


def test_identity_wrong_tokens_name_their_reason(bed):
    start_minio(bed)
    for name, token in (("audience", service_account_token(bed.cluster, "elsewhere")),
                        ("garbage", "eyJhbGciOiJub25lIn0.planted-canary.x")):
        path = bed.write(f"token-{name}", token)
        scan = bed.scan(repository(bed, name), environment=environment(bed, path))
        samples = scan.wait_up(name, up=0)
        assert set(errors(samples, name)) <= {"credentials", "forbidden", "unauthorized"}, \
            errors(samples, name)
        # The right token put in place is used without a restart.
        bed.write(f"token-{name}.next", service_account_token(bed.cluster)).replace(path)
        assert_small(scan.wait_up(name, seconds=40), name)
        scan.stop()


def metadata_servers(bed):
    """[(server, the environment that names it)], both with session credentials of MinIO."""
    session = start_minio(bed).assume(service_account_token(bed.cluster))
    token = bed.write("pod-identity-token", AUTHORIZATION)
    container, instance = container_endpoint(session), instance_metadata(session)
    return [
        (container, {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{container.url}/v1/credentials",
                     "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(token)}),
        (instance, {"AWS_EC2_METADATA_SERVICE_ENDPOINT": instance.url,
                    "AWS_EC2_METADATA_DISABLED": "false"})]


READ_BY_BOTO3 = """
import boto3
print(len(boto3.client("s3", endpoint_url="{}", region_name="{}").get_object(
    Bucket="{}", Key="index.yaml")["Body"].read()))
"""


def test_identity_container_and_instance_credentials(bed):
    servers = metadata_servers(bed)
    home = bed.folder / "home"
    home.mkdir(exist_ok=True)
    for server, names in servers:
        script = READ_BY_BOTO3.format(bed.minio.endpoint, REGION, BUCKET)
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True,
                       timeout=30, env=clean_environment(home, names))
        by_boto3 = len(server.told)
        scan = bed.scan(repository(bed, "metadata"), environment=names)
        assert_small(scan.wait_up("metadata"), "metadata")
        wait_for("more scans", lambda: scans(scan.samples(), "metadata") >= 3)
        # Asked once, not with each scan.
        assert len(server.told) - by_boto3 <= by_boto3 + 1, server.told
        scan.stop()
        server.stop()


def test_identity_credential_process(bed):
    session = start_minio(bed).assume(service_account_token(bed.cluster))
    program = bed.write("credential-process", "#!/bin/sh\ncat <<'END'\n"
                        + document(session, Version=1).replace('"Token"', '"SessionToken"')
                        + "\nEND\n")
    program.chmod(0o755)
    config = bed.write("aws-config", f"[profile charts]\ncredential_process = {program}\n")
    scan = bed.scan(repository(bed, "process"), environment={
        "AWS_CONFIG_FILE": str(config), "AWS_PROFILE": "charts"})
    assert_small(scan.wait_up("process"), "process")
    scan.stop()
