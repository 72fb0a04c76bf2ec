"""IRSA whole: a service account's token from the real API server, exchanged at a real STS for
session credentials, which read a bucket. Only in `make e2e-full`: MinIO takes minutes to build."""

from cases_s3 import assert_small
from cluster import wait_for
from runner import Skipped
from s3_servers import AUDIENCE, Minio
from scanning import errors, scans
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
