"""Renders charts by the real helm programs, as objects."""

import concurrent.futures
import json
import pathlib
import subprocess
import threading

import yaml

WORKERS = 2
RENDER_SECONDS_MAX = 180
SHOWN_MAX = 60
KUBERNETES = "1.36.3"  # a helm built by `go install` would say 1.20


class RenderFailed(Exception):
    """What helm said instead of rendering."""


class Helm:
    """One helm program; renders a chart once for the same values. Any thread."""

    def __init__(self, program, folder):
        self.program = pathlib.Path(program)
        self.name = self.program.name
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder),
                            "HELM_CACHE_HOME": str(folder / f"{self.name}-cache"),
                            "HELM_CONFIG_HOME": str(folder / f"{self.name}-config"),
                            "HELM_DATA_HOME": str(folder / f"{self.name}-data")}
        self.known = {}
        self.lock = threading.Lock()

    def run(self, *arguments, stdin=None):
        """Exit code, output and errors of one call."""
        done = subprocess.run([self.program, *map(str, arguments)], input=stdin, text=True,
                              env=self.environment, capture_output=True,
                              timeout=RENDER_SECONDS_MAX)
        return done.returncode, done.stdout, done.stderr

    def manifest(self, chart, values=None, files=(), release="helm-lookout",
                 namespace="helm-lookout", kubernetes=KUBERNETES):
        """The text that helm would send; RenderFailed with what it says."""
        arguments = ["template", release, str(chart), "--namespace", namespace,
                     "--kube-version", kubernetes]
        for file in (*files, "-"):
            arguments += ["-f", str(file)]
        stdin = json.dumps(values or {}, sort_keys=True)
        key = (*arguments, stdin)
        with self.lock:
            if key in self.known:
                return self.known[key]
        code, out, err = self.run(*arguments, stdin=stdin)
        if code != 0:
            raise RenderFailed(reason(err))
        with self.lock:
            self.known[key] = out
        return out

    def objects(self, chart, values=None, **options):
        return objects_of(self.manifest(chart, values, **options))


def reason(err):
    """What went wrong in a line, without the way there."""
    err = " ".join(err.replace("Use --debug flag to render out invalid YAML", "").split())
    return err.rsplit("error calling include: ", 1)[-1].removeprefix("Error: ")


def objects_of(text):
    return [each for each in yaml.load_all(text, yaml.CSafeLoader) if each]


def for_each(items, check):
    """check(item) of all, in order, a few at a time: helm is a process of its own."""
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(check, items))


def none(problems, what):
    """Nothing, or an AssertionError that lists the problems."""
    problems = [str(each) for each in problems if each]
    shown = problems[:SHOWN_MAX]
    if len(problems) > SHOWN_MAX:
        shown.append(f"and {len(problems) - SHOWN_MAX} more")
    assert not problems, f"{len(problems)} {what}:\n  " + "\n  ".join(shown)
