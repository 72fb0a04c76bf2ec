"""Credentials of those who read the metrics, and what the program is started with."""

import json

from cluster import wait_for


def test_tokens_of_readers_are_told_nowhere(vault):
    """Static tokens, tokens that are asked about, and wrong ones, in every place of a request."""
    right, other = vault.secrets.plant("static token"), vault.secrets.plant("second static token")
    tokens = vault.write("tokens", f"{right}\n{other}\n")
    lookout = vault.launch("--auth-token-file", tokens, "--auth-filter=true")
    lookout.wait_ready()
    bearer = {"Authorization": f"Bearer {right}"}
    assert lookout.get("/metrics", headers=bearer)[0] == 200
    told = b""
    for headers in odd_requests(vault):
        for path in ("/metrics", "/", f"/{vault.secrets.plant('path')}",
                     f"/metrics?token={vault.secrets.plant('query')}"):
            status, fields, body = lookout.get(path, headers=headers)
            assert status in (400, 401, 403, 429, 431), (status, headers)
            told += str(fields).encode() + body
            told += lookout.get(path, headers={**bearer, **headers})[2]
    # Echoes of the path are no secret of ours, but there are none either.
    assert set(vault.secrets.leaks(told)) <= {"shown chart"}
    # A file that broke leaves the tokens in force and is not quoted.
    tokens.write_text(f"{right}\nshort {vault.secrets.plant('broken token')}\n")
    wait_for("the refusal of the file", lambda: b"reload_success 0" in lookout.get(
        "/metrics/self", headers=bearer)[2], 20)
    vault.assert_told_nothing(lookout, "shown chart", headers=bearer)
    lookout.stop()


def odd_requests(vault):
    def plant(what):
        return vault.secrets.plant(f"request: {what}")
    return [{"Authorization": f"Bearer {plant('unknown token')}"},
            {"Authorization": f"Basic {plant('password')}"},
            {"Authorization": f"{plant('scheme')} x"},
            {"Authorization": f"Bearer {plant('two')} {plant('words')}"},
            {"Authorization": "Bearer " + plant("long") * 300},
            {"Cookie": f"session={plant('cookie')}"}, {"X-Forwarded-For": plant("address")},
            {"Accept": plant("accept") + ";q=1"}, {"Accept-Encoding": plant("coding")},
            {"Host": plant("host")}, {"User-Agent": plant("agent")}]


def test_wrong_token_files_and_settings_are_not_quoted(vault):
    """What stops the start is named without a value that may be secret."""
    def plant(what):
        return vault.secrets.plant(f"wrong start: {what}")
    for name, text in {"space": f"{plant('a')} {plant('b')}", "short": "x\n" + plant("c"),
                       "control": plant("d") + "\x01", "empty": "\n"}.items():
        code, told = vault.command("--releases=off", "--auth-token-file",
                                   vault.write(f"tokens-{name}", text), "--config", repository(vault))
        assert code == 2 and told, (name, code, told)
        vault.secrets.assert_none(told, name)
    code, told = vault.command("--releases=off", "--config", repository(vault),
                               "--tls-cert-file", vault.authority.certificate,
                               "--tls-private-key-file", vault.write("bad.key", (
                                   "-----BEGIN PRIVATE KEY-----\n" + plant("key")
                                   + "\n-----END PRIVATE KEY-----\n")))
    assert code == 2 and told
    vault.secrets.assert_none(told, "key of the server")


def repository(vault):
    return vault.write("one-repository.yaml", json.dumps(
        {"repositories": [{"name": "x", "url": "http://127.0.0.1:1/"}]}))


def test_the_environment_is_told_nowhere(vault):
    """Variables of the program, those that hold secrets and all others."""
    environment = {name: vault.secrets.plant(f"environment: {name}") for name in (
        "PASSWORD", "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
        "VAULT_TOKEN", "HTTP_AUTHORIZATION")}
    proxy = vault.secrets.plant("environment: proxy")
    environment |= {"HTTPS_PROXY": f"http://user:{proxy}@127.0.0.1:1",
                    "HTTP_PROXY": f"http://user:{proxy}@127.0.0.1:1"}
    lookout = vault.launch(kubeconfig=None, environment=environment, repositories=[
        {"name": "proxied", "url": "https://charts.example.invalid/", "interval": "1s"},
        {"name": "plain", "url": "http://charts.example.invalid/", "interval": "1s"}])
    lookout.wait_up("proxied", "plain", up=0)
    vault.assert_told_nothing(lookout)
    lookout.stop()
    code, told = vault.command("--releases=off", "--config", "/nowhere", environment=environment)
    assert code == 2
    vault.secrets.assert_none(told, "a wrong start")


def test_probe_tells_no_token_and_no_body(vault):
    """probe sends its token to a server that repeats it, in each way that can fail."""
    hostile = vault.hostile_server()
    token = vault.write("probe-token", vault.secrets.plant("token of probe"))
    for mood in ("unauthorized", "error", "moved", "away", "cut", "status", "chunk", "short",
                 "coded"):
        code, told = vault.command("probe", f"{hostile.url}/{mood}?{vault.secrets.plant('query')}",
                                   "--bearer-token-file", token, "--contains",
                                   "what no answer holds")
        assert code == 1 and told, (mood, code, told)
        vault.secrets.assert_none(told, f"probe of {mood}")
    assert "token of probe" in vault.secrets.leaks(" ".join(hostile.told))
    code, told = vault.command("probe", f"http://u:{vault.secrets.plant('URL of probe')}@127.0.0.1:1/")
    assert code != 0
    vault.secrets.assert_none(told, "probe of a URL with a password")
