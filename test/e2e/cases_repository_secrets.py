"""Credentials of chart repositories: told nowhere, whatever their servers answer."""

import base64
import json

from cluster import wait_for
from hostile_server import BROKEN, MOODS
from vault import LOGGED

QUICK = {"interval": "1s", "timeout": "3s"}


def plant(vault, what):
    return vault.secrets.plant(f"repository: {what}")


def http_repositories(vault, hostile):
    """Each way to give a credential, in each mood of the server."""
    ways = {
        "basic": lambda: {"username": plant(vault, "user"), "password": plant(vault, "password")},
        "bearer": lambda: {"bearerTokenFile": str(vault.write(
            "bearer", plant(vault, "bearer") + "\n"))},
        "header": lambda: {"headers": [{"name": "X-Api-Key", "value": plant(vault, "header")}]},
        "env": lambda: {"username": "x", "passwordEnv": "PLANTED_PASSWORD"},
    }
    names = list(ways)
    for number, mood in enumerate([*MOODS, *BROKEN]):
        way = names[number % len(names)]
        yield {"name": f"{mood}-{way}", "auth": ways[way](), **QUICK, "type": "http",
               "url": f"{hostile.url}/{mood}/index.yaml?sig={plant(vault, 'query')}"}
    yield {"name": "away-header", "auth": ways["header"](), "url": f"{hostile.url}/away/", **QUICK}
    yield {"name": "proxied", "url": "http://charts.example.invalid/", **QUICK,
           "proxyURL": f"http://user:{plant(vault, 'proxy')}@{hostile.host}"}
    yield {"name": "keyed", "url": "https://127.0.0.1:1/", **QUICK, "tls": {
        "cert": vault.authority.issue("chart")[0].read_text(),
        "key": vault.authority.issue("chart")[1].read_text()}}


def oci_repositories(vault, hostile):
    docker = vault.write("docker.json", json.dumps({"auths": {hostile.host: {"auth": base64.b64encode(
        f"u:{plant(vault, 'docker')}".encode()).decode()}}}))
    for mood in ("unauthorized", "login", "forbidden", "error", "moved", "cut", "garbage"):
        for name, auth in {"login": {"username": "u", "password": plant(vault, "registry")},
                           "token": {"bearerToken": plant(vault, "registry token")},
                           "docker": {"dockerConfigFile": str(docker)}}.items():
            yield {"name": f"oci-{mood}-{name}", "url": f"oci://{hostile.host}/{mood}/charts/app",
                   "plainHTTP": True, "auth": auth, **QUICK}


def s3_repositories(vault, hostile):
    for mood in [*MOODS, "garbage", "chunk"]:
        yield {"name": f"s3-{mood}", "type": "s3", "bucket": mood, "endpoint": hostile.url,
               "addressing": "path", "region": "eu-west-1", **QUICK, "auth": {
                   "accessKeyId": "AKIA" + plant(vault, "key id")[-8:],
                   "secretAccessKey": plant(vault, "secret key"),
                   "sessionToken": plant(vault, "session token")}}


def wait_sent(vault, hostile, *credentials):
    """Until the server was sent each, so that there was something to repeat; a scan may end earlier."""
    def all_sent():
        told = vault.secrets.leaks(" ".join(hostile.told))
        return all(f"repository: {credential}" in told for credential in credentials)
    wait_for(f"{credentials} at the server", all_sent, 40)


def test_no_repository_brings_its_credentials_out(vault):
    """Web servers, registries and S3 that repeat what they are sent, in logs of both formats."""
    hostile = vault.hostile_server()
    repositories = [*http_repositories(vault, hostile), *oci_repositories(vault, hostile),
                    *s3_repositories(vault, hostile)]
    lookout = vault.launch("--log-format=json", kubeconfig=None, repositories=repositories,
                           environment={"PLANTED_PASSWORD": plant(vault, "from the environment")})
    lookout.wait_up(*(each["name"] for each in repositories), up=0, seconds=40)
    wait_sent(vault, hostile, "bearer", "header", "query", "session token", "registry token")
    vault.assert_told_nothing(lookout)
    lookout.stop()


def chains(vault, hostile):
    """Environments in which the credentials of S3 are got from servers and files."""
    token = vault.write("web-identity", plant(vault, "web identity"))
    profile = vault.write("aws-profile", "[default]\naws_access_key_id = AKIAPLANTED\n"
                          f"aws_secret_access_key = {plant(vault, 'profile')}\n"
                          f"aws_session_token = {plant(vault, 'profile session')}\n")
    broken = vault.write("aws-broken", f"[default\n{plant(vault, 'broken profile')}\n= {plant(vault, 'x')}")
    yield "keys", {"AWS_ACCESS_KEY_ID": "AKIAPLANTED",
                   "AWS_SECRET_ACCESS_KEY": plant(vault, "AWS_SECRET_ACCESS_KEY"),
                   "AWS_SESSION_TOKEN": plant(vault, "AWS_SESSION_TOKEN")}
    yield "profile", {"AWS_SHARED_CREDENTIALS_FILE": str(profile)}
    yield "broken", {"AWS_SHARED_CREDENTIALS_FILE": str(broken)}
    for mood in ("assumed", "error", "cut", "signature"):
        yield f"sts-{mood}", {"AWS_ROLE_ARN": "arn:aws:iam::1:role/r",
                              "AWS_WEB_IDENTITY_TOKEN_FILE": str(token),
                              "AWS_ENDPOINT_URL_STS": f"{hostile.url}/{mood}"}
    for mood in ("credentials", "unauthorized", "moved", "cut"):
        yield f"pod-{mood}", {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{hostile.url}/{mood}",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": plant(vault, "container token")}
        yield f"imds-{mood}", {"AWS_EC2_METADATA_DISABLED": "false",
                               "AWS_EC2_METADATA_SERVICE_ENDPOINT": f"{hostile.url}/{mood}"}


