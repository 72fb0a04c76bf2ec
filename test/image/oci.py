"""An image as an OCI layout on disk: its manifest, configuration and files, read without any tool
for images. https://github.com/opencontainers/image-spec"""

import gzip
import hashlib
import io
import json
import pathlib
import tarfile

# e_machine of an ELF file (offset 18), by the architecture's name in an image.
MACHINES = {"amd64": 62, "arm64": 183}


class Image:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (described,) = json.loads((self.folder / "index.json").read_text())["manifests"]
        self.digest = described["digest"]
        self.manifest = json.loads(self.blob(self.digest))
        self.config = json.loads(self.blob(self.manifest["config"]["digest"]))
        self.entries = {}  # {path: TarInfo}
        self.contents = {}  # {path: bytes} of regular files
        for layer in self.manifest["layers"]:
            self._read_layer(self.blob(layer["digest"]))

    def blob(self, digest):
        content = (self.folder / "blobs" / digest.replace(":", "/")).read_bytes()
        assert "sha256:" + hashlib.sha256(content).hexdigest() == digest
        return content

    def unpacked_bytes(self):
        return sum(len(content) for content in self.contents.values())

    def unpack(self, folder):
        for path, entry in self.entries.items():
            target = pathlib.Path(str(folder) + path)
            if entry.isdir():
                target.mkdir(parents=True, exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(self.contents[path])
            target.chmod(entry.mode)

    def _read_layer(self, blob):
        packed = gzip.decompress(blob) if blob[:2] == b"\x1f\x8b" else blob
        with tarfile.open(fileobj=io.BytesIO(packed)) as layer:
            for entry in layer:
                path = "/" + entry.name.strip("./")
                self.entries[path] = entry
                if entry.isfile():
                    self.contents[path] = layer.extractfile(entry).read()


def machine_of(content):
    """None for what is not ELF."""
    if content[:4] != b"\x7fELF":
        return None
    return int.from_bytes(content[18:20], "little" if content[5] == 1 else "big")
