"""What every variant may do in the cluster, read from its rendered roles: reading what Helm keeps
its releases in, and asking who somebody is; never more."""

import objects
from helm import none

READS = {"get", "list", "watch"}


def rights(rendered):
    """(object, rule) of each role."""
    for each in rendered:
        if each["kind"] in ("Role", "ClusterRole"):
            yield from ((objects.identity(each), rule) for rule in each["rules"] or [])


def is_harmless(rule):
    verbs, resources = set(rule["verbs"]), set(rule.get("resources", []))
    if resources <= {"secrets", "configmaps"} and resources and rule["apiGroups"] == [""]:
        return verbs <= READS and not rule.get("nonResourceURLs")
    if resources and resources <= {"tokenreviews", "subjectaccessreviews"}:
        return verbs == {"create"}
    return not resources and bool(rule.get("nonResourceURLs")) and verbs == {"get"}


def test_no_variant_may_write(bench):
    none((f"{name}: {who} may {rule}" for name, files in bench.chart.variants()
          for who, rule in rights(bench.helm.objects(bench.chart.path, files=files))
          if not is_harmless(rule)), "rights that are not reading")


def test_judgement_of_rights_can_fail(_):
    wrong = [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "update"]},
             {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]},
             {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]},
             {"nonResourceURLs": ["/"], "verbs": ["*"]}]
    assert not any(is_harmless(rule) for rule in wrong)


def test_rights_follow_the_settings(bench):
    """None at all where nothing is watched; the one kind that Helm uses; roles in the namespaces."""
    def resources(settings):
        values = {"settings": settings, "repositories": [
            {"name": "team", "url": "https://charts.example.org"}]}
        found = bench.helm.objects(bench.chart.path, values)
        return sorted((each["kind"], each["metadata"].get("namespace", ""), *rule["resources"])
                      for each in found if each["kind"] in ("Role", "ClusterRole")
                      for rule in each["rules"])

    assert resources({}) == [("ClusterRole", "", "secrets")]
    assert resources({"storageDriver": "configmap"}) == [("ClusterRole", "", "configmaps")]
    assert resources({"releases": "off"}) == []
    assert resources({"releases": "off", "namespaces": ["a"]}) == []
    assert resources({"namespaces": ["a", "b"]}) == [("Role", "a", "secrets"),
                                                     ("Role", "b", "secrets")]
