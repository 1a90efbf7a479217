"""One page of a search as a FHIR Bundle of type searchset."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from stepwell.api.fhir.outcome import outcomes
from stepwell.api.fhir.searching import Search
from stepwell.lib.fhir import Json


def searchset(address: str, search: Search, total: int, resources: Sequence[Json]) -> Json:
    """Return one page: `resources` of `total` that fit, links, and what was left out of account."""
    entries = [
        {"fullUrl": resource["url"], "resource": resource, "search": {"mode": "match"}}
        for resource in resources
    ]
    if search.ignored:
        told = [
            ("not-supported", f"{name} is not known and was ignored.") for name in search.ignored
        ]
        ignored = outcomes(told, severity="warning")
        entries.append({"resource": ignored, "search": {"mode": "outcome"}})
    links = [{"relation": name, "url": url} for name, url in _links(address, search, total)]
    whole: Json = {"resourceType": "Bundle", "type": "searchset", "total": total, "link": links}
    return {**whole, "entry": entries} if entries else whole


def _links(address: str, search: Search, total: int) -> Iterator[tuple[str, str]]:
    """Yield the pages by their relation to this one; `self` says what was understood."""
    last = -(-total // search.size) if search.size else 1
    yield "self", _page(address, search, search.page)
    if search.page > 1:
        yield "first", _page(address, search, 1)
        yield "previous", _page(address, search, min(search.page - 1, max(last, 1)))
    if search.page < last:
        yield "next", _page(address, search, search.page + 1)


def _page(address: str, search: Search, page: int) -> str:
    asked = [(name, ",".join(values)) for name, values in search.criteria]
    paging = [("_count", str(search.size)), ("_page", str(page))]
    return f"{address}?{urlencode([*asked, *paging])}"
