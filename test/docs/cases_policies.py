"""The policies of docs/aws: what they hold, and what a real S3 server lets through under them."""

import json
import os
import re
import subprocess

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError
from cluster import free_ports, wait_for
from runner import Skipped

PLACES = {"BUCKET": "team-charts", "KEY": "stable/index.yaml"}
ROOT_USER, ROOT_PASSWORD = "lookout-root", "lookout-root-password"


def policies(bench):
    return {each.name: each.read_text() for each in sorted((bench.root / "docs/aws").glob("*.json"))}


def filled(text):
    for word, value in PLACES.items():
        text = re.sub(rf"\b{word}\b", value, text)
    return text


def test_policies_are_policies(bench):
    found = policies(bench)
    assert set(found) == {"policy.json", "policy-list.json", "trust-policy.json",
                          "trust-policy-pod-identity.json"}
    for name, text in found.items():
        policy = json.loads(text)
        assert set(policy) == {"Version", "Statement"} and policy["Version"] == "2012-10-17", name
        for statement in policy["Statement"]:
            assert statement["Effect"] == "Allow", name
            assert ("Principal" in statement) == name.startswith("trust"), name
            assert ("Resource" in statement) != ("Principal" in statement), name
            assert "*" not in json.dumps(statement), f"{name}: nothing is for everything"


def test_policy_allows_one_thing(bench):
    (statement,) = json.loads(policies(bench)["policy.json"])["Statement"]
    assert statement["Action"] == "s3:GetObject"
    assert statement["Resource"] == "arn:aws:s3:::BUCKET/KEY"


def test_trust_is_of_one_service_account(bench):
    for name in ("trust-policy.json", "trust-policy-pod-identity.json"):
        (statement,) = json.loads(policies(bench)[name])["Statement"]
        assert set(statement["Condition"]) == {"StringEquals"}, name
        told = json.dumps(statement["Condition"])
        assert "NAMESPACE" in told and "SERVICE_ACCOUNT" in told, name


def test_the_documentation_names_every_placeholder(bench):
    told = (bench.root / "docs/aws.md").read_text()
    for name, text in policies(bench).items():
        for word in re.findall(r"\b[A-Z]{3,}(?:_[A-Z]+)?\b", text):
            assert f"`{word}`" in told, f"{name}: {word}"


# --- a server that evaluates them ---


class Store:
    """MinIO, with two charts and their index."""

    def __init__(self, bench):
        self.port, console = free_ports(2)
        self.endpoint = f"http://127.0.0.1:{self.port}"
        folder = bench.folder / "minio"
        folder.mkdir()
        with open(folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                [bench.servers / "minio", "server", "--address", f"127.0.0.1:{self.port}",
                 "--console-address", f"127.0.0.1:{console}", folder / "objects"],
                stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, "MINIO_ROOT_USER": ROOT_USER, "MINIO_BROWSER": "off",
                     "MINIO_ROOT_PASSWORD": ROOT_PASSWORD, "HOME": str(folder)})
        root = self.client("s3", ROOT_USER, ROOT_PASSWORD)
        wait_for("MinIO", lambda: self.answers(root), 30)
        for bucket in ("team-charts", "other"):
            root.create_bucket(Bucket=bucket)
            for key in ("stable/index.yaml", "stable/app-1.0.0.tgz", "index.yaml"):
                root.put_object(Bucket=bucket, Key=key, Body=b"x")

    def client(self, service, access, secret, token=None):
        return botocore.session.Session().create_client(
            service, region_name="us-east-1", endpoint_url=self.endpoint, aws_access_key_id=access,
            aws_secret_access_key=secret, aws_session_token=token,
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0},
                          connect_timeout=5, read_timeout=10))

    @staticmethod
    def answers(client):
        try:
            return client.list_buckets() is not None
        except Exception:  # not up yet
            return False

    def under(self, policy):
        """An S3 client with the rights of root and of the policy, so of the policy alone."""
        sts = self.client("sts", ROOT_USER, ROOT_PASSWORD)
        got = sts.assume_role(RoleArn="arn:aws:iam::111122223333:role/any", RoleSessionName="test",
                              Policy=policy)["Credentials"]
        return self.client("s3", got["AccessKeyId"], got["SecretAccessKey"], got["SessionToken"])

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def code_of(call):
    try:
        call()
        return 200
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"]


def test_under_the_policy_the_index_is_read_and_nothing_else(bench):
    if not (bench.servers / "minio").exists():
        raise Skipped("needs MinIO (test/e2e/parts/build --full)")
    store = Store(bench)
    try:
        reader = store.under(filled(policies(bench)["policy.json"]))
        lister = store.under(filled(policies(bench)["policy-list.json"]))
        for client in (reader, lister):
            def get(bucket, key, client=client):
                return code_of(lambda: client.get_object(Bucket=bucket, Key=key))

            assert get("team-charts", "stable/index.yaml") == 200
            assert get("team-charts", "stable/app-1.0.0.tgz") == 403
            assert get("team-charts", "index.yaml") == 403
            assert get("other", "stable/index.yaml") == 403
            assert code_of(lambda c=client: c.put_object(
                Bucket="team-charts", Key="stable/index.yaml", Body=b"y")) == 403
            assert code_of(lambda c=client: c.delete_object(
                Bucket="team-charts", Key="stable/index.yaml")) == 403
            assert code_of(lambda c=client: c.list_objects_v2(Bucket="other")) == 403
        assert code_of(lambda: reader.list_objects_v2(Bucket="team-charts")) == 403
        assert code_of(lambda: lister.list_objects_v2(Bucket="team-charts")) == 200
    finally:
        store.stop()
