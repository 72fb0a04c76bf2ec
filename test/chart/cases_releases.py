"""Releases side by side: names do not collide, selectors do not reach across."""

import itertools

import objects
from bench import table
from helm import none


def everything(bench, release, namespace):
    """One release with each optional object on."""
    return bench.helm.objects(bench.chart.path, table("everything.yaml"), release=release,
                              namespace=namespace)


# Same namespace; same name; names whose joined form is the same; names that are cut to the same.
PAIRS = [(("one", "watch"), ("two", "watch")),
         (("helm-lookout", "watch"), ("helm-lookout", "other")),
         (("b-c", "a"), ("c", "a-b")),
         (("helm-lookout-a", "x"), ("a", "x")),
         (("r" * 52 + "1", "watch"), ("r" * 52 + "2", "watch")),
         (("helm-lookout", "n" * 62 + "1"), ("helm-lookout", "n" * 62 + "2"))]


def test_two_releases_do_not_collide(bench):
    problems = []
    for left, right in PAIRS:
        first, second = everything(bench, *left), everything(bench, *right)
        both = sorted(names(first, left[1]) & names(second, right[1]))
        if both:
            problems.append(f"{left} and {right} both have {both[0]}, {len(both)} in all")
    none(problems, "collisions")


def names(rendered, namespace):
    found = [objects.identity(placed(each, namespace)) for each in rendered]
    assert len(found) == len(set(found)), sorted(each for each in found if found.count(each) > 1)
    return set(found)


def placed(thing, namespace):
    if thing["kind"] in objects.CLUSTER_WIDE:
        return thing
    meta = thing["metadata"]
    return {**thing, "metadata": {**meta, "namespace": meta.get("namespace", namespace)}}


def test_selectors_choose_their_own_pods_only(bench):
    problems = []
    for one, other in itertools.permutations(("one", "two")):
        chosen = list(selectors(everything(bench, one, "watch")))
        pods = list(pod_labels(everything(bench, other, "watch")))
        own = list(pod_labels(everything(bench, one, "watch")))
        assert chosen and own and pods
        for what, wanted in chosen:
            reached = [name for name, labels in pods if set(wanted) <= set(labels.items())]
            problems += (f"{what} of {one} chooses {name} of {other}" for name in reached)
            reached = [name for name, labels in own if set(wanted) <= set(labels.items())]
            if len(reached) != 1:  # the pod of `helm test` serves nothing
                problems.append(f"{what} of {one} chooses {reached} of its own: {dict(wanted)}")
    none(problems, "selectors that reach too far or nowhere")


def test_monitors_choose_their_own_services_only(bench):
    problems = []
    for one, other in itertools.permutations(("one", "two")):
        own, others = everything(bench, one, "watch"), everything(bench, other, "watch")
        for monitor in objects.chosen(own, "ServiceMonitor"):
            wanted = monitor["spec"]["selector"]["matchLabels"].items()
            matching = [service["metadata"]["name"] for service in objects.chosen(own, "Service")
                        if wanted <= service["metadata"].get("labels", {}).items()]
            if len(matching) != 1:
                problems.append(f"the ServiceMonitor of {one} chooses its Services {matching}")
            problems += (f"the ServiceMonitor of {one} chooses {service['metadata']['name']}"
                         for service in objects.chosen(others, "Service")
                         if wanted <= service["metadata"].get("labels", {}).items())
    none(problems, "monitors that choose wrongly")


def test_deployed_pods_hold_within_name_limits(bench):
    """63 characters: what names a Service, a label value or a port's owner."""
    problems = []
    for release, namespace in {pair for both in PAIRS for pair in both}:
        for each in everything(bench, release, namespace):
            name = each["metadata"]["name"]
            limit = 63 if each["kind"] in ("Service", "Deployment", "Pod") else 253
            if len(name) > limit:
                problems.append(f"{release}: {each['kind']} {name} has {len(name)} characters")
            problems += (f"{release}: label {key} of {each['kind']} {name} is too long"
                         for key, value in each["metadata"].get("labels", {}).items()
                         if len(str(value)) > 63)
    none(problems, "names that are too long")


def selectors(rendered):
    """(what, its labels as pairs) of each selector of pods."""
    for each in rendered:
        spec, kind = each.get("spec", {}), each["kind"]
        labels = {"Service": lambda: spec.get("selector"),
                  "Deployment": lambda: spec["selector"]["matchLabels"],
                  "PodMonitor": lambda: spec["selector"]["matchLabels"],
                  "NetworkPolicy": lambda: spec["podSelector"].get("matchLabels"),
                  "PodDisruptionBudget": lambda: spec["selector"]["matchLabels"]}.get(kind)
        if labels:
            yield f"{kind} {each['metadata']['name']}", tuple(sorted((labels() or {}).items()))


def pod_labels(rendered):
    """(name, labels) of each pod that a release brings."""
    for each in rendered:
        if each["kind"] in ("Deployment", "StatefulSet"):
            yield each["metadata"]["name"], each["spec"]["template"]["metadata"]["labels"]
        elif each["kind"] == "Pod":
            yield each["metadata"]["name"], each["metadata"].get("labels", {})
