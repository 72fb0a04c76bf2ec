#!/usr/bin/env python3
"""botocore as the oracle of the module `aws`.

compare TEST_AWS [COUNT]  random requests (10,000) signed by botocore and by TEST_AWS: exit code 1
                          when one signature differs, 77 when botocore cannot be installed
record FOLDER             writes the sheets of test/testdata/aws that the unit tests read
vectors SUITE             prints the published vectors (tests/unit/auth/aws4_testsuite of botocore's
                          source) as one such sheet

botocore comes from PyPI at the version below, into a cache folder outside the tree.
"""

import gzip
import os
import pathlib
import random
import subprocess
import sys
import tempfile
from urllib.parse import quote

VERSION = "1.40.55"
LEFT_OUT = 77
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
VENV = CACHE / "helm-lookout-testbed" / f"botocore-{VERSION}"


def run_inside_venv():
    """Returns when botocore can be imported here; otherwise runs this script where it can."""
    if pathlib.Path(sys.prefix) == VENV:
        return
    python = VENV / "bin" / "python"
    steps = [[sys.executable, "-m", "venv", VENV],
             [python, "-m", "pip", "install", "-q", "--disable-pip-version-check",
              f"botocore=={VERSION}"]]
    if not (VENV / "complete").exists():
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True)
            if done.returncode != 0:
                print(f"left out: botocore {VERSION} cannot be installed")
                sys.exit(LEFT_OUT)
        (VENV / "complete").touch()
    os.execv(python, [python, *sys.argv])


# --- random requests and their signatures

def encoded(text):
    return quote(text, safe="-_.~")


def words(rng, alphabet, longest):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(1, longest)))


NAME = "abcdefghijklmnopqrstuvwxyz0123456789"
KEY = NAME + "ABCXYZ-_.~ +=&%@:,;!$'()*\"<>[]{}|\\^`#?äß€漢😀"


def random_target(rng, service):
    segments = [words(rng, KEY, 12) for _ in range(rng.randint(0, 4))]
    if service != "s3":
        segments += rng.sample(["..", ".", "", "a"], rng.randint(0, 3))
        rng.shuffle(segments)
    path = "/" + "/".join(encoded(segment) for segment in segments)
    names = [words(rng, KEY, 6) for _ in range(rng.choice([0, 0, 1, 2, 5]))]
    names += names[:1] * rng.randint(0, 2)
    query = "&".join(f"{encoded(name)}={encoded(words(rng, KEY, 8)) if rng.random() < .8 else ''}"
                     for name in names)
    return path + ("?" + query if query else "")


def random_headers(rng):
    names = ["Content-Type", "Range", "If-None-Match", "Accept-Encoding", "x-amz-meta-a",
             "X-Amz-Meta-B", "Content-MD5", "Cache-Control"]
    headers = []
    for name in rng.sample(names, rng.choice([0, 1, 2, 4])):
        value = words(rng, NAME + "ABC =,;:\"/\t-_ ", 24).strip() or "x"
        headers.append((name, value))
        if rng.random() < .2:
            headers.append((name.lower(), words(rng, NAME, 5)))
    return headers


def random_case(rng):
    service = rng.choice(["s3", "s3", "sts"])
    scheme, port = rng.choice([("https", ""), ("https", ":8443"), ("http", ":9000"), ("http", "")])
    host = rng.choice(["bucket.s3.eu-west-1.amazonaws.com", "s3.amazonaws.com", "127.0.0.1",
                       "[::1]", "minio.example"]) + port
    return {
        "service": service, "scheme": scheme, "host": host,
        "time": rng.randrange(1_420_000_000, 2_050_000_000),
        "region": rng.choice(["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"]),
        "access": "AKIA" + words(rng, NAME.upper(), 16),
        "secret": words(rng, NAME + "ABC/+", 40),
        "token": words(rng, NAME + "ABC/+=", 80) if rng.random() < .5 else "",
        "method": rng.choice(["GET", "HEAD", "PUT", "POST"]),
        "target": random_target(rng, service),
        "headers": random_headers(rng),
        "body": words(rng, KEY, 40) if rng.random() < .3 else "",
    }


