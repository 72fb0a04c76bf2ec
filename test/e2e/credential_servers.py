"""What EKS Pod Identity and EC2 run beside a program: there is no such server to install, so
these are strict stand-ins, checked with boto3 as their client."""

import http.server
import json
import threading

AUTHORIZATION = "planted-canary-pod-identity"
SESSION = "planted-canary-imds-session"
ROLE = "reader"


class CredentialServer:
    """Hands `credentials` (as STS gives them) to who asks by the rules."""

    def __init__(self, answer):
        outer = self
        self.told = []  # (method, path) of every request

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.reply("GET")

            def do_PUT(self):
                self.reply("PUT")

            def reply(self, method):
                outer.told.append((method, self.path))
                status, body = answer(method, self.path, self.headers)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def document(credentials, **more):
    return json.dumps({
        "AccessKeyId": credentials["AccessKeyId"], "Token": credentials["SessionToken"],
        "SecretAccessKey": credentials["SecretAccessKey"],
        "Expiration": credentials["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ"), **more})


def container_endpoint(credentials):
    """Of EKS Pod Identity and ECS: one document, for the right Authorization."""
    def answer(method, path, headers):
        if headers["Authorization"] != AUTHORIZATION:
            return 401, "{}"
        if (method, path) != ("GET", "/v1/credentials"):
            return 404, "{}"
        return 200, document(credentials)
    return CredentialServer(answer)


def instance_metadata(credentials):
    """IMDSv2: a session by PUT first, nothing without it."""
    base = "/latest/meta-data/iam/security-credentials/"

    def answer(method, path, headers):
        if (method, path) == ("PUT", "/latest/api/token"):
            lifetime = headers["X-aws-ec2-metadata-token-ttl-seconds"] or ""
            return (200, SESSION) if lifetime.isdigit() else (400, "")
        if headers["X-aws-ec2-metadata-token"] != SESSION:
            return 401, ""
        if path == base:
            return 200, ROLE
        if path == base + ROLE:
            return 200, document(credentials, Code="Success", Type="AWS-HMAC")
        return 404, ""
    return CredentialServer(answer)
