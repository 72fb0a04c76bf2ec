#!/usr/bin/env python3
"""real_inputs.py release|index FOLDER OUT: real Secrets or indexes as inputs of the fuzzers,
each behind the byte that says how it is packed or cut."""
import base64
import pathlib
import re
import sys

BYTES_MAX = 1 << 16
PIECES_OF_64 = b"\x3f"  # index_fuzz
BASE64_AS_IT_COMES = b"\x00"  # release_fuzz


def inputs(kind, folder):
    for path in sorted(folder.iterdir()):
        if kind == "index" and path.is_file():
            yield path.name, PIECES_OF_64 + path.read_bytes()
        elif path.suffix == ".yaml":
            payload = re.search(r"^  release: (\S+)$", path.read_text(), re.MULTILINE)
            yield path.name, BASE64_AS_IT_COMES + base64.b64decode(payload[1])


kind, folder, out = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
for name, content in inputs(kind, folder):
    if len(content) <= BYTES_MAX:
        (out / name).write_bytes(content)
