"""What web servers in front need as files: headers, the way to us, and help now.

The headers are those of `middleware.HEADERS`, so that a page handed out by nginx or Caddy
carries what the site itself would send.
"""

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from stepwell.apps.crisis.static_pages import replace, write_pages
from stepwell.web.middleware import HEADERS, SITE_POLICY

TO_THE_SITE = """\
proxy_pass http://stepwell;
proxy_http_version 1.1;
proxy_set_header Connection "";
proxy_set_header Host $host;
proxy_set_header X-Forwarded-Proto $scheme;
proxy_set_header X-Forwarded-For $remote_addr;
"""


def write(folder: Path | None = None) -> None:
    """Write the files below a folder, this installation's own where none is named."""
    base = folder or settings.VAR
    headers = {**HEADERS, "Content-Security-Policy": SITE_POLICY}
    nginx = "".join(f'add_header {name} "{value}" always;\n' for name, value in headers.items())
    caddy = "".join(f'\t{name} "{value}"\n' for name, value in headers.items())
    replace(base / "nginx" / "headers.conf", nginx.encode())
    replace(base / "nginx" / "to-the-site.conf", TO_THE_SITE.encode())
    replace(base / "caddy" / "headers", f"header {{\n{caddy}}}\n".encode())
    write_pages(base / "help-now", timezone.localdate())
