"""The house rules that a machine can check: tidy.py CHECK ROOT prints what breaks them.

modules    includes and link lines follow the module table of ARCHITECTURE.md
doors      a third-party header stands only in the files named for it
sizes      files, functions and lines stay small
names      no banned words, no left-over marks, no sleeping outside base
documents  settings in the code are those in the README's table
"""

import pathlib
import re
import statistics
import subprocess
import sys

# What each module may use, itself aside (ARCHITECTURE.md, "Modules").
ALL = ["base", "system", "encoding", "http", "helm", "kube", "aws", "repository", "state",
       "metrics", "web", "controllers", "cli"]
MAY_USE = {
    "base": [],
    "system": ["base"],
    "encoding": ["base"],
    "http": ["base", "system", "encoding"],
    "helm": ["base", "encoding"],
    "kube": ["base", "system", "encoding", "http", "helm"],
    "aws": ["base", "system", "encoding", "http"],
    "repository": ["base", "system", "encoding", "http", "aws", "helm"],
    "state": ["base", "helm"],
    # The stats structs of the others, and the server's body type.
    "metrics": ["base", "encoding", "http", "helm", "kube", "repository", "state"],
    "web": ["base", "encoding", "http", "kube", "state", "metrics", "helm"],
    "controllers": ["base", "system", "encoding", "http", "aws", "helm", "kube", "repository",
                    "state"],
    "cli": ALL,
    "main": ALL,
}

# Third-party header -> the files that may include it.
DOORS = [
    (r"spdlog/", r"src/base/log\.cpp"),
    (r"zlib\.h", r"src/encoding/gzip\.cpp"),
    (r"yaml\.h", r"src/encoding/yaml(_events)?\.cpp"),
    (r"date/", r"src/encoding/time\.cpp"),
    (r"(cpprest|pplx)/", r"src/http/cpprest_\w+\.(cpp|hpp)"),
    (r"boost/(beast|asio)",
     r"src/http/(server|cpprest|beast)_?\w*\.(cpp|hpp)|src/cli/main_loop\.cpp"),
    (r"openssl/", r"src/http/\w*tls\w*\.(cpp|hpp)|src/encoding/digest\.cpp"),
    (r"pugixml\.hpp", r"src/encoding/xml\.cpp"),
    (r"nlohmann/json\.hpp", r"src/\w+/\w+_json\.cpp"),
    (r"prometheus/", r"src/metrics/\w+\.(cpp|hpp)|include/lookout/metrics/self_metrics\.hpp"),
    (r"CLI/", r"src/cli/arguments\.cpp"),
]

FILE_LINES_MAX = 400
FILE_LINES_MEDIAN = 90
FILE_LINES_P90 = 250
FUNCTION_LINES_MAX = 70
COLUMNS_MAX = 100

BANNED_NAMES = re.compile(
    r"\b(?:class|struct|enum class|namespace)\s+\w*(?:Manager|Helper|Util|Common|Misc|Wrapper|Impl)"
    r"\w*\b|\b(?:get|do|handle|process)_[a-z_]+\s*\(")
# Names that libraries ask for.
GIVEN_NAMES = re.compile(r"\b(get_token|get_executor|get_io_service|get_allocator|get_int|"
                         r"get_stop_token|get_if|get_ref|get_ptr|get_subcommands|get_id)\s*\(|"
                         r"(->|\.|::)(get|do|handle|process)_\w+\s*\(")
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def code_files(root, folders=("include", "src", "controllers")):
    for folder in folders:
        yield from sorted(p for p in (root / folder).rglob("*") if p.suffix in (".cpp", ".hpp"))


def module_of(path):
    """"kube" of src/kube/x.cpp or include/lookout/kube/x.hpp."""
    parts = path.parts
    if parts[0] == "controllers":
        return "controllers"
    if parts[0] == "include":
        return parts[2]
    return "main" if len(parts) == 2 else parts[1]


def included_module(include):
    match = re.match(r"(?:lookout|src)/(\w+)/|(controllers)/", include)
    return match and (match[1] or match[2])


def includes(text):
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', text, re.M)


def check_modules(root):
    for path in code_files(root):
        relative = path.relative_to(root)
        own = module_of(relative)
        if own not in MAY_USE:
            yield f"{relative}: module {own} is not in the table"
            continue
        for include in includes(path.read_text()):
            used = included_module(include)
            if used and used != own and used not in MAY_USE[own]:
                yield f"{relative}: {own} may not use {used} ({include})"
            if include.startswith("src/") and used != own and own not in ("main",):
                yield f"{relative}: includes a private header of {used} ({include})"
            if include.startswith("test/"):
                yield f"{relative}: includes a test header ({include})"
    yield from check_links(root)


