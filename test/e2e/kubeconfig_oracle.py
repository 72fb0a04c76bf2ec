"""What a kubeconfig means, on the wire: kubectl and helm-lookout ask the same recording server,
and what it saw of both must be equal.

kubeconfig_oracle.py BINARY SERVER_BINARIES [WORD...]: kubectl is one of the latter.
"""

import base64
import collections
import json
import os
import pathlib
import subprocess
import sys
import time

import runner
from recording import Authority, Proxy, Recorder

NAME = "cluster.test"  # nobody resolves it but a proxy
PASSWORD = "p@ss:w/rd"


class Bench:
    """Servers over TLS and plain, three proxies, and a folder for each case."""

    def __init__(self, binary, servers, folder):
        self.binary, self.folder = binary, folder
        self.kubectl_binary = pathlib.Path(servers) / "kubectl"
        self.cases = 0

    def start(self):
        self.ca = Authority(self.folder, "server-ca")
        self.other_ca = Authority(self.folder, "other-ca")
        clients = Authority(self.folder, "client-ca")
        self.clients = {name: clients.issue(name) for name in ("first", "second")}
        certificate = self.ca.issue("server", "IP:127.0.0.1", "DNS:localhost", f"DNS:{NAME}")
        self.tls = Recorder(certificate, clients.certificate)
        self.named = Recorder(self.ca.issue("named", f"DNS:{NAME}"), clients.certificate)
        self.plain = Recorder()
        self.http_proxy = Proxy(self.tls.port, "http")
        self.https_proxy = Proxy(self.tls.port, "http", self.ca.issue("proxy", "IP:127.0.0.1"))
        self.socks_proxy = Proxy(self.tls.port, "socks5")
        self.plain_proxy = Proxy(self.plain.port, "http")
        self.servers = (self.tls, self.named, self.plain)
        self.proxies = (self.http_proxy, self.https_proxy, self.socks_proxy, self.plain_proxy)

    def stop(self):
        for each in (*self.servers, *self.proxies):
            each.stop()

    def case(self):
        self.cases += 1
        folder = self.folder / f"case-{self.cases}"
        folder.mkdir()
        return Case(self, folder)

    def url(self, server=None):
        server = server or self.tls
        return f"http{'' if server is self.plain else 's'}://127.0.0.1:{server.port}"


def entry(kind, name, **values):
    return {kind + "s": [{"name": name, kind: {key.replace("_", "-"): value
                                               for key, value in values.items()}}]}


def config(*parts, current=None):
    """A kubeconfig of entries."""
    out = {"apiVersion": "v1", "kind": "Config"}
    for part in parts:
        for key, entries in part.items():
            out.setdefault(key, []).extend(entries)
    if current:
        out["current-context"] = current
    return out


def simple(cluster, **user):
    """One context with one cluster and one user."""
    return config(entry("cluster", "c", **cluster), entry("user", "u", **user),
                  entry("context", "x", cluster="c", user="u"), current="x")


Done = collections.namedtuple("Done", "returncode stdout stderr")


def end_of(process, log):
    """The exit code. helm-lookout goes on trying for a while; its first failure is enough, but for the
    end of a watch, which comes after a list."""
    deadline = time.monotonic() + 60
    while process.poll() is None:
        told = log.read_text()
        if "watching fails" in told and "watch: ended at once" not in told:
            process.kill()
            return process.wait()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)
    return process.returncode


def data(path):
    return base64.b64encode(pathlib.Path(path).read_bytes()).decode()


