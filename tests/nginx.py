"""Debian's nginx before a server, for the tests of what stands behind a proxy."""

import shutil
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.serving import free_port

NGINX = shutil.which("nginx") or next((p for p in ("/usr/sbin/nginx",) if Path(p).exists()), None)
LACKING = "no nginx; with it the server is tested behind a prefix too (apt-get install nginx-light)"
_CONFIG = """
pid {folder}/pid; error_log {folder}/errors; daemon off; worker_processes 1;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port};
    location = / {{ return 200 "another site"; }}
    location /articles/ {{
      proxy_pass {server}; proxy_set_header Host $http_host; proxy_http_version 1.1;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Remote-User $http_x_test_user;
      proxy_buffering off;
    }}
  }}
}}
"""


@contextmanager
def proxied(folder, server, *, stripped=True):
    """The address of a site that has the server below ``/articles``; ``stripped`` says whether the
    proxy leaves that out of what it asks for.
    """
    folder.mkdir(exist_ok=True)
    port = free_port()
    config = folder / "nginx.conf"
    server = f"{server}/" if stripped else server
    config.write_text(_CONFIG.format(folder=folder, port=port, server=server))
    process = subprocess.Popen([NGINX, "-c", config, "-p", folder], stderr=subprocess.PIPE)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except OSError:
                time.sleep(0.05)
        assert process.poll() is None, process.stderr.read().decode()
        yield f"{address}/articles"
    finally:
        process.terminate()
        process.communicate(timeout=20)
