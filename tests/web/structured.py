"""What makes JSON-LD right here: known types, their required keys, whole addresses, dates, and
nothing that the page does not show."""

import html
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from tests.web.feeds import is_address

REQUIRED = {
    "Article": {"headline", "description", "author", "publisher", "datePublished", "dateModified",
                "articleSection", "mainEntityOfPage"},
    "WebSite": {"name", "url", "publisher"},
    "WebPage": {"@id"},
    "MedicalWebPage": {"@id", "lastReviewed", "reviewedBy"},
    "CollectionPage": {"name", "url", "mainEntity"},
    "ProfilePage": {"name", "url", "mainEntity"},
    "ItemList": {"itemListElement"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name"},
    "Organization": {"name"},
    "Person": {"name"},
    "CreativeWork": {"name", "datePublished"},
    "Service": {"name", "url", "serviceType", "provider", "areaServed"},
    "ServiceChannel": {"availableLanguage"},
    "City": {"name"},
    "Country": {"name"},
}  # fmt: skip
REQUIRED["NewsArticle"] = REQUIRED["Article"]
ADDRESSES = {"url", "@id"}  # and "item", where it is no thing of its own
DATES = {"dateModified", "lastReviewed"}
SHOWN = {
    "headline",
    "name",
    "articleSection",
    "keywords",
    "jobTitle",
    "serviceType",
    "availableLanguage",
}


def nodes(page: str) -> list[dict[str, Any]]:
    """Return the graph of a page; empty where it has none."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert len(found) <= 1, "more than one graph"
    if not found:
        return []
    told = json.loads(found[0])
    assert told["@context"] == "https://schema.org"
    graph: list[dict[str, Any]] = told["@graph"]
    return graph


def problems(page: str) -> list[str]:
    """Return what is wrong with the structured data of a page."""
    body = page.partition("<body")[2]
    visible = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())
    found: list[str] = []
    for node in _all(nodes(page)):
        kind = node.get("@type", "")
        missing = REQUIRED.get(kind, {"a known type"}) - set(node)
        found += [f"{kind} lacks {one}" for one in missing]
        for key, value in node.items():
            found += _of_value(kind, key, value, visible)
    return found


def _all(found: object) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        yield found
        for value in found.values():
            yield from _all(value)
    elif isinstance(found, list):
        for value in found:
            yield from _all(value)


def _of_value(kind: str, key: str, value: object, visible: str) -> list[str]:
    if (key in ADDRESSES or (key == "item" and isinstance(value, str))) and not is_address(
        str(value)
    ):
        return [f"{kind} {key}: {value!r} is no whole address"]
    if key in DATES and not _is_date(str(value)):
        return [f"{kind} {key}: {value!r} is no date"]
    if key == "datePublished" and kind != "CreativeWork":
        return [] if datetime.fromisoformat(str(value)).tzinfo else [f"{kind} {key} has no zone"]
    if key in SHOWN:
        texts = value if isinstance(value, list) else [value]
        return [
            f"{kind} {key}: {one!r} is not on the page"
            for one in texts
            if " ".join(str(one).split()) not in visible
        ]
    return []


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
