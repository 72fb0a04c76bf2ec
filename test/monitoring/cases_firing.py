"""The alerts in a real Prometheus, with minutes shortened to seconds: they fire on the sandbox's broken
releases and repository, once for two replicas, whether labels are honoured or not."""

from cluster import wait_for

EXPECTED = {
    "HelmReleaseFailed": {"name": "failed-upgrade", "status": "failed"},
    "HelmReleasePending": {"name": "stuck-upgrade", "status": "pending-upgrade"},
    "HelmReleaseNotDeployedRevision": {"name": "failed-upgrade"},
    "HelmReleaseUndecodable": {"name": "half-written", "reason": "gzip"},
    "HelmRepositoryDown": {"repository": "gone"},
}


def fires(prometheus, name, labels):
    """The alerts of that name which have all the labels."""
    return [found for found in prometheus.firing().get(name, []) if labels.items() <= found.items()]


def wait_for_expected(prometheus):
    for name, labels in EXPECTED.items():
        found = wait_for(f"{name} fires", lambda: fires(prometheus, name, labels), 20)
        assert len(found) == 1, f"two replicas, one alert: {found}"
        assert not {"instance", "pod"} & found[0].keys(), found


def test_alerts_fire_once_for_two_replicas(live):
    wait_for_expected(live.prometheus)
    found = fires(live.prometheus, "HelmReleaseFailed", {"name": "failed-upgrade"})[0]
    assert found["namespace"] == "databases", found


def test_rules_are_evaluated_without_error(live):
    groups = live.prometheus.ask("rules")["groups"]
    assert sum(len(group["rules"]) for group in groups) > 20
    for group in groups:
        for rule in group["rules"]:
            assert rule["health"] == "ok", (rule["name"], rule.get("lastError"))


def test_healthy_things_do_not_fire(live):
    firing = live.prometheus.firing()
    assert not [name for name in firing if name.startswith("HelmLookout")], firing
    assert [labels["repository"] for labels in firing["HelmRepositoryDown"]] == ["gone"], firing


def test_alerts_fire_where_labels_are_not_honoured(live):
    other = live.prometheus_with("prometheus-exported", honor=False)
    wait_for_expected(other)
    alert, = fires(other, "HelmReleaseFailed", {"name": "failed-upgrade"})
    assert alert["exported_namespace"] == "databases", alert


def test_replicas_that_are_lost_are_told(live):
    first, second = live.replicas
    first.kill()
    found = wait_for("HelmLookoutTargetDown fires",
                     lambda: live.prometheus.firing().get("HelmLookoutTargetDown"))
    assert [labels["pod"] for labels in found] == ["a"], found
    wait_for_expected(live.prometheus)
    second.kill()
    wait_for("HelmLookoutDown fires", lambda: live.prometheus.firing().get("HelmLookoutDown"))
