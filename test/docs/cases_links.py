"""Links between documents lead somewhere, down to the heading."""

import re
import subprocess

import markdown

FOREIGN = re.compile(r"[a-z][a-z0-9+.-]*:")


def documents(bench):
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.md"], check=True,
                            cwd=bench.root, capture_output=True, text=True).stdout.split()
    return [bench.root / name for name in listed if (bench.root / name).exists()]


def broken(document, root):
    for link in markdown.links(document.read_text()):
        if FOREIGN.match(link):
            continue
        path, anchor = markdown.split_link(link)
        target = (document.parent / path).resolve() if path else document
        if root not in [target, *target.parents] or not target.exists():
            yield f"{document.relative_to(root)}: {link}"
        elif anchor and target.suffix == ".md":
            if anchor not in markdown.anchors(target.read_text()):
                yield f"{document.relative_to(root)}: {link} (no such heading)"


def test_relative_links_and_anchors_resolve(bench):
    found = documents(bench)
    assert len(found) >= 8, found
    wrong = [each for document in found for each in broken(document, bench.root)]
    assert not wrong, "\n".join(wrong)


def test_the_check_of_links_sees_what_is_broken(bench):
    folder = bench.folder / "links"
    folder.mkdir()
    (folder / "b.md").write_text("# Two `words`, twice\n## Two words twice\n")
    page = folder / "a.md"
    page.write_text("[x](b.md) [x](b.md#two-words-twice) [x](b.md#two-words-twice-1) [x](#a)\n# A\n"
                    "`[x](c.md)`\n```\n[x](c.md)\n```\n<https://x> [x](https://x/y)\n")
    assert not list(broken(page, folder))
    page.write_text("[x](c.md) [x](b.md#three) [x](../../etc) [x](#b) [x](b.md#two-words-twice-2)")
    assert len(list(broken(page, folder))) == 5
