"""Credentials for the API server: told nowhere, whatever that server answers and whatever is wrong
with the kubeconfig."""

import base64
import json

from cluster import wait_for
from hostile_server import BROKEN

# Of the moods, what an API server or a proxy before it may be in.
ANSWERS = ["unauthorized", "forbidden", "error", "busy", "moved", "away", "metadata", "cut", "page",
           "zipped", "coded", *BROKEN]


def kubeconfig(vault, name, cluster, user):
    config = {"apiVersion": "v1", "kind": "Config", "current-context": "x",
              "clusters": [{"name": "c", "cluster": cluster}],
              "users": [{"name": "u", "user": user}],
              "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}]}
    return vault.write(f"{name}.kubeconfig", json.dumps(config))


def plugin(vault, name, text, **more):
    """An exec plugin that prints `text` to both of its outputs."""
    script = vault.write(f"{name}.sh", f"#!/bin/sh\ncat <<'END'\n{text}\nEND\n"
                         + (f"echo '{more['complaint']}' >&2\nexit 1\n" if "complaint" in more
                            else ""))
    script.chmod(0o755)
    return {"exec": {
        "apiVersion": "client.authentication.k8s.io/v1", "command": str(script),
        "args": [vault.secrets.plant(f"{name}: argument")], "interactiveMode": "Never",
        "env": [{"name": "PLANTED", "value": vault.secrets.plant(f"{name}: environment")}]}}


def credential(token):
    return json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
                       "status": {"token": token}})


def identities(vault):
    """{name: user of a kubeconfig}; each is accepted, and sent to the server."""
    def plant(what):
        return vault.secrets.plant(f"kubeconfig: {what}")
    certificate, key = vault.authority.issue("client")
    return {
        "token": {"token": plant("token"), "as": plant("as"), "as-uid": plant("uid"),
                  "as-groups": [plant("group")], "as-user-extra": {"reason": [plant("extra")]}},
        "file": {"tokenFile": str(vault.write("token-file", plant("token file") + "\n"))},
        "password": {"username": "robot", "password": plant("password")},
        "plugin": plugin(vault, "plugin", credential(plant("token of a plugin"))),
        "certificate": {"client-certificate-data": encoded(certificate.read_bytes()),
                        "client-key-data": encoded(key.read_bytes())},
    }


