"""What is secret among the values is rendered into Secrets, and nowhere else."""

import base64
import json

from helm import none

CANARY = "canary-of-{}-0123456789"
FIELDS = ("username", "password", "bearerToken", "accessKeyId", "secretAccessKey", "sessionToken")


def canary(name):
    return CANARY.format(name)


def values():
    """Every place where a credential can be given in place."""
    return {
        "repositories": [
            {"name": "team", "url": "https://charts.example.org",
             "auth": {**{field: canary(field) for field in FIELDS},
                      "headers": [{"name": "X-Token", "value": canary("header")}]},
             "tls": {"key": canary("key")}}],
        "aws": {"credentials": {field: canary("aws-" + field) for field in FIELDS[3:]}},
        "staticTokens": {"tokens": [canary("token")]},
        "tls": {"enabled": True, "existingSecret": "cert"}}


def test_credentials_are_in_secrets_only(bench):
    wanted = {canary(name) for name in (*FIELDS, *("aws-" + field for field in FIELDS[3:]),
                                        "header", "key", "token")}
    rendered = bench.helm.objects(bench.chart.path, values())
    held = [base64.b64decode(value).decode() for each in rendered if each["kind"] == "Secret"
            for value in each["data"].values()]
    others = [each for each in rendered if each["kind"] != "Secret"]
    none((f"{secret} is in no Secret" for secret in sorted(wanted)
          if not any(secret in value for value in held)), "lost credentials")
    none((f"{secret} is in {each['kind']} {each['metadata']['name']}" for each in others
          for secret in sorted(wanted) for form in (secret, base64_of(secret))
          if form in json.dumps(each)), "credentials that everybody may read")


def base64_of(text):
    return base64.b64encode(text.encode()).decode().rstrip("=")
