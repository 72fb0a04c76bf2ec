"""S3 servers that check signatures: versitygw, and MinIO with its STS for `make e2e-full`."""

import http.server
import re
import threading
import urllib.parse

from cluster import free_ports, wait_for
from servers import Server, answer

ACCESS_KEY = "AKIALOOKOUTEXAMPLE01"
SECRET_KEY = "planted-canary/s3+secret=key"
REGION = "eu-west-1"
AUDIENCE = "sts.amazonaws.com"
VIRTUAL_DOMAIN = "s3.lookout.test"  # resolved by HostProxy alone


class VersityGateway(Server):
    """versitygw on one port; a second one over the same `store` may speak TLS."""

    def __init__(self, binaries, folder, name="versitygw", store=None, certificate=None):
        super().__init__(folder, name)
        self.binary = binaries / "versitygw"
        self.store = store or self.folder
        self.certificate = certificate
        (self.port,) = free_ports(1)
        scheme = "https" if certificate else "http"
        self.endpoint = f"{scheme}://127.0.0.1:{self.port}"

    def start(self):
        for part in ("objects", "attributes", "accounts"):
            (self.store / part).mkdir(exist_ok=True)
        tls = ["--cert", self.certificate[0], "--key", self.certificate[1]] \
            if self.certificate else []
        return self.launch(
            self.binary, "--quiet", "--port", f"127.0.0.1:{self.port}", "--region", REGION,
            "--virtual-domain", f"{VIRTUAL_DOMAIN}:{self.port}",
            "--iam-dir", self.store / "accounts", "--access-log", self.folder / "access.log",
            *tls, "posix", "--sidecar", self.store / "attributes", self.store / "objects",
            port=self.port,
            environment={"ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": SECRET_KEY})

    def client(self, access=ACCESS_KEY, secret=SECRET_KEY, region=REGION, token=None,
               style="path", verify=None, proxy=None):
        endpoint = f"http://{VIRTUAL_DOMAIN}:{self.port}" if style == "virtual" else self.endpoint
        return boto_client("s3", endpoint, access, secret, region, token, style, verify, proxy)

    def requests(self):
        """The lines of its access log."""
        log = self.folder / "access.log"
        return log.read_text().splitlines() if log.exists() else []


class Minio(Server):
    """MinIO, whose STS trusts the service account tokens of `issuer`."""

    def __init__(self, binaries, folder, issuer, issuer_certificate):
        super().__init__(folder, "minio")
        self.binary = binaries / "minio"
        self.issuer = issuer
        self.port, self.console = free_ports(2)
        self.endpoint = f"http://127.0.0.1:{self.port}"
        authorities = self.folder / "certificates" / "CAs"
        authorities.mkdir(parents=True)
        (authorities / "issuer.crt").write_bytes(issuer_certificate.read_bytes())

    def start(self):
        return self.launch(
            self.binary, "server", "--address", f"127.0.0.1:{self.port}", "--console-address",
            f"127.0.0.1:{self.console}", "--certs-dir", self.folder / "certificates",
            self.folder / "objects", port=self.port,
            environment={
                "MINIO_ROOT_USER": ACCESS_KEY, "MINIO_ROOT_PASSWORD": SECRET_KEY,
                "MINIO_BROWSER": "off", "MINIO_REGION": REGION,
                "MINIO_IDENTITY_OPENID_CONFIG_URL":
                    f"{self.issuer}/.well-known/openid-configuration",
                "MINIO_IDENTITY_OPENID_CLIENT_ID": AUDIENCE,
                "MINIO_IDENTITY_OPENID_ROLE_POLICY": "readonly"})

    def role_arn(self):
        """The role that it gives to who brings a token; it says so once at its start."""
        log = self.folder / "output.log"
        return wait_for("MinIO names its role", lambda: re.search(
            r"arn:minio:iam:\S+", log.read_text()), 10)[0]

    def client(self, access=ACCESS_KEY, secret=SECRET_KEY, token=None):
        return boto_client("s3", self.endpoint, access, secret, REGION, token)

    def assume(self, token):
        """Session credentials for a service account's token, by boto3."""
        sts = boto_client("sts", self.endpoint, None, None, REGION)
        return sts.assume_role_with_web_identity(
            RoleArn=self.role_arn(), RoleSessionName="e2e", WebIdentityToken=token)["Credentials"]


def boto_client(service, endpoint, access, secret, region, token=None, style="path", verify=None,
                proxy=None):
    """boto3's client: the second opinion on what the servers answer."""
    import boto3
    from botocore import UNSIGNED
    from botocore.config import Config
    config = Config(signature_version=None if access else UNSIGNED, proxies=proxy,
                    s3={"addressing_style": style}, retries={"max_attempts": 1},
                    connect_timeout=3, read_timeout=10)
    return boto3.client(service, endpoint_url=endpoint, region_name=region, verify=verify,
                        aws_access_key_id=access, aws_secret_access_key=secret,
                        aws_session_token=token, config=config)


class HostProxy:
    """A forward proxy that finds every host on loopback: how bucket.s3.lookout.test is reached
    without a name server."""

    class Forward(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            split = urllib.parse.urlsplit(self.path)
            self.server.hosts.append(split.netloc)
            path = split.path + (f"?{split.query}" if split.query else "")
            asked = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            status, headers, body = answer(split.port or 80, path, {**asked, "Host": split.netloc})
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    def __init__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.Forward)
        self.server.hosts = []
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def hosts(self):
        return self.server.hosts

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