class Case:
    """Files of one case, and both programs on them."""

    def __init__(self, bench, folder):
        self.bench, self.folder = bench, folder

    def write(self, name, value):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return path

    def run(self, listed, explicit, arguments, variables):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder / "home"),
                       "SSL_CERT_FILE": str(self.bench.other_ca.certificate), **(variables or {})}
        if listed:
            environment["KUBECONFIG"] = ":".join(map(str, listed))
        for each in (*self.bench.servers, *self.bench.proxies):
            (each.asked if isinstance(each, Proxy) else each.requests).clear()
        for each in self.bench.servers:
            each.server_name = None
        log = self.folder / "stderr"
        with open(log, "w") as told:
            process = subprocess.Popen([str(word) for word in arguments(explicit)], cwd="/",
                                       env=environment, stdin=subprocess.DEVNULL, text=True,
                                       stdout=subprocess.PIPE, stderr=told)
            code = end_of(process, log)
        done = Done(code, process.stdout.read(), log.read_text())
        process.stdout.close()
        return done, self.seen()

    def seen(self):
        """Of the first request that came, and of what it came through; None when none did."""
        for number, server in enumerate(self.bench.servers):
            if server.requests:
                first = {key: value for key, value in server.requests[0].items() if key != "coding"}
                return {"server": number, **first, "through": [
                    (number, *proxy.asked[0]) for number, proxy in enumerate(self.bench.proxies)
                    if proxy.asked]}
        return None

    def codings(self):
        return {request["coding"] for server in self.bench.servers for request in server.requests}

    def compare(self, *listed, explicit=None, context=None, variables=None):
        """What both sent, after both did the same; None when both refused."""
        kubectl = self.kubectl(listed, explicit, context, variables, "get", "--raw", "/version")
        self.kubectl_codings = self.codings()
        ours = self.lookout(listed, explicit, context, variables)
        self.our_codings = self.codings()
        told = (f"\nkubectl: {kubectl[0].returncode} {kubectl[0].stderr}{kubectl[1]}"
                f"\nours: {ours[0].returncode} {ours[0].stderr}{ours[1]}")
        assert ours[1] == kubectl[1], told
        assert (ours[0].returncode == 0) == (kubectl[0].returncode == 0), told
        self.our_messages, self.kubectl_messages = ours[0].stderr, kubectl[0].stderr
        return kubectl[1] if kubectl[0].returncode == 0 else None

    def view(self, *listed, context=None):
        """The only cluster and user that kubectl makes of the files."""
        done, _ = self.kubectl(listed, None, context, None, "config", "view", "--raw", "--minify",
                               "-o", "json")
        assert done.returncode == 0, done.stderr
        shown = json.loads(done.stdout)
        return shown["clusters"][0]["cluster"], shown["users"][0]["user"]

    def kubectl(self, listed, explicit, context, variables, *words):
        return self.run(listed, explicit, lambda explicit: [
            self.bench.kubectl_binary, "--cache-dir", self.folder / "cache",
            *(["--kubeconfig", explicit] if explicit else []),
            *(["--context", context] if context else []), *words], variables)

    def lookout(self, listed, explicit, context, variables):
        return self.run(listed, explicit, lambda explicit: [
            self.bench.binary, *(["--kubeconfig", explicit] if explicit else []),
            *(["--context", context] if context else []), "releases"], variables)


def trusted(bench, server=None):
    return {"server": bench.url(server), "certificate_authority_data": data(bench.ca.certificate)}


def test_A7_list_merge_first_file_wins_per_key(bench):
    """Of a KUBECONFIG list the first file wins for each name, whole, and for current-context."""
    case = bench.case()
    one = case.write("one", config(
        entry("cluster", "c", **trusted(bench)), entry("user", "shared", token="of-one"),
        entry("context", "x", cluster="c", user="shared"), current="x"))
    two = case.write("two", config(
        entry("cluster", "c", server="https://127.0.0.1:1"),
        entry("user", "shared", token="of-two", as_="nobody"), entry("user", "extra", token="extra"),
        entry("context", "x", cluster="c", user="extra"),
        entry("context", "y", cluster="c", user="extra"), current="y"))
    assert case.view(one, two)[1] == {"token": "of-one"}
    assert case.compare(one, two)["headers"] == [("authorization", "Bearer of-one")]
    assert case.compare(one, two, context="y")["headers"] == [("authorization", "Bearer extra")]
    assert case.compare(two, one) is None  # its cluster is down
    assert case.compare(one, one)["headers"] == [("authorization", "Bearer of-one")]
    assert case.compare(one, two, context="nobody-knows") is None


