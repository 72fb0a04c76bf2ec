"""What the image holds and says of itself."""

import datetime
import pathlib
import re
import subprocess

from oci import MACHINES, machine_of

ROOT = pathlib.Path(__file__).parents[2]
SIZE_MAX = 30_000_000
# Beside libraries. A file that is not listed here has to be argued for.
FILES = {"/helm-lookout", "/sbom.cdx.json", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf",
         "/etc/ssl/certs/ca-certificates.crt"}
LIBRARY = re.compile(r"^/lib(64)?(/[a-z0-9_]+-linux-gnu)?/[A-Za-z0-9_+.-]+\.so(\.\d+)*$")


def git(*arguments):
    done = subprocess.run(["git", "-C", ROOT, *arguments], check=True, capture_output=True,
                          text=True)
    return done.stdout.strip()


def test_size(bench):
    size = bench.image.unpacked_bytes()
    pulled = sum(layer["size"] for layer in bench.image.manifest["layers"])
    print(f"        {size / 1e6:.1f} MB, {pulled / 1e6:.1f} MB to pull")
    assert size < SIZE_MAX, size


def test_only_what_is_needed(bench):
    files = set(bench.image.contents)
    assert FILES <= files, FILES - files
    odd = [path for path in files - FILES if not LIBRARY.match(path)]
    assert not odd, odd
    kinds = {path for path, entry in bench.image.entries.items()
             if not (entry.isfile() or entry.isdir())}
    assert not kinds, kinds  # no link, device or pipe


def test_nothing_else_can_be_run(bench):
    runs = {path for path, entry in bench.image.entries.items()
            if entry.isfile() and entry.mode & 0o111}
    loader = {path for path in runs if re.match(r"^/lib(64)?/ld-linux[a-z0-9_.-]+$", path)}
    assert runs - loader == {"/helm-lookout"}, runs
    assert len(loader) == 1


def test_nobody_can_change_or_become_another(bench):
    for path, entry in bench.image.entries.items():
        assert entry.mode & 0o7022 == 0, f"{path}: {entry.mode:o}"
        assert entry.uid == entry.gid == 0, path


def test_user_environment_and_entry_point(bench):
    config = bench.image.config["config"]
    assert config["User"] == "65532:65532"
    assert "LD_BIND_NOW=1" in config["Env"], config["Env"]
    assert config["Entrypoint"] == ["/helm-lookout"] and not config.get("Cmd")
    assert set(config["ExposedPorts"]) == {"9104/tcp", "8081/tcp"}
    (user,) = bench.image.contents["/etc/passwd"].decode().splitlines()
    fields = user.split(":")
    assert fields[2:4] == ["65532", "65532"]
    assert fields[6] and fields[6] not in bench.image.entries, fields  # no shell


def test_labels(bench):
    labels = {name.removeprefix("org.opencontainers.image."): text
              for name, text in bench.image.config["config"]["Labels"].items()}
    version = re.search(r"helm-lookout VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
    commit = git("describe", "--always", "--dirty", "--abbrev=12", "--exclude", "*")
    made = datetime.datetime.fromtimestamp(int(git("log", "-1", "--format=%ct")),
                                           datetime.timezone.utc)
    assert labels.pop("description")
    assert labels == {"title": "helm-lookout", "version": version, "revision": commit,
                      "created": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
                      "licenses": "Apache-2.0"}, labels


def test_HRE_13_machine(bench):
    """The binary and its libraries are of the machine that the image is for."""
    machine = MACHINES[bench.image.config["architecture"]]
    machines = {path: machine_of(content) for path, content in bench.image.contents.items()}
    assert machines["/helm-lookout"] == machine
    wrong = {path: found for path, found in machines.items()
             if found != machine and (found is not None or ".so" in path)}
    assert not wrong, wrong


def test_no_trace_of_the_build(bench):
    binary = bench.image.contents["/helm-lookout"]
    for trace in (b"/source/", b"/root/", str(ROOT).encode()):
        assert trace not in binary, trace
    sections = subprocess.run(["readelf", "-S", bench.root / "helm-lookout"], check=True,
                              capture_output=True, text=True).stdout
    assert ".symtab" not in sections and ".debug_info" not in sections


def test_hardened(bench):
    shown = subprocess.run(["readelf", "-hdlW", bench.root / "helm-lookout"], check=True,
                           capture_output=True, text=True).stdout
    assert "DYN (Position-Independent" in shown
    assert "BIND_NOW" in shown and "GNU_RELRO" in shown
    (stack,) = [line for line in shown.splitlines() if "GNU_STACK" in line]
    assert " RW " in stack, stack


def test_built_twice_is_the_same(bench):
    different = {path for path in bench.image.contents.keys() | bench.again.contents.keys()
                 if bench.image.contents.get(path) != bench.again.contents.get(path)}
    assert not different, different
    assert bench.image.digest == bench.again.digest
    made = {entry.mtime for entry in bench.image.entries.values()}
    assert made == {int(git("log", "-1", "--format=%ct"))}, made
