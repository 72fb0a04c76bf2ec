"""Every server that the repository tests use, started once, and the product beside them."""

import pathlib

import registries
from charts import Helm, Version
from cluster import Cluster
from http_servers import Nginx
from registries import Registry, TokenServer, basic_auth
from s3_servers import ACCESS_KEY, REGION, SECRET_KEY, VersityGateway
from scanning import Scanning
from servers import Authority

BUCKET = "charts"
SMALL = {"app": ["1.0.0", Version("1.1.0", "5.1"), Version("2.0.0-rc.1", "6.0")],
         "db": [Version("0.1.0", "9", True)]}
PUSHED = {"app": ["1.0.0", Version("1.1.0", "5.1"), "2.0.0-rc.1", Version("1.2.0+build.5", "5.2"),
                  "0.9.0"],
          "db": [Version("0.1.0", "9", True)]}


class Testbed:
    def __init__(self, binary, servers, folder, full=False):
        self.binary = binary
        self.servers = pathlib.Path(servers)
        self.folder = folder
        self.full = full
        self.launched = []
        self.started = []
        self.cluster = None

    def start(self):
        self.authority = Authority(self.folder / "authority")
        self.helm = Helm(self.servers / "helm3", self.folder / "helm")
        self.start_s3()
        self.start_registries()
        self.nginx = self.keep(Nginx(self.folder, self.authority, self.registry_open).start())
        self.helm.repository(self.nginx.root / "small", SMALL)
        self.secret = self.write("s3-secret", SECRET_KEY)

    def start_s3(self):
        self.s3 = self.keep(VersityGateway(self.servers, self.folder).start())
        self.s3_tls = self.keep(VersityGateway(
            self.servers, self.folder, "versitygw-tls", store=self.s3.store,
            certificate=self.authority.issue("s3")).start())
        self.bucket = self.s3.client()
        self.bucket.create_bucket(Bucket=BUCKET)

    def start_registries(self):
        store = self.folder / "registry-store"
        store.mkdir()
        self.tokens = self.keep(TokenServer(self.servers, self.folder).start())
        certificate = self.authority.issue("registry")
        for name, auth, shown in (("open", None, None),
                                  ("basic", basic_auth(self.folder), None),
                                  ("token", self.tokens.registry_auth(), None),
                                  ("tls", None, certificate)):
            registry = Registry(self.servers, self.folder, f"registry-{name}", store, auth, shown)
            setattr(self, f"registry_{name}", self.keep(registry.start()))
        for chart, versions in PUSHED.items():
            for each in versions:
                each = Version(each) if isinstance(each, str) else each
                self.push(chart, each)

    def push(self, chart, version, registry=None):
        """A new version of a chart into the registries' one store."""
        archive = self.helm.package(self.folder / "pushed", chart, *version)
        self.helm.push(archive, (registry or self.registry_open).host, f"{registries.USER}/charts")

    def start_cluster(self):
        """The real API server, when the first test asks for it."""
        if self.cluster is None:
            self.cluster = Cluster(self.servers, self.folder / "cluster")
            (self.folder / "cluster").mkdir()
            self.cluster.start()
        return self.cluster

    def keep(self, server):
        self.started.append(server)
        return server

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def scan(self, *repositories, **options):
        """helm-lookout with these repositories, ended by stop() at the latest."""
        flags = options.pop("flags", ())
        launched = Scanning(self.binary, self.folder, list(repositories), *flags, **options)
        self.launched.append(launched)
        return launched

    # --- repositories as settings ---

    def s3_repository(self, name, key, auth=None, **more):
        """Path style on the plain gateway with the right keys, but for what `more` says."""
        return {"name": name, "type": "s3", "bucket": BUCKET, "key": key, "region": REGION,
                "endpoint": self.s3.endpoint, "interval": "1s",
                "auth": auth if auth is not None else self.keys(), **more}

    def keys(self, **more):
        return {"accessKeyId": ACCESS_KEY, "secretAccessKeyFile": str(self.secret), **more}

    def http_repository(self, name, path, **more):
        return {"name": name, "type": "http", "url": self.nginx.url(path), "interval": "1s", **more}

    def oci_repository(self, name, registry, path=f"{registries.USER}/charts/app", **more):
        return {"name": name, "type": "oci", "url": f"oci://{registry.host}/{path}",
                "plainHTTP": True, "interval": "1s", **more}

    def upload(self, folder, prefix):
        """A folder made by Helm into the bucket, as helm-s3 lays it out."""
        for path in sorted(folder.iterdir()):
            self.bucket.put_object(Bucket=BUCKET, Key=f"{prefix}/{path.name}",
                                   Body=path.read_bytes())
        return f"{prefix}/index.yaml"

    def s3_charts(self, prefix, held=None):
        """The key of the index of a new chart repository in the bucket."""
        out = self.folder / "s3-charts" / prefix
        self.helm.repository(out, held or SMALL, f"s3://{BUCKET}/{prefix}")
        return self.upload(out, prefix)

    def stop(self):
        for each in self.launched:
            each.kill()
        for each in reversed(self.started):
            each.stop(at_once=True)
        if self.cluster:
            self.cluster.stop()
