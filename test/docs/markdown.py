"""Markdown as far as the tests need it: links, anchors, tables, blocks of commands."""

import re
import urllib.parse

FENCE = re.compile(r"^( *)(```+|~~~+)[ ]*([^\n]*)\n(.*?)^ *\2[ ]*$", re.M | re.S)
LINK = re.compile(r"\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.M)


def without_blocks(text):
    return FENCE.sub("", text)


def links(text):
    return LINK.findall(re.sub(r"`[^`\n]*`", "", without_blocks(text)))


def anchors(text):
    """As GitHub makes them of headings; a repeated one gets a number."""
    found = {}
    for heading in HEADING.findall(without_blocks(text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found[slug] = found.get(slug, -1) + 1
    return {slug if not n else f"{slug}-{n}" for slug, most in found.items()
            for n in range(most + 1)}


def split_link(link):
    path, _, anchor = link.partition("#")
    return urllib.parse.unquote(path), anchor


def tables(text):
    """[[cells of a row, ...], ...] of each table, its heading first."""
    found, rows = [], []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
        elif rows:
            found.append([row for row in rows if not re.fullmatch(r":?-+:?", row[0])])
            rows = []
    return found


def blocks(text):
    """(words after the fence, content)."""
    return [(match[3], match[4]) for match in FENCE.finditer(text)]
