#!/usr/bin/env python3
"""archive.py IMAGE FOLDER ENTRYPOINT ARCHIVE: an image of one layer that holds FOLDER, in the
docker-archive format that `ctr images import` reads; made without any tool for images."""

import hashlib
import io
import json
import pathlib
import platform
import sys
import tarfile

ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}


def anonymous(entry):
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry


def layer_of(folder):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as layer:
        layer.add(folder, arcname=".", filter=anonymous)
    return packed.getvalue()


def write(image, folder, entrypoint, archive):
    layer = layer_of(folder)
    digest = hashlib.sha256(layer).hexdigest()
    config = json.dumps({
        "architecture": ARCHITECTURE[platform.machine()], "os": "linux",
        "config": {"User": "65532:65532", "Entrypoint": [entrypoint]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]}}).encode()
    manifest = json.dumps([{"Config": "config.json", "RepoTags": [image],
                            "Layers": ["layer.tar"]}]).encode()
    part = pathlib.Path(archive + ".part")
    with tarfile.open(part, "w") as packed:
        for name, content in (("layer.tar", layer), ("config.json", config),
                              ("manifest.json", manifest)):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content))
    part.rename(archive)


if __name__ == "__main__":
    write(*sys.argv[1:])
