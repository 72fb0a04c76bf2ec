"""`helm-lookout plan`: its figures are the cluster's, its values suit the chart, and its memory
limit holds what the controller takes."""

import base64
import json
import pathlib
import re
import subprocess

import yaml

from cluster import free_ports
from fake_cluster import FakeCluster, live_through_everything
from lookout import Lookout
from truth import group_by_release

ROOT = pathlib.Path(__file__).parent.parent.parent
CHART = ROOT / "charts/helm-lookout"
LIFE_SECONDS = 3  # before and after a relist of everything
LARGE_RELEASES, LARGE_REVISIONS = 4000, 5


def planned(fleet, *flags, **options):
    done = fleet.plan("-o", "json", *flags, **options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def stored_bytes(secret):
    return len(base64.b64decode(secret["data"]["release"]))


def test_plan_counts_what_the_cluster_holds(fleet):
    report, complaints = planned(fleet, "--config", fleet.config, "--top", "3")
    releases = group_by_release(fleet.cluster.release_secrets())
    current = {key: revisions[max(revisions)] for key, revisions in releases.items()}
    told = report["releases"]
    assert told["namespaces"] == len({ns for ns, _ in releases}) == 12
    assert told["releases"] == len(releases) == 37
    assert told["revisions"] == sum(len(revisions) for revisions in releases.values()) == 38
    assert told["by_status"] == {"deployed": 37}, told["by_status"]
    assert told["undecodable"] == 1
    assert told["current_bytes"] == sum(map(stored_bytes, current.values()))
    assert told["older_bytes_estimated"] == stored_bytes(current["team-0", "app-0"])
    assert told["deployed_last_day"] == 36  # not the one whose payload tells nothing
    sizes = sorted(map(stored_bytes, current.values()), reverse=True)[:3]
    assert [row["stored_bytes"] for row in told["largest"]] == sizes
    assert told["longest"][0] == {"namespace": "team-0", "name": "app-0", "revision": 2,
                                  "revisions": 2, "stored_bytes":
                                  stored_bytes(current["team-0", "app-0"])}
    assert report["gaps"] == [] and complaints == "", complaints


def test_plan_measures_the_api_server_the_scrape_and_itself(fleet):
    report, _ = planned(fleet, "--config", fleet.config)
    api, scrape, process = report["api_server"], report["scrape"], report["process"]
    assert api["server"] == f"127.0.0.1:{fleet.cluster.port}" and api["streams"] == 1
    # The watch; payloads one by one, since they are few.
    assert 1 + 37 <= api["start_requests"] <= 45, api
    assert api["start_bytes"] > report["releases"]["current_bytes"] + api["start_watch_bytes"]
    whole = fleet.launch_with("--config", fleet.config).wait_ready()
    shown = [line for line in whole.metrics().splitlines()
             if re.match("helm_(release|repository|s3)_", line)]
    # A release's own; the errors of a namespace are not dropped for --max-series.
    releases = [line for line in shown if line.startswith("helm_release_")
                and not line.startswith("helm_release_errors")]
    assert scrape["release_series"] == len(releases), (scrape, len(releases))
    # A repository's second scan brings a status of its own.
    assert len(shown) <= scrape["series"] <= len(shown) + 2, (scrape, len(shown))
    assert scrape["gzip_bytes"] < scrape["plain_bytes"]
    peak = whole.peak_rss_mb() * 2**20
    assert 0.6 < process["peak_resident_bytes"] / peak < 1.6, (process, peak)
    whole.stop()


def test_plan_tells_what_an_unchanged_index_costs(fleet):
    both = fleet.settings("both.yaml", ["known", "plain"])
    report, _ = planned(fleet, "--releases", "off", "--config", both)
    assert report["releases"] is None and report["api_server"] is None
    known, plain = report["repositories"]
    size = (fleet.folder / "charts/known/index.yaml").stat().st_size
    for told in (known, plain):
        assert (told["charts"], told["versions"], told["index_bytes"]) == (1, 2, size)
        assert told["scans_a_day"] == 1440 and told["scan_seconds"] > 0
    assert (known["rescan"], known["unchanged_bytes_a_day"]) == ("unchanged", 0)
    assert (plain["rescan"], plain["unchanged_bytes_a_day"]) == ("read_again", 1440 * size)


def test_plan_reads_no_payload_when_told_not_to(fleet):
    report, _ = planned(fleet, "--payload", "never")
    assert report["releases"]["releases"] == 37 and report["releases"]["payloads_read"] == 0
    assert report["releases"]["current_bytes"] is None and report["releases"]["largest"] == []
    assert report["api_server"]["start_requests"] < 5


def test_plan_of_a_shard(fleet):
    parts = [planned(fleet, "--total-shards", "3", "--shard", str(i))[0] for i in range(3)]
    assert sum(part["releases"]["releases"] for part in parts) == 37
    assert all(part["advice"]["total_shards"] == 3 for part in parts)


def test_what_cannot_be_read_is_told_and_not_fatal(fleet):
    broken = fleet.settings("broken.yaml", ["known", "nowhere"])
    for ns in ("team-0", "team-1"):
        fleet.cluster.kubectl("apply", "-n", ns, "-f", ROOT / "config/namespaced/role.yaml")
    fleet.cluster.kubectl("delete", "clusterrolebinding", "helm-lookout")
    try:
        report, complaints = planned(fleet, "--namespaces", "team-0,team-1,team-5",
                                     "--config", broken)
        assert report["releases"]["namespaces"] == 2 and report["releases"]["releases"] == 7
        refused, nowhere = report["gaps"]
        assert refused.startswith("namespace team-5: ") and "forbidden" in refused, refused
        assert nowhere.startswith("repository nowhere: not_found"), nowhere
        assert [line.removeprefix("helm-lookout: not read: ")
                for line in complaints.splitlines()] == report["gaps"]
        values = fleet.plan("--namespaces", "team-0,team-1,team-5", "--config", broken,
                            "-o", "values").stdout
        assert "team-5" in values and set(yaml.safe_load(values)) == {"resources"}, values

        nothing = fleet.plan("--namespaces", "team-5")
        assert nothing.returncode == 1 and nothing.stdout == "", nothing
        assert "forbidden" in nothing.stderr
    finally:
        fleet.cluster.kubectl("apply", "-k", ROOT / "config/rbac")


def test_plan_exit_codes(fleet):
    assert fleet.plan("--shard", "7").returncode == 2
    assert fleet.plan("-o", "yaml").returncode == 2
    nobody = fleet.folder / "nobody.kubeconfig"
    nobody.write_text(fleet.cluster.kubeconfig.read_text().replace(
        str(fleet.cluster.port), str(free_ports(1)[0])))
    done = fleet.plan(kubeconfig=nobody)  # after the patience for what may still come right
    assert done.returncode == 1 and done.stdout == "" and done.stderr, done
    full = subprocess.run(["sh", "-c", '"$0" plan --kubeconfig "$1" > /dev/full',
                           str(fleet.binary), str(fleet.role_kubeconfig)], capture_output=True)
    assert full.returncode == 1 and b"standard output" in full.stderr, full


def test_the_text_is_for_people_and_nothing_moves_in_a_pipe(fleet):
    done = fleet.plan("--config", fleet.config)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    for title in ("RELEASES", "LARGEST RELEASES", "LONGEST HISTORIES", "API SERVER", "REPOSITORIES",
                  "THIS PROCESS, MEASURED", "VALUES FOR THE CHART"):
        assert f"\n{title}\n" in "\n" + done.stdout, title
    assert "\r" not in done.stdout + done.stderr and "\x1b" not in done.stdout
    assert not any(line != line.rstrip() for line in done.stdout.splitlines())


def rendered(fleet, major, values):
    """The objects of the chart with these values; its schema judges them."""
    text = fleet.cluster.helm(major, "template", "x", CHART, "-f", values,
                              "--kube-version", "1.36.0")
    return [each for each in yaml.safe_load_all(text) if each]


def workload(objects, kind):
    (found,) = [each for each in objects if each["kind"] == kind]
    return found["spec"]


def test_the_values_suit_the_chart(fleet):
    done = fleet.plan("--config", fleet.config, "-o", "values")
    assert done.returncode == 0 and done.stderr == "", done.stderr
    path = fleet.folder / "values.yaml"
    path.write_text(done.stdout)
    advice = planned(fleet, "--config", fleet.config)[0]["advice"]
    for major in (3, 4):
        pod = workload(rendered(fleet, major, path), "Deployment")["template"]["spec"]
        told = pod["containers"][0]["resources"]
        assert re.fullmatch(r"\d+m", told["requests"]["cpu"]), told
        assert told["limits"] == {"memory": f"{advice['memory_limit_mib']}Mi"}
        assert told["requests"]["memory"] == f"{advice['memory_request_mib']}Mi"
    # What it shows as a comment suits as well.
    suggestion = "".join(line.removeprefix("# ") + "\n" for line in done.stdout.splitlines()
                         if line.startswith(("# settings:", "#   maxSeries:")))
    assert yaml.safe_load(suggestion)["settings"]["maxSeries"] == advice["max_series"]
    path.write_text(suggestion)
    rendered(fleet, 3, path)


def test_the_values_of_shards_suit_the_chart(fleet):
    done = fleet.plan("--total-shards", "3", "--shard", "0", "-o", "values")
    path = fleet.folder / "shards.yaml"
    path.write_text(done.stdout)
    assert workload(rendered(fleet, 3, path), "StatefulSet")["replicas"] == 3


def test_the_memory_limit_holds_the_controller(fleet):
    cluster = FakeCluster(fleet.sandbox, fleet.folder, LARGE_RELEASES, LARGE_REVISIONS, churn=100)
    cluster.start()
    try:
        report, _ = planned(fleet, "--config", cluster.settings, kubeconfig=cluster.kubeconfig)
        controller = Lookout(fleet.binary, fleet.folder, cluster.kubeconfig, "--config",
                             cluster.settings)
        fleet.launched.append(controller)
        controller.wait_ready()
        live_through_everything(controller, cluster, LIFE_SECONDS)
        peak = controller.peak_rss_mb()
        controller.stop()
    finally:
        cluster.stop()
    advice, measured = report["advice"], report["process"]["peak_resident_bytes"] / 2**20
    print(f"  plan's peak {measured:.1f} MiB, controller's {peak:.1f} MiB, request "
          f"{advice['memory_request_mib']}, limit {advice['memory_limit_mib']}")
    assert report["releases"]["releases"] > 0.9 * LARGE_RELEASES  # some are uninstalled meanwhile
    assert peak < advice["memory_limit_mib"] and measured < advice["memory_request_mib"]
    # The limit has head-room, and is not a guess that any process would fit into.
    assert advice["memory_limit_mib"] < 3 * peak + 8
