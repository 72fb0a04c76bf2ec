"""What stands in Secrets: told nowhere, whether it can be decoded or not; the commands too."""

import json
import subprocess
import urllib.parse

import release_secrets
from canaries import Canaries, base64_forms, forms
from vault import settled

SHOWN = ("shown chart", "shown label")
UNDECODABLE = ("no-base64", "no-gzip", "crc", "half", "no-json", "type", "time", "escape", "raw",
               "nothing")


def test_the_search_finds_what_is_planted(vault):
    """Every form is found and named; a text without any is clean."""
    secrets = Canaries()
    one, two = secrets.plant("one"), secrets.plant("two")
    assert secrets.leaks(f"a {one} b") == ["one"] and secrets.leaks("nothing of the kind") == []
    for form in forms(one):
        # A part that is cut off may be found besides, without a name.
        assert set(secrets.leaks(b"x " + form + b" y")) - {"?"} == {"one"}, form
    for shift in range(3):
        whole = release_secrets.encoded("x" * shift + two + "and more")
        assert any(form in whole.encode() for form in base64_forms(two.encode()))
        assert secrets.leaks(release_secrets.encoded("y" * shift + whole)) == ["two"], shift
    stored = release_secrets.payload(json.dumps({"values": [one, "x" * 3000, two]}))
    assert secrets.leaks(stored) == ["one", "two"]
    assert secrets.leaks(urllib.parse.quote("/" + one, safe="")) == ["one"]
    assert secrets.leaks(secrets.mark) == ["?"]
    assert secrets.leaks(one[:-4] + "/") == ["one"]


def test_secrets_are_told_nowhere(vault):
    """Metrics, pages, API and log show of Secrets what the README lists, and nothing else."""
    lookout = vault.launch("--release-labels=shown")
    settled(lookout, 'reason="base64"')
    lookout.wait_ready()
    vault.assert_told_nothing(lookout, *SHOWN)
    samples = lookout.metrics()
    for name in UNDECODABLE:
        stopped_before = name == "crc"  # of this one the front is enough
        assert (f'helm_release_undecodable{{name="{name}"' in samples) != stopped_before, name
    change_and_delete(vault, lookout)
    vault.assert_told_nothing(lookout, *SHOWN)
    lookout.stop()


def change_and_delete(vault, lookout):
    """Events of the watch, with other secrets."""
    release = release_secrets.document(vault.secrets, "passing", chart="passing-chart")
    vault.post(release_secrets.secret(vault.secrets, "passing",
                                      release_secrets.payload(json.dumps(release))))
    settled(lookout, 'chart="passing-chart"')
    path = f"/api/v1/namespaces/{release_secrets.NAMESPACE}/secrets/sh.helm.release.v1.passing.v1"
    vault.cluster.api("DELETE", path)


def test_verify_mode_tells_no_more(vault):
    """Reading payloads to their end, with a log in JSON and all labels of an allow-list."""
    lookout = vault.launch("--decode=verify", "--log-format=json", "--release-labels=shown,team")
    lookout.wait_ready()
    settled(lookout, 'reason="gzip"')
    assert 'helm_release_undecodable{name="crc"' in lookout.metrics()
    vault.assert_told_nothing(lookout, *SHOWN)
    lookout.stop()


def test_commands_tell_no_payload(vault):
    """releases, plan and decode, as text and as JSON, of whole and of damaged Secrets."""
    cluster = ("--kubeconfig", vault.cluster.kubeconfig, "--log-level", "debug")
    for command in (("releases",), ("releases", "-o", "json"), ("plan",), ("plan", "-o", "json"),
                    ("plan", "-o", "values")):
        code, told = vault.command(*command, *cluster)
        assert code == 0, told
        found = vault.secrets.leaks(told)
        assert set(found) <= {"shown chart"}, (command, found)
        assert found or command[0] == "plan", command
    listed = vault.cluster.api("GET", f"/api/v1/namespaces/{release_secrets.NAMESPACE}/secrets")
    for each in listed["items"]:
        for form in ((), ("-o", "json")):
            told = vault.command("decode", "-", *form, stdin=json.dumps(each).encode())[1]
            assert set(vault.secrets.leaks(told)) <= {"shown chart"}, (each["metadata"], told)
        raw = each["data"].get("release", "").encode()
        told = vault.command("decode", "-", stdin=raw)[1]
        assert set(vault.secrets.leaks(told)) <= {"shown chart"}, (each["metadata"], told)


def test_a_crash_tells_nothing(vault):
    """Killed by a signal, or out of memory in the middle of its work: no core, no secret."""
    for hit in (["kill", "-ABRT"], ["kill", "-SEGV"], ["prlimit", "--as=1048576", "--pid"]):
        lookout = vault.launch("--decode=verify")
        lookout.wait_ready()
        subprocess.run([*hit, str(lookout.process.pid)], check=True)
        if hit[0] == "prlimit":
            for _ in range(50):  # each asks for memory that there is none of
                try:
                    lookout.get("/metrics", headers={"Accept-Encoding": "gzip"})
                except OSError:
                    pass
        else:
            lookout.process.wait(20)
        vault.secrets.assert_none(lookout.log_path.read_bytes(), hit)
        lookout.kill()
    assert not list(vault.folder.glob("core*"))
