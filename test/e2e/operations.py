"""Operations that chance chose, by real Helm 3 and Helm 4 on a real API server, and faults of the
control plane between them; whenever things have calmed down, the metrics must equal a model worked
out from the server's Secrets.

operations.py BINARY SERVER_BINARIES GENERATOR [--seed N] [--count M] [--full] [WORD...]: GENERATOR
is model_operations of test/model. The same seed gives the same operations and faults; --full means
many, by a seed that chance chooses and the first line tells."""

import argparse
import collections
import json
import os
import pathlib
import random
import signal
import subprocess
import sys

import runner
import truth
from cluster import wait_for
from helm_operations import HelmOperations
from lookout import parse_samples, release_samples
from scenario_bench import Scenarios

SEED, COUNT, FULL_COUNT = 1, 250, 3000
BATCH = 12  # operations before things may calm down
# Connections lost in a row: the next one would be waited for longer than people like to wait.
LOSSES_MAX = 3
NAMESPACES = "blue,green,red"


class Operated(Scenarios):
    def __init__(self, options, folder):
        super().__init__(options.binary, options.servers, folder)
        self.seed, self.count, self.generator = options.seed, options.count, options.generator

    def operations(self):
        told = subprocess.run([self.generator, "--seed", str(self.seed), "--count",
                               str(self.count), "--real", "--namespaces", NAMESPACES],
                              capture_output=True, text=True, check=True).stdout
        return [json.loads(line) for line in told.splitlines()]

    def spawn_helm(self, major, *arguments):
        environment = {**os.environ, "KUBECONFIG": str(self.cluster.kubeconfig),
                       **{f"HELM_{name}_HOME": str(self.folder / "helm")
                          for name in ("CACHE", "CONFIG", "DATA")}}
        return subprocess.Popen([self.cluster.bin / f"helm{major}", *arguments], env=environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def run_helm(self, major, *arguments):
        process = self.spawn_helm(major, *arguments)
        _, told = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, stderr=told)


class Faults:
    """What happens to the control plane or to us during one batch of operations."""

    def __init__(self, bench, it, chance):
        self.bench, self.it, self.chance = bench, it, chance
        self.counts = collections.Counter()
        self.losses = 0
        self.crashes_left = bench.count // 100

    def begin(self):
        kinds = ["none", "stopped", "restarted", "cut", "away", "forgotten", "crash"]
        self.kind = self.chance.choice(kinds if self.crashes_left else kinds[:-1])
        self.losses += self.kind in ("cut", "away", "forgotten", "crash")
        if self.losses > LOSSES_MAX:
            self.kind = "restarted"
        self.counts[self.kind] += 1
        if self.kind == "restarted":
            self.losses = 0
            self.it.lookout.stop()
            self.it.launch()
        elif self.kind == "cut":  # and at once back
            self.it.reconnect()
        elif self.kind in ("away", "forgotten"):
            self.it.recorder.cut()
        elif self.kind == "stopped":
            self.it.lookout.process.send_signal(signal.SIGSTOP)
        elif self.kind == "crash":
            self.crashes_left -= 1
            self.bench.cluster.restart_api_server()
            self.bench.api = self.bench.cluster.connection()

    def end(self):
        if self.kind == "away":
            self.it.recorder.open()
        elif self.kind == "forgotten":  # on a server that does not know our version
            for port in list(self.bench.cluster.others):
                self.bench.cluster.retire(port)
            self.it.recorder.open(self.bench.cluster.another_api_server())
        elif self.kind == "stopped":
            self.it.lookout.process.send_signal(signal.SIGCONT)


def without_errors(samples):
    return {key: value for key, value in samples.items() if key[0] != "helm_release_errors"}


def errors(samples):
    return {dict(labels)["namespace"]: value for (family, labels), value in samples.items()
            if family == "helm_release_errors"}


def undecodable(samples):
    return collections.Counter(dict(labels)["namespace"] for family, labels in samples
                               if family == "helm_release_undecodable")


def check(bench, lookout, applied):
    """Every helm_release_* sample equals the model, and what is none of Helm's is counted."""
    last = {}

    def equal():
        secrets = bench.cluster.release_secrets()
        samples = parse_samples(lookout.metrics())
        labels = "--release-labels" in lookout.command
        last["expected"] = truth.expected_samples(secrets, labels)
        last["got"] = release_samples(samples)
        ignored = {reason: samples["helm_lookout_ignored_secrets",
                                   frozenset({("reason", reason)})]
                   for reason in ("bad_name", "unsupported_version")}
        return (without_errors(last["expected"]) == without_errors(last["got"])
                and set(errors(last["expected"])) == set(errors(last["got"]))
                and ignored == truth.ignored_secrets(secrets))

    try:
        wait_for("metrics equal the model", equal, 120)
    except AssertionError:
        raise AssertionError(f"after {applied} operations, {lookout.log_path}:\n"
                             + truth.difference(last["expected"], last["got"])) from None
    broken = undecodable(last["got"])
    for ns, counted in errors(last["got"]).items():
        assert broken[ns] <= counted <= 3 * applied, (ns, counted, broken[ns], applied)


def resources(lookout):
    """(open files, resident kilobytes)."""
    status = open(f"/proc/{lookout.process.pid}/status").read()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return len(os.listdir(f"/proc/{lookout.process.pid}/fd")), int(resident.split()[1])


def test_R5_model_of_helm_operations(bench):
    """Whatever Helm, kubectl and faults did, the metrics equal the model after each calm; memory
    and open files do not grow."""
    print(f"        --seed {bench.seed} --count {bench.count}", flush=True)
    chance = random.Random(bench.seed)
    operations, helm = bench.operations(), HelmOperations(bench)
    with bench.watched() as it:
        faults, early = Faults(bench, it, chance), None
        for first in range(0, len(operations), BATCH):
            faults.begin()
            for operation in operations[first:first + BATCH]:
                helm.apply(operation)
            faults.end()
            applied = min(first + BATCH, len(operations))
            for lookout in (it.lookout, bench.lookout):
                check(bench, lookout, applied)
            if early is None and applied * 3 >= len(operations):
                early = resources(bench.lookout)
        files, resident = resources(bench.lookout)
        assert files <= early[0] + 3 and resident <= early[1] * 1.25 + 2048, (early, resident)
    print(f"        {dict(helm.counts)}\n        faults: {dict(faults.counts)}", flush=True)
    refused = sum(count for op, count in helm.counts.items() if op.endswith("refused"))
    assert refused <= len(operations) / 4, helm.counts


def main():
    parser = argparse.ArgumentParser()
    for name in ("binary", "servers", "generator"):
        parser.add_argument(name, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--seed", type=int)
    parser.add_argument("--count", type=int)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(10**6) if options.full else SEED
    options.count = options.count or (FULL_COUNT if options.full else COUNT)
    chosen = runner.choose([test_R5_model_of_helm_operations], options.words)
    return runner.run_in_folder("operations", chosen, lambda folder: Operated(options, folder))


if __name__ == "__main__":
    sys.exit(main())