def test_A7_relative_paths_are_of_their_own_file(bench):
    """Relative files lie beside the kubeconfig that names them, wherever it was merged."""
    case = bench.case()
    first = case.write("here/config", simple({"server": bench.url(),
                                              "certificate_authority": "pki/ca.crt"},
                                             client_certificate="pki/me.crt",
                                             client_key="pki/me.key", tokenFile="pki/token"))
    case.write("here/pki/ca.crt", bench.ca.certificate.read_text())
    for kind, path in zip(("crt", "key"), bench.clients["first"]):
        case.write(f"here/pki/me.{kind}", path.read_text())
    case.write("here/pki/token", "from-a-file\n")
    other = case.write("there/config", config(entry("user", "z", token="z")))
    seen = case.compare(other, first)
    assert seen["client"] == "first" and seen["headers"] == [
        ("authorization", "Bearer from-a-file")], seen
    assert case.compare(explicit=first) == seen


def test_A7_contexts(bench):
    """--context wins over current-context; a context without user is nobody, unknown names fail."""
    case = bench.case()
    path = case.write("config", config(
        entry("cluster", "c", **trusted(bench)), entry("user", "u", token="t"),
        entry("context", "known", cluster="c", user="u"),
        entry("context", "nobody", cluster="c", user=""),
        entry("context", "lost", cluster="gone", user="u"),
        entry("context", "unknown-user", cluster="c", user="gone"), current="known"))
    assert case.compare(path)["headers"] == [("authorization", "Bearer t")]
    for context in ("lost", "unknown-user", "no-such"):
        assert case.compare(path, context=context) is None, context


def test_A7_inline_data_over_files(bench):
    """Where both are given, inline data is what is used; a token file wins over its token."""
    case = bench.case()
    certificate, key = bench.clients["first"]
    wrong, wrong_key = bench.clients["second"]
    cluster = {**trusted(bench), "certificate_authority": str(bench.other_ca.certificate)}
    user = {"client_certificate": str(wrong), "client_certificate_data": data(certificate),
            "client_key": str(wrong_key), "client_key_data": data(key)}
    both = case.write("both", simple(cluster, **user))
    # kubectl says "will override", and then goes no further; what it says is what is done here.
    refused, _ = case.kubectl([both], None, None, None, "get", "--raw", "/version")
    assert "certificate-authority-data will override" in refused.stderr, refused
    done, seen = case.lookout([both], None, None, None)
    assert done.returncode == 0 and seen["client"] == "first", (done, seen)
    token = case.write("token", "of-the-file")
    path = case.write("config", simple(trusted(bench), token="inline", tokenFile=str(token)))
    assert case.compare(path)["headers"] == [("authorization", "Bearer of-the-file")]


def test_A7_tls_server_name(bench):
    """tls-server-name is what SNI asks for and the certificate must be for."""
    case = bench.case()
    named = {**trusted(bench, bench.named), "tls_server_name": NAME}
    seen = case.compare(case.write("named", simple(named, token="t")))
    assert seen["server_name"] == NAME, seen
    wrong = {**named, "tls_server_name": "elsewhere.test"}
    assert case.compare(case.write("wrong", simple(wrong, token="t"))) is None
    del named["tls_server_name"]
    assert case.compare(case.write("without", simple(named, token="t"))) is None
    localhost = {**trusted(bench), "server": bench.url().replace("127.0.0.1", "localhost")}
    assert case.compare(case.write("name", simple(localhost, token="t")))["server_name"] == "localhost"
    assert case.compare(case.write("address", simple(trusted(bench), token="t")))["server_name"] \
        is None


def test_A7_insecure_skip_tls_verify(bench):
    """Without a CA that fits, of its own or the system's, nobody is trusted, unless told so; both
    together are refused."""
    case = bench.case()
    url = bench.url()
    wrong = {"server": url, "certificate_authority": str(bench.other_ca.certificate)}
    system = case.write("system", simple({"server": url}, token="t"))
    assert case.compare(system) is None
    assert case.compare(system, variables={"SSL_CERT_FILE": str(bench.ca.certificate)})["headers"]
    assert case.compare(case.write("wrong", simple(wrong, token="t"))) is None
    skipped = {"server": url, "insecure_skip_tls_verify": True}
    assert case.compare(case.write("skip", simple(skipped, token="t")))["headers"]
    both = {**skipped, **wrong}
    assert case.compare(case.write("both", simple(both, token="t"))) is None


