"""The list of components: valid, complete, and true to the files."""

import hashlib
import json
import pathlib
import re
import subprocess

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

PATH = "/sbom.cdx.json"
# What no library of the image tells of, but is compiled in.
HEADERS = {"nlohmann-json3-dev", "libboost1.74-dev", "libcli11-dev", "libstdc++-12-dev"}


def bill(bench):
    return json.loads(bench.image.contents[PATH])


def files_of(component):
    return {each["name"]: each["hashes"][0]["content"] for each in component.get("components", [])}


def test_sbom_is_valid(bench):
    validator = JsonStrictValidator(SchemaVersion.V1_5)
    wrong = validator.validate_str(bench.image.contents[PATH].decode())
    assert wrong is None, wrong


def test_sbom_names_every_file(bench):
    document = bill(bench)
    listed = files_of(document["metadata"]["component"])
    for component in document["components"]:
        assert not listed.keys() & files_of(component).keys()
        listed |= files_of(component)
    there = {path: hashlib.sha256(content).hexdigest()
             for path, content in bench.image.contents.items() if path != PATH}
    assert listed == there


def test_sbom_packages_are_debian_s(bench):
    for component in bill(bench)["components"]:
        match = re.match(r"^pkg:deb/debian/([^@]+)@([^?]+)\?arch=(amd64|arm64|all)"
                         r"&distro=debian-12&upstream=.+$", component["purl"])
        assert match, component["purl"]
        assert component["name"] == match[1].replace("%2B", "+")
        assert component["version"].replace("+", "%2B").replace(":", "%3A") == match[2]


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def installed_packages():
    """{name: version} of the image that it was built in, of dpkg's own records."""
    container = output("buildah", "from", "--pull-never", "localhost/helm-lookout-deps").strip()
    try:
        status = pathlib.Path(output("buildah", "mount", container).strip(), "var/lib/dpkg/status")
        records = status.read_text().split("\n\n")
    finally:
        output("buildah", "rm", container)
    fields = [dict(re.findall(r"^(\w+): (.*)$", record, re.MULTILINE)) for record in records]
    return {each["Package"]: each["Version"] for each in fields
            if each.get("Status") == "install ok installed"}


def test_sbom_versions_are_those_installed(bench):
    installed = installed_packages()
    for component in bill(bench)["components"]:
        assert installed[component["name"]] == component["version"], component["name"]


def is_header_only(component):
    return component["properties"] == [{"name": "helm-lookout:used-as", "value": "headers"}]


def test_sbom_names_what_was_compiled_in(bench):
    compiled = [each for each in bill(bench)["components"] if is_header_only(each)]
    assert HEADERS <= {each["name"] for each in compiled}
    assert not any(files_of(each) for each in compiled)


def test_sbom_is_beside_the_image_too(bench):
    assert (bench.folder / "beside.json").read_bytes() == bench.image.contents[PATH]
