"""distribution v3 as an OCI registry: open, by password, by bearer token; and who issues tokens."""

import base64
import hashlib
import json
import subprocess

from cluster import free_ports
from servers import Server, write_htpasswd

# The token server grants only repositories under its user's name.
USER, PASSWORD = "team", "planted-canary-registry"
SERVICE, ISSUER = "lookout-registry", "lookout-issuer"


class Registry(Server):
    """One distribution server over the shared `store`, so that each shows the same charts."""

    def __init__(self, binaries, folder, name, store, auth=None, certificate=None):
        super().__init__(folder, name)
        self.binary = binaries / "registry"
        (self.port,) = free_ports(1)
        self.host = f"127.0.0.1:{self.port}"
        http = {"addr": self.host, "relativeurls": True}
        if certificate:
            http["tls"] = {"certificate": str(certificate[0]), "key": str(certificate[1])}
        configuration = {
            "version": 0.1, "log": {"level": "info", "accesslog": {"disabled": False}},
            "storage": {"filesystem": {"rootdirectory": str(store)}, "delete": {"enabled": True},
                        "maintenance": {"uploadpurging": {"enabled": False}}},
            "http": http}
        if auth:
            configuration["auth"] = auth
        self.configuration = self.folder / "config.yml"
        self.configuration.write_text(json.dumps(configuration))

    def start(self):
        return self.launch(self.binary, "serve", self.configuration, port=self.port,
                           environment={"OTEL_TRACES_EXPORTER": "none"})

    def requests(self):
        """Its access log and what it says else."""
        return (self.folder / "output.log").read_text()


def basic_auth(folder):
    path = folder / "registry.htpasswd"
    write_htpasswd(path, **{USER: PASSWORD})
    return {"htpasswd": {"realm": "charts", "path": str(path)}}


class TokenServer(Server):
    """The token issuer of docker/distribution, with a key that registries are told to trust."""

    def __init__(self, binaries, folder):
        super().__init__(folder, "token-server")
        self.binary = binaries / "token-server"
        (self.port,) = free_ports(1)
        self.key = self.folder / "key.pem"
        subprocess.run(["openssl", "genrsa", "-traditional", "-out", self.key, "2048"], check=True,
                       capture_output=True)
        write_htpasswd(self.folder / "htpasswd", **{USER: PASSWORD})
        self.jwks = self.folder / "jwks.json"
        self.jwks.write_text(json.dumps({"keys": [public_key(self.key)]}))

    def start(self):
        return self.launch(self.binary, "-addr", f"127.0.0.1:{self.port}", "-issuer", ISSUER,
                           "-realm", "tokens", "-passwd", self.folder / "htpasswd", "-key",
                           self.key, port=self.port)

    def registry_auth(self):
        return {"token": {"realm": f"http://127.0.0.1:{self.port}/token/", "service": SERVICE,
                          "issuer": ISSUER, "jwks": str(self.jwks)}}

    def requests(self):
        return (self.folder / "output.log").read_text()


def public_key(path):
    """The public half as a JSON Web Key, with the key id that libtrust puts into its tokens:
    base32 of the first 240 bits of SHA-256 over the DER, in groups of four."""
    der = subprocess.run(["openssl", "rsa", "-in", path, "-pubout", "-outform", "DER"], check=True,
                         capture_output=True).stdout
    text = base64.b32encode(hashlib.sha256(der).digest()[:30]).decode()
    kid = ":".join(text[i:i + 4] for i in range(0, len(text), 4))
    modulus = subprocess.run(["openssl", "rsa", "-in", path, "-noout", "-modulus"], check=True,
                             capture_output=True, text=True).stdout.strip().split("=")[1]
    encode = lambda octets: base64.urlsafe_b64encode(octets).decode().rstrip("=")
    return {"kty": "RSA", "kid": kid, "alg": "RS256", "use": "sig",
            "n": encode(bytes.fromhex(modulus)), "e": encode(b"\x01\x00\x01")}