def authorization(case):
    import datetime
    from botocore import auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
    now = datetime.datetime.fromtimestamp(case["time"], datetime.timezone.utc)
    auth.get_current_datetime = lambda: now
    request = AWSRequest(method=case["method"], data=case["body"].encode(),
                         url=f"{case['scheme']}://{case['host']}{case['target']}")
    for name, value in case["headers"]:
        request.headers.add_header(name, value)
    signer = auth.S3SigV4Auth if case["service"] == "s3" else auth.SigV4Auth
    credentials = Credentials(case["access"], case["secret"], case["token"] or None)
    signer(credentials, case["service"], case["region"]).add_auth(request)
    return request.headers["Authorization"]


def case_line(case):
    headers = "&".join(f"{encoded(n)}={encoded(v)}" for n, v in case["headers"])
    plain = [case[key] for key in ("service", "time", "region", "access", "secret", "token",
                                   "method", "scheme", "host", "target", "body")]
    return "\t".join([encoded(str(value)) for value in plain] +
                     [headers, encoded(authorization(case))]) + "\n"


def case_lines(count, seed):
    rng = random.Random(seed)
    return "".join(case_line(random_case(rng)) for _ in range(count))


def compare(binary, count="10000"):
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as sheet:
        sheet.write(case_lines(int(count), random.randrange(2**32)))
        sheet.flush()
        environment = dict(os.environ, LOOKOUT_SIGV4_CASES=sheet.name)
        done = subprocess.run([binary, "sigv4: botocore signs the same"], env=environment)
    print(f"{count} requests signed by botocore {VERSION} and by us:",
          "equal" if done.returncode == 0 else "DIFFERENT")
    return 1 if done.returncode else 0


# --- S3 endpoints

def s3_url(case):
    import botocore.session
    from botocore.awsrequest import AWSResponse
    from botocore.config import Config
    session = botocore.session.Session()
    session.set_credentials("A", "S")
    client = session.create_client(
        "s3", region_name=case["region"], endpoint_url=case["endpoint"] or None,
        config=Config(use_fips_endpoint=case["fips"], use_dualstack_endpoint=case["dual"],
                      s3={"addressing_style": case["style"],
                          "us_east_1_regional_endpoint": "regional"}))
    urls = []

    def answer(request, **_):
        urls.append(request.url)
        return AWSResponse(request.url, 200, {}, None)

    client.meta.events.register("before-send.s3.GetObject", answer)
    try:
        client.get_object(Bucket=case["bucket"], Key=case["key"])
    except Exception:
        if not urls:
            return "error"
    return urls[0]


def s3_cases():
    def case(bucket="bucket", key="charts/index.yaml", region="eu-west-1", endpoint="",
             style="auto", dual=False, fips=False):
        return locals()
    for region in ("us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1",
                   "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1"):
        for style in ("auto", "path"):
            yield case(region=region, style=style)
    for region in ("us-east-1", "us-gov-east-1", "cn-northwest-1"):
        for dual, fips in ((True, False), (False, True), (True, True)):
            for style in ("auto", "path"):
                yield case(region=region, dual=dual, fips=fips, style=style)
    for bucket in ("my.bucket", "Legacy_Bucket", "b-1", "ab", "192.168.5.4", "a..b", "-ab", "ab-",
                   "x" * 63, "x" * 64, "under_score", "bad/bucket", "bad bucket", "a.-b"):
        yield case(bucket=bucket)
    for key in ("a b", "ä/€.yaml", "a+b&c=d", "a%2Fb", "~tilde-_.", "//double", "a/./b", "a?b#c",
                "(a)*'!"):
        yield case(key=key)
        yield case(key=key, style="path")
    for endpoint in ("http://minio:9000", "https://s3.example.org", "http://127.0.0.1:9000",
                     "http://[::1]:9000", "https://s3.example.org/", "https://example.org/prefix",
                     "https://s3.example.org:443"):
        yield case(endpoint=endpoint, style="path")
    yield case(endpoint="https://s3.example.org", style="virtual")
    yield case(endpoint="http://minio:9000", style="virtual")
    yield case(endpoint="http://minio:9000", style="virtual", bucket="my.bucket")