def encoded(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def refused(lookout):
    """Whether it has tried and says so."""
    try:
        status, _, body = lookout.get("/readyz?verbose", lookout.health_port)
    except OSError:
        assert lookout.process.poll() is None, lookout.log_path.read_text()[-2000:]
        return False
    return status == 503 and b"not synced yet" not in body


def test_no_answer_of_the_server_brings_them_out(vault):
    """A server that repeats the request's credentials in its error, in each way it can fail."""
    hostile = vault.hostile_server(tls=True)
    users = list(identities(vault).items())
    tried = []
    for number, mood in enumerate(ANSWERS):
        name, user = users[number % len(users)]
        config = kubeconfig(vault, f"{mood}-{name}", {
            "server": f"{hostile.url}/{mood}",
            "certificate-authority": str(vault.authority.certificate)}, user)
        tried.append(vault.launch(kubeconfig=config))
    for name, user in users:
        config = kubeconfig(vault, f"all-{name}", {"server": f"{hostile.url}/unauthorized",
                                                   "insecure-skip-tls-verify": True}, user)
        tried.append(vault.launch("--log-format=json", kubeconfig=config))
    for lookout in tried:
        wait_for("the server's refusal", lambda: refused(lookout), 30)
        vault.assert_told_nothing(lookout)
        lookout.stop()
    # The server did get them, so there was something to repeat.
    told = vault.secrets.leaks(" ".join(hostile.told))
    for what in ("token", "token file", "extra"):
        assert f"kubeconfig: {what}" in told, told
    assert any(encoded("robot:")[:7] in each for each in hostile.told)


def wrong_kubeconfigs(vault):
    """{name: text} of files that stop the start, with something secret next to the mistake."""
    def plant(what):
        return vault.secrets.plant(f"wrong kubeconfig: {what}")
    server = "https://127.0.0.1:1"
    certificate, _ = vault.authority.issue("client")
    key = f"-----BEGIN PRIVATE KEY-----\n{encoded(plant('key'))}\n-----END PRIVATE KEY-----\n"
    whole = kubeconfig(vault, "whole", {"server": server}, {"token": plant("token")}).read_text()
    made = {
        "cut": whole[:-20], "yaml": f"users:\n- name: u\n  user: {{token: {plant('YAML')}\n",
        "list": f"users: [{plant('list')}]\n", "twice": f"token: {plant('1')}\ntoken: {plant('2')}\n",
        "type": whole.replace('"kind": "Config"', f'"kind": "{plant("kind")}"')}
    users = {
        "break": {"token": plant("line") + "\nX: " + plant("second line")},
        "not-text": {"token": {plant("in a mapping"): plant("mapping")}},
        "key": {"client-certificate": str(certificate), "client-key-data": encoded(key)},
        "base64": {"client-certificate": str(certificate),
                   "client-key-data": "!" + plant("no base64")},
        "no-file": {"tokenFile": str(vault.folder / "absent"), "password": plant("unused")},
        "empty-file": {"tokenFile": str(vault.write("bad-token", plant("a") + "\n" + plant("b")))},
        "provider": {"auth-provider": {"name": "oidc", "config": {"id-token": plant("provider")}}},
        "plugin-fails": plugin(vault, "fails", plant("output"), complaint=plant("complaint")),
        "plugin-json": plugin(vault, "half", '{"status": {"token": "' + plant("half")),
        "plugin-kind": plugin(vault, "kind", json.dumps({"kind": plant("kind of credential"),
                                                         "apiVersion": plant("version")})),
        "plugin-line": plugin(vault, "line", credential(plant("x") + "\n" + plant("y"))),
        "plugin-key": plugin(vault, "key", json.dumps({
            "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
            "status": {"clientCertificateData": plant("certificate"), "clientKeyData": key}})),
    }
    clusters = {
        "user-info": {"server": f"https://user:{plant('URL')}@127.0.0.1:1"},
        "query": {"server": f"{server}/?token={plant('query')}"},
        "proxy": {"server": server, "proxy-url": f"http://user:{plant('proxy')}@127.0.0.1:1"},
        "no-proxy": {"server": server, "proxy-url": f"ftp://user:{plant('bad proxy')}@127.0.0.1:1"},
        "socks": {"server": server, "proxy-url": f"socks5://u:{plant('socks')}@127.0.0.1:1"},
        "authority": {"server": server, "certificate-authority-data": encoded(plant("CA"))},
    }
    for name, user in users.items():
        made[name] = kubeconfig(vault, name, {"server": server}, user).read_text()
    for name, cluster in clusters.items():
        made[name] = kubeconfig(vault, name, cluster, {"token": plant("of " + name)}).read_text()
    return made


def test_wrong_kubeconfigs_are_not_quoted(vault):
    """What is wrong is named without its value, by the controller and by the commands."""
    started = {}
    for name, text in wrong_kubeconfigs(vault).items():
        path = vault.write(f"wrong-{name}.kubeconfig", text)
        started[name] = vault.launch(kubeconfig=path)
    for name, lookout in started.items():
        wait_for(f"{name}: an end or a refusal",
                 lambda: lookout.process.poll() is not None or refused(lookout), 30)
        if lookout.process.poll() is None:
            vault.assert_told_nothing(lookout)
            lookout.stop()
        assert lookout.log_path.stat().st_size > 0, name
        vault.secrets.assert_none(lookout.log_path.read_bytes(), name)
    ended = [name for name, lookout in started.items() if lookout.process.returncode == 2]
    assert len(ended) >= 5, ended
    for name in ended:
        path = vault.folder / f"wrong-{name}.kubeconfig"
        for command in ("releases", "plan"):
            code, told = vault.command(command, "--kubeconfig", path)
            assert code != 0 and told, name
            vault.secrets.assert_none(told, f"{command} with {name}")


def test_commands_do_not_repeat_the_server(vault):
    """releases and plan against a server that repeats the token in its refusal."""
    hostile = vault.hostile_server(tls=True)
    config = kubeconfig(vault, "command", {
        "server": f"{hostile.url}/forbidden",
        "certificate-authority": str(vault.authority.certificate)},
        {"token": vault.secrets.plant("token of a command")})
    for command in ("releases", "plan"):
        code, told = vault.command(command, "--kubeconfig", config, "--log-level", "debug")
        assert code != 0 and b"***" in told, told
        vault.secrets.assert_none(told, command)
    assert vault.secrets.leaks(" ".join(hostile.told)) == ["token of a command"]
