"""Shards as real processes: what all of them serve together is what one process serves."""

import re

from cluster import wait_for
from lookout import parse_samples

SHOWN = re.compile(r"^helm_(release|repository|s3)_")
# Tell when or how often a process scanned, so that their values are each process' own.
OF_THE_SCAN = re.compile(r"_(sync|scrape)_|_last_(success|attempt)_timestamp|_last_scrape_")


def shown(lookout):
    """The samples that shards share; parse_samples refuses one that is there twice."""
    samples = {key: value for key, value in parse_samples(lookout.metrics()).items()
               if SHOWN.match(key[0])}
    return {key: None if OF_THE_SCAN.search(key[0]) else value for key, value in samples.items()}


def together(shards):
    samples = {}
    for shard in shards:
        for key, value in shown(shard).items():
            assert key not in samples, f"two shards show {key}"
            samples[key] = value
    return samples


def scanned(samples):
    return any(family == "helm_repository_chart_versions" for family, _ in samples) and \
        any(family == "helm_release_chart_missing" for family, _ in samples)


def launch_shards(fleet, total, *flags):
    """Pods of a StatefulSet: each has its ordinal from the pod's name."""
    shards = [fleet.launch_with("--config", fleet.config, "--total-shards", total, *flags,
                                POD_NAME=f"helm-lookout-{i}", HOSTNAME="node-0")
              for i in range(total)]
    for shard in shards:
        shard.wait_ready()
    return shards


def check_union(fleet, total, *flags):
    whole = fleet.launch_with("--config", fleet.config, *flags).wait_ready()
    shards = launch_shards(fleet, total, *flags)
    wait_for("a scan of the repository", lambda: scanned(shown(whole)) and scanned(together(shards)))
    assert together(shards) == shown(whole)
    return whole, shards


def releases_of(samples):
    return sum(family == "helm_release_info" for family, _ in samples)


def test_shards_together_show_what_one_process_shows(fleet):
    whole, shards = check_union(fleet, 3)
    samples = shown(whole)
    assert releases_of(samples) == 37, releases_of(samples)
    assert samples["helm_release_errors", frozenset({("namespace", "team-1")})] == 1
    parts = [releases_of(shown(shard)) for shard in shards]
    assert sum(parts) == 37 and all(part < 37 for part in parts), parts
    others = [key for shard in shards[1:] for key in shown(shard)
              if not key[0].startswith("helm_release_")]
    assert not others, others

    fleet.install(3, "late", "team-9")
    fleet.cluster.helm(3, "uninstall", "app-2", "-n", "team-2")
    wait_for("all see the change", lambda: releases_of(shown(whole)) == 37
             and any(dict(labels).get("name") == "late" for _, labels in shown(whole)))
    wait_for("the shards as well", lambda: together(shards) == shown(whole))
    fleet.cluster.helm(3, "uninstall", "late", "-n", "team-9")
    fleet.install(3, "app-2", "team-2")
    for each in (whole, *shards):
        each.stop()


def test_shards_of_a_list_of_namespaces(fleet):
    listed = ["team-0", "team-1", "team-2", "team-5"]
    whole, shards = check_union(fleet, 3, "--namespaces", ",".join(listed))
    assert {dict(labels).get("namespace") for family, labels in shown(whole)
            if family == "helm_release_info"} == set(listed)
    # A stream is one of the shards' alone: nobody watches what another one shows.
    watched = [labels for shard in shards
               for (family, labels) in parse_samples(shard.metrics())
               if family == "helm_lookout_informer_synced"]
    assert len(watched) == len(set(watched)) == len(listed), watched
    for each in (whole, *shards):
        each.stop()
