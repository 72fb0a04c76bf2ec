"""Planted secrets: unique random texts, and the search for them in whatever form they come out."""

import base64
import binascii
import functools
import gzip
import re
import secrets
import string
import urllib.parse
import zlib

ALPHABET = string.ascii_letters + string.digits
ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{20,}={0,2}")
AROUND = 400  # bytes in which a secret that was found stands whole, however it is written
OF_ITS_OWN = 3  # characters behind the mark by which one that was cut off is known
LAYERS = 3  # of base64 and gzip that are taken off what looks like base64


class Canaries:
    """plant(WHERE) makes a secret; leaks(TEXT) names where those come from that TEXT holds."""

    def __init__(self):
        # All begin alike, so that one search finds any of them.
        self.mark = random_text(18)
        self.planted = {}  # {secret: where}
        self.needles = re.compile(b"|".join(map(re.escape, forms(self.mark))))

    def plant(self, where):
        secret = self.mark + random_text(18)
        self.planted[secret] = where
        return secret

    def leaks(self, found):
        """Sorted places; "?" for one of which no more than the mark came out."""
        found = found.encode() if isinstance(found, str) else found
        told = set()
        for text in unpacked(found):
            for hit in self.needles.finditer(text):
                told |= self.places(text[max(0, hit.start() - AROUND):hit.end() + AROUND])
        return sorted(told)

    def places(self, around):
        """Where what stands in these bytes comes from."""
        whole = {where for secret, where in self.planted.items()
                 if any(form in around for form in self.forms_of(secret))}
        return whole or {where for secret, where in self.planted.items()
                         if secret[:len(self.mark) + OF_ITS_OWN].encode() in around} or {"?"}

    @functools.cache
    def forms_of(self, secret):
        return forms(secret)

    def assert_none(self, told, what):
        leaked = self.leaks(told)
        assert not leaked, f"{what} tells {leaked}"


def random_text(size):
    return "".join(secrets.choice(ALPHABET) for _ in range(size))


def base64_forms(text):
    """What any base64 of a text that holds `text` must hold, wherever in it that stands."""
    made = set()
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + text)
        # Bits of neighbours are in the first and in the last character.
        first = 0 if shift == 0 else shift + 1
        made.add(whole[first:(len(text) + shift) * 8 // 6])
    return made


def forms(text):
    plain = text.encode()
    once = base64_forms(plain)
    twice = set().union(*(base64_forms(form) for form in once))
    escaped = {urllib.parse.quote(text, safe="").encode(),
               "".join(f"%{byte:02x}" for byte in plain).encode(),
               "".join(f"%{byte:02X}" for byte in plain).encode()}
    return {plain, plain[::-1], plain.hex().encode(), plain.hex().upper().encode(),
            base64.b64encode(gzip.compress(plain, mtime=0)), *escaped, *once, *twice}


def unpacked(text, layers=LAYERS):
    """The text, and what its base64 and gzip parts hold."""
    yield text
    if layers == 0:
        return
    for match in ENCODED.finditer(text):
        try:
            inner = base64.b64decode(match[0].translate(bytes.maketrans(b"-_", b"+/")) + b"==")
        except binascii.Error:
            continue
        if inner.startswith(b"\x1f\x8b"):
            try:
                inner = zlib.decompressobj(31).decompress(inner, 1 << 20)
            except zlib.error:
                continue
        yield from unpacked(inner, layers - 1)