def test_no_chain_brings_credentials_out(vault):
    """STS, Pod Identity and instance metadata whose answers are secrets, and broken."""
    hostile = vault.hostile_server()
    s3 = {"type": "s3", "endpoint": hostile.url, "addressing": "path", "region": "eu-west-1", **QUICK}
    running = []
    for name, environment in chains(vault, hostile):
        running.append(vault.launch(kubeconfig=None, environment=environment, repositories=[
            {"name": name, "bucket": "signature", **s3}]))
    wait_sent(vault, hostile, "web identity", "AWS_SESSION_TOKEN", "profile session")
    for lookout in running:
        lookout.wait_up(*(labels["repository"] for labels in repositories_of(lookout)), up=0)
        vault.assert_told_nothing(lookout)
        lookout.stop()


def repositories_of(lookout):
    return [{"repository": each["name"]}
            for each in json.loads(lookout.settings.read_text())["repositories"]]


def wrong_settings(vault):
    """Repositories that stop the start, with something secret next to the mistake."""
    url = "http://127.0.0.1:1/"
    return {
        "user-info": {"url": f"http://u:{plant(vault, 'user info')}@127.0.0.1/"},
        "scheme": {"url": f"ftp://u:{plant(vault, 'scheme')}@127.0.0.1/?t={plant(vault, 'query')}"},
        "expansion": {"url": url, "auth": {"bearerToken": "${" + plant(vault, "expansion") + "}"}},
        "both": {"url": url, "auth": {"username": "x", "password": plant(vault, "both"),
                                      "passwordFile": "/nowhere"}},
        "line": {"url": url, "auth": {"bearerToken": plant(vault, "1") + "\n" + plant(vault, "2")}},
        "field": {"url": url, "auth": {"headers": [
            {"name": "X-Key", "value": plant(vault, "3") + "\r\nX: " + plant(vault, "4")}]}},
        "list": {"url": url, "auth": {"bearerToken": [plant(vault, "list")]}},
        "mapping": {"url": url, "auth": {"password": {"value": plant(vault, "mapping")}}},
        "text": {"url": url, "auth": plant(vault, "auth as text")},
        "key": {"url": url, "tls": {"key": plant(vault, "key without certificate")}},
        "proxy": {"url": url, "proxyURL": f"ftp://u:{plant(vault, 'proxy')}@127.0.0.1"},
        "interval": {"url": url, "interval": "-1s", "auth": {"bearerToken": plant(vault, "near")}},
        "s3": {"url": f"s3://bucket/x?token={plant(vault, 'S3')}", "auth": {
            "accessKeyId": "AKIA", "secretAccessKey": plant(vault, "alone"), "anonymous": True}},
    }


def test_wrong_settings_are_not_quoted(vault):
    """A mistake is named with its key and line, never with a value that may be secret."""
    texts = {name: json.dumps({"repositories": [{"name": "x", **each}]})
             for name, each in wrong_settings(vault).items()}
    texts["cut"] = '{"repositories": [{"name": "x", "auth": {"password": "' + plant(vault, "cut")
    texts["yaml"] = f"repositories:\n- name: x\n  auth: {{password: {plant(vault, 'YAML')}\n: : :\n"
    texts["twice"] = f"repositories:\n- auth: {{password: {plant(vault, '5')}, password: {plant(vault, '6')}}}\n"
    stopped = 0
    for name, text in texts.items():
        config = vault.write(f"wrong-{name}.yaml", text)
        lookout = vault.launch(kubeconfig=None, settings=config)
        try:
            stopped += lookout.process.wait(3) == 2
        except Exception:  # what is no mistake to it fails when it is scanned
            lookout.wait_scanned("x")
            vault.assert_told_nothing(lookout)
            lookout.stop()
        assert lookout.log_path.stat().st_size > 0, name
        vault.secrets.assert_none(lookout.log_path.read_bytes(), name)
    assert stopped >= len(texts) - 4, stopped


def test_scan_tells_no_credential(vault):
    """The command, by flags, by a URL with a query, and by a name of the settings file."""
    hostile = vault.hostile_server()
    token = vault.write("scan-token", plant(vault, "token of scan"))
    for mood in ("unauthorized", "forbidden", "error", "moved", "index", "zipped", "status"):
        url = f"{hostile.url}/{mood}/index.yaml?sig={plant(vault, 'query of scan')}"
        for flags in (("--bearer-token-file", token), ("-o", "json", "--username", "u",
                                                       "--password-env", "SCAN_PASSWORD")):
            code, told = vault.command("scan", url, *LOGGED, *flags, environment={
                "SCAN_PASSWORD": plant(vault, "password of scan")})
            assert code == 1 and told, (mood, code, told)
            vault.secrets.assert_none(told, f"scan of {mood}")
    for scheme in ("http", "htp", "ftp"):
        url = f"{scheme}://u:{plant(vault, 'user info')}@127.0.0.1:1/?x={plant(vault, 'no query')}"
        vault.secrets.assert_none(vault.command("scan", url)[1], f"scan of a {scheme} URL")
    assert "repository: token of scan" in vault.secrets.leaks(" ".join(hostile.told))