def test_A7_client_certificates(bench):
    """A client certificate is shown; one without its key is refused; a key alone is nobody."""
    case = bench.case()
    certificate, key = map(str, bench.clients["second"])
    full = simple(trusted(bench), client_certificate=certificate, client_key=key)
    assert case.compare(case.write("full", full))["client"] == "second"
    lone = simple(trusted(bench), client_certificate=certificate)
    assert case.compare(case.write("lone", lone)) is None
    mixed = simple(trusted(bench), client_certificate=certificate, client_key=key, token="t")
    seen = case.compare(case.write("mixed", mixed))
    assert seen["client"] == "second" and seen["headers"], seen


def test_A7_proxies(bench):
    """proxy-url of each kind leads there with its user, and hides the name from our resolver."""
    case = bench.case()
    user = "robot:p%40ss%3Aw%2Frd"
    for kind, proxy in (("http", bench.http_proxy), ("https", bench.https_proxy),
                        ("socks5", bench.socks_proxy)):
        for name, login in (("open", ""), ("login", user + "@")):
            cluster = {**trusted(bench), "server": f"https://{NAME}:6443/prefix/",
                       "proxy_url": f"{kind}://{login}127.0.0.1:{proxy.port}"}
            seen = case.compare(case.write(f"{kind}-{name}", simple(cluster, token="t")))
            word = "socks5" if kind == "socks5" else "CONNECT"
            expected = f"robot:{PASSWORD}" if login else None
            assert seen["through"] == [(bench.proxies.index(proxy), word, f"{NAME}:6443",
                                        expected)], (kind, seen)
            assert seen["host"] == f"{NAME}:6443" and seen["server_name"] == NAME, seen
            assert seen["prefix"] == "/prefix", seen


def test_A7_proxy_of_a_plain_server(bench):
    """For http:// servers a proxy is asked for the whole URL."""
    case = bench.case()
    cluster = {"server": f"http://{NAME}:8080",
               "proxy_url": f"http://127.0.0.1:{bench.plain_proxy.port}"}
    seen = case.compare(case.write("plain", simple(cluster, token="t")))
    assert seen["through"] == [(3, "GET", f"{NAME}:8080", None)] and not seen["headers"], seen


def test_A7_proxies_that_fail(bench):
    """A proxy of unknown kind, without host or that nobody listens at is an error for both."""
    case = bench.case()
    for number, url in enumerate(("http://127.0.0.1:1", "ftp://127.0.0.1:3128", "socks5://", "::")):
        cluster = {**trusted(bench), "proxy_url": url}
        assert case.compare(case.write(f"bad-{number}", simple(cluster, token="t"))) is None, url


def test_A7_proxies_of_the_environment(bench):
    """Without proxy-url the environment's proxy is used, but for NO_PROXY and this host."""
    case = bench.case()
    cluster = {**trusted(bench), "server": f"https://{NAME}:6443"}
    path = case.write("config", simple(cluster, token="t"))
    proxy = f"http://127.0.0.1:{bench.http_proxy.port}"
    assert case.compare(path, variables={"HTTPS_PROXY": proxy})["through"]
    assert case.compare(path, variables={"https_proxy": proxy})["through"]
    assert case.compare(path, variables={"HTTPS_PROXY": proxy, "NO_PROXY": ".test"}) is None
    assert case.compare(path, variables={"HTTP_PROXY": proxy}) is None
    local = case.write("local", simple(trusted(bench), token="t"))
    assert not case.compare(local, variables={"HTTPS_PROXY": proxy})["through"]


def test_A7_disable_compression(bench):
    """With disable-compression kubectl asks for no coding; helm-lookout never does."""
    case = bench.case()
    for disabled in (True, False):
        cluster = {**trusted(bench), "disable_compression": disabled}
        case.compare(case.write(f"compression-{disabled}", simple(cluster, token="t")))
        assert case.our_codings == {None}, case.our_codings
        assert case.kubectl_codings == ({None} if disabled else {"gzip"}), case.kubectl_codings


def test_A7_impersonation(bench):
    """as, as-uid, as-groups and as-user-extra become the headers that kubectl sends."""
    case = bench.case()
    whole = {"token": "t", "as": "jane", "as-uid": "u-1", "as-groups": ["developers", "a b"],
             "as-user-extra": {"scopes": ["view", "edit"], "example.com/Reason!": ["50% off"]}}
    seen = case.compare(case.write("whole", simple(trusted(bench), **whole)))
    assert ("impersonate-user", "jane") in seen["headers"] and len(seen["headers"]) == 8, seen
    alone = {"token": "t", "as-groups": ["developers"]}
    assert case.compare(case.write("alone", simple(trusted(bench), **alone))) is None