def s3_sheet():
    lines = ["# bucket key region endpoint style dual fips -> URL, as botocore " + VERSION + "\n"]
    for case in s3_cases():
        fields = [case[k] for k in ("bucket", "key", "region", "endpoint", "style")]
        flags = [str(int(case["dual"])), str(int(case["fips"]))]
        lines.append("\t".join([encoded(f) for f in fields] + flags + [encoded(s3_url(case))]) + "\n")
    return "".join(lines)


# --- profiles

def profile_outcome(case):
    import botocore.credentials
    import botocore.session
    with tempfile.TemporaryDirectory() as folder:
        os.environ.clear()
        os.environ.update({"PATH": "/usr/bin:/bin", "HOME": folder,
                           "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "eu-west-1",
                           "AWS_CONFIG_FILE": folder + "/config",
                           "AWS_SHARED_CREDENTIALS_FILE": folder + "/credentials"})
        for line in case.get("env", "").splitlines():
            name, value = line.split("=", 1)
            os.environ[name] = value.replace("@FOLDER@", folder)
        pathlib.Path(folder, "token").write_text("web.identity.token")
        for name in ("config", "credentials"):
            if name in case:
                pathlib.Path(folder, name).write_text(case[name].replace("@FOLDER@", folder))
        roles = []

        class Sts:
            def __init__(self, base):
                self.base = base

            def call(self, base, **asked):
                roles.append("role " + " ".join(
                    [asked["RoleArn"],
                     "-" if asked["RoleSessionName"].startswith("botocore-session")
                     else asked["RoleSessionName"], asked.get("ExternalId", "-"),
                     str(asked.get("DurationSeconds", "-")), base]))
                return {"Credentials": {
                    "AccessKeyId": f"ASIAROLE{len(roles)}", "SecretAccessKey": "s",
                    "SessionToken": "t", "Expiration": "2099-01-01T00:00:00Z"},
                    "AssumedRoleUser": {"Arn": "arn:aws:sts::123456789012:assumed-role/r/s"}}

            def assume_role(self, **asked):
                return self.call(self.base, **asked)

            def assume_role_with_web_identity(self, **asked):
                return self.call(asked["WebIdentityToken"], **asked)

        def create_client(_self, _service, aws_access_key_id=None, **_):
            return Sts(aws_access_key_id)

        try:
            botocore.session.Session.create_client = create_client
            session = botocore.session.Session()
            found = botocore.credentials.create_credential_resolver(session).load_credentials()
            if found is None:
                return "none"
            frozen = found.get_frozen_credentials()
        except Exception:
            return "error"
        keys = f"keys {frozen.access_key} {frozen.secret_key} {frozen.token or '-'}"
        return "\n".join(roles + [keys])


def profile_cases(path):
    """The sheet: "=== name", then "--- part" with its lines; part `expected` is what we write."""
    cases, part = [], None
    for line in path.read_text().splitlines():
        if line.startswith("=== "):
            cases.append({"name": line[4:]})
        elif line.startswith("--- "):
            part = line[4:]
            cases[-1][part] = ""
        elif cases:
            cases[-1][part] += line + "\n"
    return cases


def profile_sheet(path):
    text = ""
    for case in profile_cases(path):
        case["expected"] = profile_outcome(case) + "\n"
        text += f"=== {case.pop('name')}\n"
        text += "".join(f"--- {part}\n{lines}" for part, lines in case.items())
    return text


def vectors(suite):
    text = ""
    for request in sorted(pathlib.Path(suite).rglob("*.req")):
        text += f"=== {request.parent.relative_to(suite)}\n"
        for part in ("req", "creq", "sts", "authz"):
            lines = request.with_suffix("." + part).read_bytes().decode().replace("\r", "")
            text += f"--- {part}\n{lines}\n"
    sys.stdout.write(text)
    return 0


def record(folder):
    folder = pathlib.Path(folder)
    (folder / "s3_endpoints.tsv").write_text(s3_sheet())
    (folder / "sigv4_cases.tsv.gz").write_bytes(gzip.compress(case_lines(1000, 1).encode(),
                                                              mtime=0))
    (folder / "profiles.txt").write_text(profile_sheet(folder / "profiles.txt"))
    return 0


if __name__ == "__main__":
    run_inside_venv()
    sys.exit({"compare": compare, "record": record, "vectors": vectors}[sys.argv[1]](*sys.argv[2:]))
