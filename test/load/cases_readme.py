"""The demonstrations of test/fakes/README.md, as they stand there."""

import pathlib
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

from cluster import wait_for
from sandbox import OF_SANDBOX

README = pathlib.Path(__file__).parent.parent / "fakes/README.md"
SEEN_WITHIN_SECONDS = 90


def demonstrations():
    """(title, shell commands, lines that /metrics shows) of each."""
    text = README.read_text().split("## Demonstrations", 1)[1]
    for section in text.split("\n### ")[1:]:
        title, _, rest = section.partition("\n")
        blocks = re.findall(r"(?:^    .+\n)+", rest, re.M)
        commands, shown = ("".join(line[4:] for line in block.splitlines(True)) for block in blocks)
        yield title, commands, shown.splitlines()


def show(bench, title, commands, shown):
    try:
        watch(*bench.launch(releases=40, revisions=0, settings=OF_SANDBOX), title, commands, shown)
    finally:
        bench.stop()


def watch(sandbox, lookout, title, commands, shown):
    commands = commands.replace("localhost:8001", f"127.0.0.1:{sandbox.control_port}")
    subprocess.run(["bash", "-euc", commands], check=True, capture_output=True, timeout=60)
    last = {}

    def seen():
        lines = set(lookout.metrics().splitlines())
        last["missing"] = [line for line in shown if line not in lines]
        return not last["missing"]

    try:
        wait_for(title, seen, SEEN_WITHIN_SECONDS, every=0.2)
    except AssertionError as late:
        raise AssertionError(f"{late}: not seen: {last['missing']}") from None


def test_readme_demonstrations_show_what_they_say(bench):
    """Five faults by hand, with what one sees of them."""
    with ThreadPoolExecutor() as pool:
        running = [pool.submit(show, bench.another(), *each) for each in demonstrations()]
    assert len(running) == 5, running
    for each in running:
        each.result()


def test_readme_names_every_word_of_the_grammar(bench):
    """The table of words is the grammar's."""
    source = (README.parent / "fault_effects.cpp").read_text()
    words = re.findall(r'^    \{"([a-z-]+)",', source, re.M)
    assert len(words) > 25, words
    text = README.read_text()
    missing = [word for word in words if not re.search(rf"`{word}[`=]", text)]
    assert not missing, missing
