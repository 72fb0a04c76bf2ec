"""nginx: plain, passwords, TLS, client certificates, redirects and bad answers."""

import collections

from cluster import free_ports
from servers import Server, answer, write_htpasswd

USER, PASSWORD = "robot", "planted-canary-basic"
TOKEN = "planted-canary-bearer"
HEADER = "planted-canary-header"
PAGE = 2  # tags a page of the paging registry

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  default_type text/yaml;
  log_format told '$server_port|$request_method|$request_uri|$status|$http_authorization'
                  '|$http_x_api_key|$http_if_none_match|$http_user_agent|$http_cookie';
  access_log {folder}/access.log told;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  ssl_certificate {certificate};
  ssl_certificate_key {key};

  server {{
    listen 127.0.0.1:{plain};
    root {root};
    location /basic/ {{
      alias {root}/;
      auth_basic "charts";
      auth_basic_user_file {folder}/htpasswd;
    }}
    location /bearer/ {{
      alias {root}/;
      if ($http_authorization != "Bearer {token}") {{ return 401; }}
    }}
    location /header/ {{
      alias {root}/;
      if ($http_x_api_key != "{header}") {{ return 403; }}
    }}
    location /packed/ {{
      alias {root}/;
      gzip on;
      gzip_types *;
      gzip_min_length 1;
    }}
    location /bomb/ {{
      alias {root}/huge/;
      add_header Content-Encoding gzip;
    }}
    location /moved/ {{ rewrite ^/moved/(.*)$ /$1 permanent; }}
    location /round/ {{ return 302 /round/index.yaml; }}
    location /away/ {{ rewrite ^/away/(.*)$ http://localhost:{other}/$1 redirect; }}
    location /metadata/ {{ return 302 http://169.254.169.254/latest/meta-data/; }}
    location /denied/ {{ return 403 "no\\n"; }}
    location /busy/ {{ add_header Retry-After 7 always; return 429 "later\\n"; }}
    location /broken/ {{ return 500 "oops\\n"; }}
    location /empty/ {{ return 200 ""; }}
    location /login/ {{
      default_type text/html;
      return 200 "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>\\n";
    }}
  }}
  server {{ listen 127.0.0.1:{other}; root {root}; }}
  server {{ listen 127.0.0.1:{tls} ssl; root {root}; }}
  server {{
    listen 127.0.0.1:{mutual} ssl;
    root {root};
    ssl_client_certificate {authority};
    ssl_verify_client on;
  }}
  server {{
    # A registry that pages of its own accord, as those of the clouds do.
    listen 127.0.0.1:{paging};
    proxy_set_header Host $http_host;
    location / {{
      if ($arg_n = "") {{ set $args "n={page}"; }}
      proxy_pass http://127.0.0.1:{registry};
    }}
  }}
}}
"""

Request = collections.namedtuple(
    "Request", "port method target status authorization api_key if_none_match user_agent cookie")


class Nginx(Server):
    """Serves the folders under `root` in every way of CONFIGURATION, and `registry` in pages."""

    def __init__(self, folder, authority, registry):
        super().__init__(folder, "nginx")
        self.root = self.folder / "root"
        self.root.mkdir(exist_ok=True)
        self.plain, self.other, self.tls, self.mutual, self.paging = free_ports(5)
        write_htpasswd(self.folder / "htpasswd", **{USER: PASSWORD})
        certificate, key = authority.issue("nginx")
        self.configuration = self.folder / "nginx.conf"
        self.configuration.write_text(CONFIGURATION.format(
            folder=self.folder, root=self.root, certificate=certificate, key=key, token=TOKEN,
            header=HEADER, authority=authority.certificate, plain=self.plain, other=self.other,
            tls=self.tls, mutual=self.mutual, paging=self.paging, page=PAGE,
            registry=registry.port))

    def start(self):
        return self.launch("/usr/sbin/nginx", "-p", self.folder, "-c", self.configuration, "-e",
                           self.folder / "error.log", port=self.plain)

    def url(self, path, scheme="http", port=None, host="127.0.0.1"):
        return f"{scheme}://{host}:{port or self.plain}/{path}"

    def get(self, path, headers=None):
        return answer(self.plain, path, headers)

    def requests(self):
        """Every request so far, as nginx saw it."""
        return [Request(*line.split("|")) for line in
                (self.folder / "access.log").read_text().splitlines()]
