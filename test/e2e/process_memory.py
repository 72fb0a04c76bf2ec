"""What stands in the memory of a process: the core image that nobody may have of it. Root reads it
through /proc, also of a process that allows no dump."""

from runner import Skipped

PIECE = 1 << 24
OVERLAP = 1 << 12


def mappings(pid):
    """(start, end, name) of what the process may have written."""
    for line in open(f"/proc/{pid}/maps"):
        fields = line.split(maxsplit=5)
        name = fields[5].strip() if len(fields) > 5 else ""
        if fields[1].startswith("rw") or (fields[1].startswith("r") and not name):
            start, end = (int(number, 16) for number in fields[0].split("-"))
            yield start, end, name


def pieces(pid):
    """(name, bytes) of the whole image; neighbours overlap, so that nothing is cut."""
    try:
        memory = open(f"/proc/{pid}/mem", "rb", buffering=0)
    except PermissionError as refused:
        raise Skipped(f"the memory of another process cannot be read here: {refused}") from None
    with memory:
        for start, end, name in mappings(pid):
            for at in range(start, end, PIECE):
                try:
                    memory.seek(at)
                    yield name, memory.read(min(PIECE + OVERLAP, end - at))
                except OSError:
                    break  # unmapped meanwhile


def find(pid, needles):
    """{needle: [(name of the mapping, bytes around), ...]} of those that are there."""
    found = {}
    for name, piece in pieces(pid):
        for needle in needles:
            at = piece.find(needle)
            while at >= 0:
                found.setdefault(needle, []).append((name, piece[max(0, at - 80):at + 160]))
                at = piece.find(needle, at + 1)
    return found
