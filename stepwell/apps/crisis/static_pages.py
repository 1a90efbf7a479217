"""The last page standing: every help page as a file that any web server can hand out.

The files stand while the application and its database are down. They link the
site's style and are readable without it.
"""

import gzip
import os
import tempfile
from datetime import date
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from stepwell.apps.crisis import presenters

INDEX = "index.html"


def write_pages(folder: Path, today: date) -> list[Path]:
    """Write every help page and its gzip copy below `folder`; return the pages' paths.

    Each file is replaced in one step, so that a reader never gets half a page.
    Run it daily: a number past its review date leaves the files with the next run.
    """
    written = []
    for address, html in pages(today):
        path = folder / address.strip("/") / INDEX
        content = html.encode()
        replace(path, content)
        replace(path.with_name(f"{INDEX}.gz"), gzip.compress(content, mtime=0))
        written.append(path)
    return written


def pages(today: date) -> list[tuple[str, str]]:
    """Return every help page as (address, HTML)."""
    index = presenters.page(settings.HOME_COUNTRY, today)
    rendered = [_rendered(reverse("crisis:index"), "crisis/index.html", index)]
    for choice in presenters.choices():
        page = presenters.page(choice.cc, today)
        rendered.append(_rendered(choice.address, "crisis/country.html", page))
    return rendered


def replace(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step: whole, on disk, readable by the web server."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _rendered(address: str, template: str, page: dict[str, object]) -> tuple[str, str]:
    return address, render_to_string(template, page, request=RequestFactory().get(address))
