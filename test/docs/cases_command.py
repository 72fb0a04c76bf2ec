"""helm-lookout migrate-values as a program, and whether helm-lookout takes the settings that come
out of migrated and of documented values."""

import subprocess

import cases_values

SECONDS_MAX = 30


def call(bench, *arguments, stdin=None):
    return subprocess.run([bench.binary, *map(str, arguments)], input=stdin, capture_output=True,
                          text=True, timeout=SECONDS_MAX, env={"HOME": str(bench.folder)})


def samples(bench):
    return sorted((bench.root / "test/testdata/migrate").glob("*.in.*"))


def test_migrate_values_prints_values_and_sums_up_elsewhere(bench):
    for file in samples(bench):
        wanted = file.with_name(file.name.split(".in.")[0] + ".out.yaml").read_text()
        for done in (call(bench, "migrate-values", file),
                     call(bench, "migrate-values", "-", stdin=file.read_text())):
            assert done.returncode == 0, done.stderr
            assert done.stdout == wanted, f"{file.name}: {done.stdout}"
            assert done.stderr.count("\n") == 1 and "to do" in done.stderr, done.stderr


def test_migrate_values_says_by_its_exit_code_what_went_wrong(bench):
    cases = [(1, ["migrate-values", bench.folder / "none"], None),
             (1, ["migrate-values", bench.folder], None),
             (1, ["migrate-values", "-"], ""),
             (1, ["migrate-values", "-"], "resources: {}\n"),
             (1, ["migrate-values", "-"], "a: [\n"),
             (2, ["migrate-values"], None),
             (2, ["migrate-values", "-", "--from", "kubecost"], ""),
             (0, ["migrate-values", "-", "--from", "helm-exporter"], "resources: {}\n")]
    for code, arguments, stdin in cases:
        done = call(bench, *arguments, stdin=stdin)
        assert done.returncode == code, f"{arguments}: {done.returncode}: {done.stderr}"
        assert (done.stdout == "") == (code != 0), f"{arguments}: {done.stdout}"
        assert done.stderr.startswith("helm-lookout: ") and done.stderr.count("\n") == 1


def test_helm_lookout_takes_the_settings_of_these_values(bench):
    files = [*cases_values.aws_values(bench).values(),
             *(bench.root / "test/testdata/migrate").glob("*.out.yaml")]
    for file in files:
        objects = cases_values.rendered(bench, "helm3", [file])
        settings = bench.folder / "settings.yaml"
        settings.write_text(cases_values.one(objects, "ConfigMap")["data"]["settings.yaml"])
        nowhere = bench.folder / "no-index.yaml"
        done = call(bench, "scan", f"file://{nowhere}", "--config", settings)
        # It got as far as the repository, which is not there: a wrong setting is 2.
        assert done.returncode == 1 and "no-index.yaml" in done.stderr, f"{file.name}: {done.stderr}"
