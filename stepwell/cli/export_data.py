"""The magazine as data: `magazine.json`, its schema, and the pictures it names."""

import json
import shutil
from pathlib import Path

from django.conf import settings

from stepwell.apps.magazine import export
from stepwell.cli.exporting import Told


def write(folder: Path, told: Told) -> int:
    """Write the articles, one at a time; return how many there are."""
    head = {"format": export.FORMAT, "site": settings.SITE_NAME, "address": settings.SITE_URL}
    count, before = 0, ""
    with (folder / "magazine.json").open("w", encoding="utf-8") as out:
        out.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "articles": [\n')
        for article in export.articles():
            told(article["url"])
            out.write(before + json.dumps(article, ensure_ascii=False, sort_keys=True))
            before, count = ",\n", count + 1
        out.write("\n]}\n")
    schema = json.dumps(export.schema(), indent=1, sort_keys=True)
    (folder / "magazine.schema.json").write_text(schema + "\n", encoding="utf-8")
    for name, open_picture in export.pictures():
        target = folder / "pictures" / name
        target.parent.mkdir(exist_ok=True)
        with open_picture() as stream, target.open("wb") as copy:
            shutil.copyfileobj(stream, copy)
    return count