def test_A7_explicit_path_must_exist(bench):
    """--kubeconfig names one file that must exist and wins over KUBECONFIG."""
    case = bench.case()
    there = case.write("there", simple(trusted(bench), token="explicit"))
    listed = case.write("listed", simple(trusted(bench), token="listed"))
    assert case.compare(listed, explicit=there)["headers"] == [("authorization", "Bearer explicit")]
    assert case.compare(listed, explicit=case.folder / "missing") is None
    done, _ = case.lookout([listed], case.folder / "missing", None, None)
    assert done.returncode == 2 and "missing" in done.stderr, done


def test_A7_listed_path_may_be_missing(bench):
    """A file of KUBECONFIG that is missing is a warning; one that cannot be read is an error."""
    case = bench.case()
    there = case.write("there", simple(trusted(bench), token="t"))
    missing = case.folder / "not-there"
    assert case.compare(missing, there)["headers"] == [("authorization", "Bearer t")]
    assert str(missing) in case.our_messages, case.our_messages
    assert case.compare(case.write("broken", "clusters: {"), there) is None
    home = case.write("home/.kube/config", simple(trusted(bench), token="home"))
    assert case.compare()["headers"] == [("authorization", "Bearer home")]
    home.unlink()


def test_A7_A8_plain_servers_get_no_credentials(bench):
    """Tokens, passwords and certificates stay at home when the server is http://."""
    case = bench.case()
    token = case.write("token-file", "t")
    certificate, key = map(str, bench.clients["first"])
    for number, user in enumerate(({"token": "t"}, {"tokenFile": str(token)},
                                   {"username": "u", "password": PASSWORD},
                                   {"client-certificate": certificate, "client-key": key})):
        path = case.write(f"plain-{number}", simple({"server": bench.url(bench.plain)}, **user))
        assert case.compare(path)["headers"] == [], user


def test_A7_basic_auth_and_server_paths(bench):
    """User and password, and a path in the server's URL, arrive as kubectl sends them."""
    case = bench.case()
    cluster = {**trusted(bench), "server": bench.url() + "/k8s/clusters/c-1"}
    seen = case.compare(case.write("config", simple(cluster, username="u", password=PASSWORD)))
    assert seen["prefix"] == "/k8s/clusters/c-1" and seen["headers"][0][1].startswith("Basic ")


def test_A6_plugins_on_the_wire(bench):
    """A plugin's token and certificate arrive as with kubectl; failing ones fail both."""
    case = bench.case()
    certificate, key = (path.read_text() for path in bench.clients["second"])
    statuses = {"token": {"token": "of-the-plugin"},
                "pair": {"clientCertificateData": certificate, "clientKeyData": key},
                "half": {"clientCertificateData": certificate}, "empty": {}}
    for version in ("v1", "v1beta1"):
        for name, status in statuses.items():
            answer = {"apiVersion": f"client.authentication.k8s.io/{version}",
                      "kind": "ExecCredential", "status": status}
            case.write(f"bin/{name}.json", answer)
            plugin = case.write(f"bin/{name}", f'#!/bin/sh\ncat "$(dirname "$0")/{name}.json"\n')
            plugin.chmod(0o755)
            for told in (version, "v1" if version == "v1beta1" else "v1beta1"):
                user = {"exec": {"apiVersion": f"client.authentication.k8s.io/{told}",
                                 "command": f"bin/{name}", "interactiveMode": "Never"}}
                path = case.write(f"{version}-{name}-{told}", simple(trusted(bench), **user))
                seen = case.compare(path)
                works = told == version and name in ("token", "pair")
                assert (seen is not None) == works, (version, name, told, seen)
                if works and name == "pair":
                    assert seen["client"] == "second", seen


def main():
    binary, servers = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    chosen = runner.choose(runner.tests_of(sys.modules[__name__]), sys.argv[3:])
    return runner.run_in_folder("kubeconfig", chosen, lambda folder: Bench(binary, servers, folder))


if __name__ == "__main__":
    sys.exit(main())
