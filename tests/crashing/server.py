"""The site's own server, in a process that a test kills; an editor publishes in it meanwhile.

`python -m tests.crashing.server PORT` writes a line for each publish that came back.
"""

import re
import sys
import threading
from pathlib import Path
from time import sleep

import django
from django.conf import settings
from django.core.management import call_command


def publish() -> None:
    """Once a test says so, give one article after the other a new number."""
    from stepwell.apps.magazine.models import ArticlePage, ArticleRow

    while not (Path(settings.VAR) / "publish").exists():
        sleep(0.02)
    number = max(int(re.sub(r"\D", "", row.title)) for row in ArticleRow.objects.all())
    while True:
        for page in ArticlePage.objects.order_by("pk"):
            number += 1
            page.title = f"Number {number}"
            page.save_revision().publish()
            print("published", page.slug, number, flush=True)
            (Path(settings.VAR) / "published").touch()


def main() -> None:
    """Serve until killed."""
    port = int(sys.argv[1])
    django.setup()
    if not Path(settings.STATIC_ROOT).exists():
        call_command("collectstatic", verbosity=0, interactive=False)
    from stepwell.cli.running import serve

    threading.Thread(target=publish, daemon=True).start()
    serve("127.0.0.1", port)


if __name__ == "__main__":
    main()
