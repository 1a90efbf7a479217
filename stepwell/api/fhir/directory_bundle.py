"""One page of a search in the directory as a FHIR Bundle of type searchset."""

from urllib.parse import urlencode

from stepwell.api.fhir.directory_search import NEAR, Page, Search
from stepwell.api.fhir.directory_shelf import Asked, Shelf
from stepwell.api.fhir.location import distance
from stepwell.api.fhir.outcome import outcomes
from stepwell.lib.fhir import Json


def searchset(
    kind: str, shelf: Shelf, search: Search, page: Page, asked: Asked, *, posted: bool
) -> Json:
    """Return one page, its links, and what was left out of account.

    The links of a search that was posted hold nothing of it: post the same again there.
    """
    entries = [entry(kind, shelf, row, km, asked) for row, km in page.rows]
    if search.ignored:
        told = [
            ("not-supported", f"{name} is not known and was ignored.") for name in search.ignored
        ]
        ignored = outcomes(told, severity="warning")
        entries.append({"resource": ignored, "search": {"mode": "outcome"}})
    address = asked.publisher.url(kind, "_search" if posted else "").rstrip("/")
    links = [{"relation": "self", "url": link(address, search, search.after, posted)}]
    if page.following:
        links.append({"relation": "next", "url": link(address, search, page.following, posted)})
    whole: Json = {"resourceType": "Bundle", "type": "searchset"}
    if page.total is not None:
        whole["total"] = page.total
    return {**whole, "link": links, **({"entry": entries} if entries else {})}


def entry(kind: str, shelf: Shelf, row: object, km: float | None, asked: Asked) -> Json:
    """Return one row as an entry."""
    resource = shelf.resource(row, asked.publisher, asked.today)
    found: Json = {"mode": "match"}
    if km is not None:
        found["extension"] = [distance(km)]
    address = asked.publisher.url(kind, resource["id"])
    return {"fullUrl": address, "resource": resource, "search": found}


def link(address: str, search: Search, after: str, posted: bool) -> str:
    """Return the address of a page of the same search."""
    said = [] if posted else [(name, ",".join(values)) for name, values in search.criteria]
    if search.near_said and not posted:
        said.append((NEAR, search.near_said))
    said.append(("_count", str(search.size)))
    if search.with_total and search.size:
        said.append(("_total", "accurate"))
    if after:
        said.append(("_after", after))
    return f"{address}?{urlencode(said)}"
