"""scripts/irsa makes exactly the recorded calls of the AWS CLI, and these are calls that AWS has:
checked against the service models of botocore."""

import json
import subprocess

import botocore.session
import botocore.validate
import yaml
from botocore import xform_name

SESSION = botocore.session.Session()


def recordings(bench):
    return {each.stem: each for each in sorted((bench.root / "test/docs/recordings").glob("*.json"))}


def play(bench, name, file, more=()):
    """(exit code, output and errors, calls made) of the script on a recording."""
    recording = json.loads(file.read_text())
    state = bench.folder / f"{name}.state"
    state.unlink(missing_ok=True)
    programs = bench.folder / "programs"
    programs.mkdir(exist_ok=True)
    link = programs / "aws"
    if not link.exists():
        link.symlink_to(bench.root / "test/docs/aws")
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "AWS_RECORDING": str(file),
                   "AWS_RECORDING_STATE": str(state)}
    done = subprocess.run([bench.root / "scripts/irsa", *recording["arguments"], *more],
                          capture_output=True, text=True, env=environment, timeout=60)
    return done, int(state.read_text()) if state.exists() else 0


def test_irsa_makes_the_recorded_calls(bench):
    found = recordings(bench)
    assert len(found) >= 25
    for name, file in found.items():
        recording = json.loads(file.read_text())
        done, calls = play(bench, name, file)
        told = done.stdout + done.stderr
        assert done.returncode == recording["exit"], f"{name}: {told}"
        assert calls == len(recording["calls"]), f"{name}: {calls} calls: {told}"
        for text in recording["prints"]:
            assert text in told, f"{name}: {text!r} is not in {told}"
        assert "Traceback" not in told, f"{name}: {told}"


def test_irsa_changes_nothing_without_apply_or_when_it_refuses(bench):
    changing = ("create", "delete", "update", "attach", "add", "put", "tag")
    for name, file in recordings(bench).items():
        recording = json.loads(file.read_text())
        if "--apply" in recording["arguments"] and recording["exit"] == 0:
            continue
        for call in recording["calls"]:
            assert not call["call"][1].startswith(changing), f"{name}: {call['call']}"


def test_irsa_without_the_aws_cli_says_so(bench):
    environment = {"PATH": str(bench.folder / "nowhere")}
    done = subprocess.run(["/usr/bin/python3", bench.root / "scripts/irsa", "--cluster", "prod",
                           "--index", "s3://team-charts"], capture_output=True, text=True,
                          env=environment, timeout=60)
    assert done.returncode == 1 and "aws) is not installed" in done.stderr, done.stderr


def test_irsa_prints_values_that_the_chart_takes(bench):
    import cases_values
    for name in ("all-there-apply", "pod-identity-apply", "changed-apply"):
        done, _ = play(bench, name, recordings(bench)[name])
        text = done.stdout.split("# values for charts/helm-lookout\n")[1]
        file = bench.folder / f"{name}.yaml"
        file.write_text(text)
        objects = cases_values.rendered(bench, "helm3", [file])
        account = yaml.safe_load(text)["serviceAccount"]["name"]
        cases_values.one(objects, "ServiceAccount", account)


# --- are these calls of AWS? ---


def operation(service, command):
    model = SESSION.get_service_model(service)
    for name in model.operation_names:
        if xform_name(name, "-") == command:
            return model.operation_model(name)
    raise AssertionError(f"AWS has no call {service} {command}")


def parameters(shape, words):
    """What the CLI sends for these words."""
    flags = {"--" + xform_name(name, "-"): name for name in shape.members}
    sent, words = {}, list(words)
    while words:
        flag = words.pop(0)
        name = flags.get(flag)
        assert name, f"no flag {flag}: {sorted(flags)}"
        kind = shape.members[name].type_name
        if kind == "boolean":
            sent[name] = True
            continue
        value = words.pop(0)
        text = json.dumps(value) if isinstance(value, dict) else value
        if kind == "list" and "=" in text and not text.startswith("http"):
            sent[name] = [dict(part.split("=", 1) for part in text.split(","))]
        elif kind == "list":
            sent[name] = [text]
        else:
            sent[name] = text
    return sent


def test_recorded_calls_are_calls_of_aws(bench):
    validator = botocore.validate.ParamValidator()
    seen = set()
    for name, file in recordings(bench).items():
        for call in json.loads(file.read_text())["calls"]:
            service, command, *words = call["call"]
            seen.add((service, command))
            model = operation(service, command)
            if "--region" in words:  # of the CLI itself
                at = words.index("--region")
                words = words[:at] + words[at + 2:]
            shape = model.input_shape
            sent = parameters(shape, words) if words else {}
            report = validator.validate(sent, shape)
            assert not report.has_errors(), f"{name}: {command}: {report.generate_report()}"
            known = set(model.output_shape.members) if model.output_shape else set()
            assert set(call.get("answer", {})) <= known, f"{name}: {command}"
            if "error" in call and "(" in call["error"]:
                assert model.name in call["error"], f"{name}: {call['error']}"
    assert len(seen) >= 18, seen