def check_links(root):
    for path in sorted((root / "src").rglob("CMakeLists.txt")) + [root / "controllers/CMakeLists.txt"]:
        for target, body in re.findall(r"lookout_module\((\w+)(.*?)\)\s*$", path.read_text(),
                                       re.S | re.M):
            own = target.split("_")[0]
            used = re.search(r"\bUSES\b([^A-Z]*)", body)
            for name in (used[1].split() if used else []):
                module = name.split("_")[0]
                if module != own and module not in MAY_USE.get(own, []):
                    yield f"{path.relative_to(root)}: {target} may not link {name}"


def check_doors(root):
    for path in code_files(root):
        relative = str(path.relative_to(root))
        for include in includes(path.read_text()):
            for header, door in DOORS:
                if re.match(header, include) and not re.fullmatch(door, relative):
                    yield f"{relative}: {include} belongs behind {door}"


def functions(text):
    """(name, lines) of definitions: runs from a line that opens a body at column 0 or 2."""
    lines = text.splitlines()
    for i, line in enumerate(lines):
        opened = re.match(r"^( {0,2})\S.*\{$", line)
        if not opened or re.match(r"^\s*(namespace|class|struct|enum|union|extern|using|}|static "
                                  r"const|constexpr|inline constexpr|const )", line):
            continue
        if "(" not in line and "(" not in (lines[i - 1] if i else ""):
            continue
        close = opened[1] + "}"
        for j in range(i + 1, len(lines)):
            if lines[j].startswith(close) and not lines[j].startswith(close + " "):
                yield line.strip(), j - i + 1
                break


def check_sizes(root):
    sizes = []
    for path in list(code_files(root)) + list(code_files(root, ("test",))):
        relative = path.relative_to(root)
        text = path.read_text()
        size = sum(1 for line in text.splitlines() if line.strip())
        if size > FILE_LINES_MAX:
            yield f"{relative}: {size} non-blank lines (most: {FILE_LINES_MAX})"
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > COLUMNS_MAX and "R\"" not in line and "http" not in line:
                yield f"{relative}:{number}: {len(line)} columns (most: {COLUMNS_MAX})"
        if relative.parts[0] == "test":
            continue
        sizes.append(size)
        for name, lines in functions(text):
            if lines > FUNCTION_LINES_MAX:
                yield f"{relative}: {name} has {lines} lines (most: {FUNCTION_LINES_MAX})"
    if statistics.median(sizes) > FILE_LINES_MEDIAN:
        yield f"median file has {statistics.median(sizes)} lines (most: {FILE_LINES_MEDIAN})"
    p90 = sorted(sizes)[len(sizes) * 9 // 10]
    if p90 > FILE_LINES_P90:
        yield f"p90 of files is {p90} lines (most: {FILE_LINES_P90})"


def check_names(root):
    for path in code_files(root):
        relative = path.relative_to(root)
        for number, line in enumerate(path.read_text().splitlines(), 1):
            code = line.split("//")[0]
            if BANNED_NAMES.search(GIVEN_NAMES.sub("(", code)):
                yield f"{relative}:{number}: banned name: {line.strip()}"
            if MARKS.search(line):
                yield f"{relative}:{number}: left-over mark: {line.strip()}"
            if re.search(r"sleep_for|usleep\(", code) and relative.parts[1] != "base":
                yield f"{relative}:{number}: sleeps outside base"
    interfaces = [f"{p.relative_to(root)}: {m}" for p in code_files(root)
                  for m in re.findall(r"virtual\s[^;]*= 0;", p.read_text())]
    owners = {line.split(":")[0] for line in interfaces}
    if len(owners) > 3:
        yield f"interfaces of our own in {sorted(owners)}, at most three are wanted"


def check_documents(root):
    table = (root / "src/cli/settings_table.cpp").read_text()
    coded = set(re.findall(r'^\s+\{"([a-z-]+)", "', table, re.M))
    told = set(re.findall(r"^\| `--([a-z-]+)`", (root / "README.md").read_text(), re.M))
    if not coded:
        yield "no settings found in src/cli/settings_table.cpp"
    for flag in sorted(coded - told):
        yield f"README.md does not have --{flag}"
    for flag in sorted(told - coded - {"config"}):
        yield f"README.md has --{flag}, the code does not"


CHECKS = {name[len("check_"):]: check for name, check in globals().items()
          if name.startswith("check_") and name != "check_links"}


def main():
    findings = list(CHECKS[sys.argv[1]](pathlib.Path(sys.argv[2])))
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
