"""Real Helm 3 (also the oldest that the chart promises) and 4 install the version before, upgrade,
roll back and uninstall on a real API server; in the end nothing is left. A release of the chart
leaves its archive in testdata/, which is the version before from then on."""

import json

import objects
from bench import HERE, table
from helm import none, objects_of

PREVIOUS = max((HERE / "testdata").glob("helm-lookout-*.tgz"), key=lambda path: [
    int(word) for word in path.stem.rsplit("-", 1)[1].split(".")])
RELEASE = "helm-lookout"


def test_upgrade_from_the_version_before_with_helm3(bench):
    upgrade_and_back(bench, 3)


def test_upgrade_from_the_version_before_with_helm4(bench):
    upgrade_and_back(bench, 4)


def test_upgrade_from_the_version_before_with_oldest_helm(bench):
    upgrade_and_back(bench, 310)


def upgrade_and_back(bench, major):
    namespace = bench.namespace(f"upgrade{major}")
    helm = HelmOn(bench, major, namespace)
    before = helm.everything()
    helm("install", RELEASE, PREVIOUS)
    old = helm.everything() - before
    helm("upgrade", RELEASE, bench.chart.path)
    helm.is_as_rendered(bench.helm.objects(bench.chart.path, release=RELEASE, namespace=namespace))
    gone = {each for each in old - helm.everything() if "Secret" not in each}
    kept_names = {"Deployment", "Service", "ServiceAccount"}
    none((each for each in gone if each.split()[0] in kept_names),
         "objects that were replaced under another name: history and traffic are cut")
    told = helm.refused("upgrade", RELEASE, bench.chart.path, "--set", "nameOverride=lookout")
    assert "the selector of Deployment" in told and "keep nameOverride" in told, told
    values = bench.folder / "everything.json"
    values.write_text(json.dumps(table("everything.yaml")))
    helm("upgrade", RELEASE, bench.chart.path, "-f", values)
    helm.is_as_rendered(bench.helm.objects(bench.chart.path, table("everything.yaml"),
                                           release=RELEASE, namespace=namespace))
    helm("rollback", RELEASE, "1")
    helm.is_as_rendered(objects_of(bench.helm.manifest(PREVIOUS, release=RELEASE,
                                                       namespace=namespace)))
    helm("uninstall", RELEASE)
    none(helm.everything() - before, "objects left behind")


class HelmOn:
    """One version of helm in one namespace."""

    def __init__(self, bench, major, namespace):
        self.bench = bench
        self.major = major
        self.namespace = namespace

    def __call__(self, verb, *arguments):
        return self.bench.cluster.helm(self.major, verb, *arguments, "--namespace", self.namespace)

    def refused(self, verb, *arguments):
        """What it says when it must not succeed."""
        try:
            self(verb, *arguments)
        except AssertionError as why:
            return str(why)
        raise AssertionError(f"helm{self.major} {verb} {arguments} was not refused")

    def everything(self):
        """Each object of the namespace, and those of the cluster that a chart may bring."""
        kinds = self.bench.cluster.kubectl("api-resources", "--verbs=list", "--namespaced",
                                           "-o", "name").split()
        kinds = [kind for kind in kinds if not kind.startswith(("events", "leases"))]
        found = self.listed(",".join(kinds), "--namespace", self.namespace)
        return found | self.listed("clusterroles,clusterrolebindings,namespaces,"
                                   "validatingadmissionpolicies")

    def listed(self, *arguments):
        text = self.bench.cluster.kubectl("get", *arguments, "-o", "json")
        return {objects.identity(each) for each in json.loads(text)["items"]}

    def is_as_rendered(self, rendered):
        """Everything rendered is there, with the fields that were rendered."""
        problems = []
        for each in rendered:
            if "helm.sh/hook" in each["metadata"].get("annotations", {}):
                continue
            namespace = each["metadata"].get("namespace", self.namespace)
            live = json.loads(self.bench.cluster.kubectl(
                "get", f"{each['kind']}.{api(each)}", each["metadata"]["name"], "-n", namespace,
                "-o", "json"))
            problems += (f"{objects.identity(each)}: {path}" for path in lacking(each, live))
        none(problems, "differences of what is rendered and what the server has")


def api(thing):
    group = objects.group_of(thing)
    version = thing["apiVersion"].rsplit("/", 1)[-1]
    return f"{version}.{group}" if group else f"{version}."


def lacking(rendered, live, at=""):
    """Paths of rendered fields that the live object does not have."""
    if isinstance(rendered, dict) and isinstance(live, dict):
        for key, value in rendered.items():
            yield from lacking(value, live.get(key, objects.MISSING), f"{at}.{key}")
    elif isinstance(rendered, list) and isinstance(live, list) and len(rendered) == len(live):
        for index, pair in enumerate(zip(rendered, live)):
            yield from lacking(*pair, f"{at}[{index}]")
    elif live is objects.MISSING and not rendered:
        return  # the server leaves out 0, false and what is empty
    elif rendered != live and not same_quantity(rendered, live):
        yield f"{at}: {rendered!r} rendered, {objects.shown(live)}"


def same_quantity(rendered, live):
    """1000m as 1, and such."""
    return str(rendered).rstrip("m0") == str(live).rstrip("m0")
