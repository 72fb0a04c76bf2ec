"""A server of bad faith: it sends back whatever secret a request holds, in bodies, headers and
broken answers, as an API server, a web server, a registry, S3 or STS would in their errors."""

import http.server
import json
import ssl
import threading
import urllib.parse


def status_object(code, told):
    return json.dumps({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code,
                       "reason": told[:60], "message": told,
                       "details": {"causes": [{"message": told}]}})


def s3_error(told):
    return (f"<Error><Code>{told[:60]}</Code><Message>{told}</Message>"
            f"<StringToSign>{told}</StringToSign><RequestId>{told}</RequestId></Error>")


class Moods:
    """MOOD(told, secret, origin) -> (status, headers, body): `told` is the request itself, `secret`
    something that only the server knows."""

    def unauthorized(told, secret, origin):
        challenge = f'Bearer realm="{origin}/error/token?secret={secret}",service="{secret}"'
        return 401, {"WWW-Authenticate": challenge, "X-Told": told}, status_object(401, told)

    def login(told, secret, origin):
        """A token server that answers with half a document."""
        challenge = f'Bearer realm="{origin}/cut/token",service="x",scope="y"'
        return 401, {"WWW-Authenticate": challenge}, told

    def forbidden(told, secret, origin):
        return 403, {}, status_object(403, told + secret)

    def signature(told, secret, origin):
        return 403, {}, s3_error(told + secret)

    def error(told, secret, origin):
        return 500, {"Warning": f'299 - "{secret}"'}, told + secret

    def busy(told, secret, origin):
        return 429, {"Retry-After": secret}, told

    def moved(told, secret, origin):
        return 302, {"Location": f"/error/index.yaml?X-Amz-Signature={secret}&token={secret}"}, told

    def away(told, secret, origin):
        return 307, {"Location": f"http://user:{secret}@127.0.0.1:1/?X-Amz-Signature={secret}"}, ""

    def metadata(told, secret, origin):
        return 302, {"Location": f"http://169.254.169.254/{secret}?token={secret}"}, ""

    def nonsense(told, secret, origin):
        return 302, {"Location": f"ht!tp://{secret}:{secret}/"}, secret

    def cut(told, secret, origin):
        return 200, {}, '{"token": "' + secret + '", "kind": "' + secret

    def index(told, secret, origin):
        return 200, {}, f"apiVersion: v1\nentries:\n  app: [{{name: {secret}, {secret}: [\n"

    def page(told, secret, origin):
        return 200, {"Content-Type": "text/html"}, f"<html><title>{secret}</title>{told}</html>"

    def zipped(told, secret, origin):
        return 200, {"Content-Encoding": "gzip"}, secret

    def coded(told, secret, origin):
        return 200, {"Content-Encoding": secret, "Content-Type": secret}, told

    def credentials(told, secret, origin):
        """Half of what STS, a container's endpoint or instance metadata answer."""
        return 200, {}, ('{"AccessKeyId": "AKIA", "SecretAccessKey": "' + secret
                         + '", "Token": "' + secret + '", "Expiration": "' + secret + '"}')

    def assumed(told, secret, origin):
        return 200, {"Content-Type": "text/xml"}, (
            "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
            f"<AccessKeyId>AKIA</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>"
            f"<SessionToken>{secret}</SessionToken><Expiration>{secret}</Expiration>")


# Answers that are not HTTP, or not to the end.
BROKEN = {
    "garbage": "{told} {secret}\r\n\r\n",
    "status": "HTTP/1.1 {secret} {told}\r\n\r\n",
    "field": "HTTP/1.1 200 OK\r\n{secret}\r\n\r\n",
    "chunk": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{secret}\r\n{told}\r\n",
    "length": "HTTP/1.1 200 OK\r\nContent-Length: {secret}\r\n\r\n{told}",
    "short": "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{told}{secret}",
}
MOODS = {name: mood for name, mood in vars(Moods).items() if not name.startswith("_")}


class Answer(http.server.BaseHTTPRequestHandler):
    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode(errors="replace")
        owner = self.server.owner
        # What must not come back stands first: refusals are quoted up to a limit.
        told = " ".join((self.headers.get("Authorization", ""),
                         self.headers.get("Impersonate-Extra-Reason", ""), self.path,
                         str(dict(self.headers)), body, self.command))
        told = urllib.parse.unquote(told)
        told = " ".join(told.split())
        owner.told.append(told)
        mood = next((part for part in urllib.parse.urlsplit(self.path).path.split("/")
                     if part in MOODS or part in BROKEN), "error")
        if mood in BROKEN:
            text = BROKEN[mood].format(told=told, secret=owner.secret)
            self.close_connection = True
            self.send(text)
            return
        status, headers, text = MOODS[mood](told, owner.secret, owner.url)
        self.send_response(status, owner.secret)
        for name, value in {"Content-Length": len(text.encode()), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.send(text)

    def send(self, text):
        try:
            self.wfile.write(text.encode())
        except OSError:
            pass  # the client has heard enough

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_):
        pass


class HostileServer:
    """The mood of an answer is that part of the path which names one."""

    def __init__(self, secret, pair=None):
        self.secret = secret
        self.told = []  # every request, in words
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.server.owner = self
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.host}"
        if pair:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*pair)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.url = f"https://{self.host}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
