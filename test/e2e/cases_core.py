"""What a core image of the process would hold: none is written, and with --payload=never there is
nothing in it. With payloads, what was read is wiped."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import process_memory
import release_secrets
from cluster import wait_for
from vault import settled

SLICE = 24  # bytes of a payload as it is stored, at different places of it
PIECES = 8
QUIET_SECONDS = 20


def test_no_core_is_dumped(vault):
    """The limit is 0, and the kernel gives the process of another user to root: not dumpable."""
    place = pathlib.Path(tempfile.mkdtemp(prefix="lookout-core-"))  # where anyone may read
    place.chmod(0o755)
    shutil.copy(vault.binary, place / "helm-lookout")
    (place / "settings").write_text(
        '{"repositories": [{"name": "x", "url": "http://127.0.0.1:1/"}]}')
    command = ["setpriv", "--reuid=65532", "--regid=65532", "--clear-groups"]
    process = subprocess.Popen(
        [*command, place / "helm-lookout", "--releases=off", "--config", place / "settings",
         "--metrics-bind-address=127.0.0.1:0", "--health-probe-bind-address=127.0.0.1:0"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for("not dumpable", lambda: process.poll() is not None or (
            os.stat(f"/proc/{process.pid}/mem").st_uid == 0
            and b"helm-lookout" in open(f"/proc/{process.pid}/comm", "rb").read()), 10)
        assert process.poll() is None
        limits = open(f"/proc/{process.pid}/limits").read()
        core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
        assert core.split()[4:6] == ["0", "0"], core
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(place)


def needles_of(vault):
    """{bytes: what}: the mark of every secret, and pieces of the payloads in each of their forms."""
    needles = {vault.secrets.mark.encode(): "text"}
    for name, stored in vault.payloads.items():
        once = json.dumps(release_secrets.encoded(stored.decode())).encode()  # as in the API's JSON
        for form in (stored, once):
            for at in range(64, len(form) - SLICE, max(SLICE, len(form) // PIECES)):
                needles[form[at:at + SLICE]] = f"payload of {name}"
    return needles


def found(vault, lookout, needles, expected=()):
    """Names of what is in the memory, but for what may be shown."""
    told = {}
    for needle, places in process_memory.find(lookout.process.pid, needles).items():
        for mapping, around in places:
            what = needles[needle]
            for place in vault.secrets.places(around) if what == "text" else {what}:
                if place not in expected:
                    told.setdefault(place, set()).add(mapping or "anonymous")
    return told


def test_payload_never_lets_no_value_in(vault):
    """No byte of any payload is in the memory, while what metadata holds can be found there."""
    lookout = vault.launch("--payload=never", "--release-labels=shown").wait_ready()
    settled(lookout, 'name="shown"')
    vault.assert_told_nothing(lookout, "shown label")
    needles = needles_of(vault)
    told = found(vault, lookout, needles)
    of_values = {what: where for what, where in told.items() if not is_metadata(what)}
    assert "shown label" in told, "the search finds nothing"
    assert not of_values, of_values
    lookout.stop()


def is_metadata(what):
    """What --payload=never lets in: labels and annotations of Helm's Secrets, and who may read."""
    return what.endswith((": label", ": annotation", ": owner")) or what in (
        "shown label", "field manager", "token of the API server")


def test_payloads_are_wiped_after_reading(vault):
    """Once all is read, nothing of a payload is left but the facts that are shown."""
    lookout = vault.launch("--decode=verify", environment={"LD_BIND_NOW": "1"})  # as in the image
    lookout.wait_ready()
    settled(lookout, vault.shown_chart)
    needles = needles_of(vault)
    allowed = {"shown chart"}
    last = {}

    def wiped():
        told = found(vault, lookout, needles, allowed)
        assert any(needle == vault.secrets.mark.encode() for needle in process_memory.find(
            lookout.process.pid, [vault.secrets.mark.encode()])), "the search finds nothing"
        last["left"] = {what: where for what, where in told.items() if not is_metadata(what)}
        return not last["left"]
    try:
        wait_for("payloads wiped", wiped, QUIET_SECONDS, every=1)
    except AssertionError:
        raise AssertionError(f"left in memory: {last['left']}") from None
    lookout.stop()
