"""The pages to browse: every kind, one kind by country and town, one kind in one town."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings
from django.core.paginator import Page
from django.urls import reverse
from django.utils.safestring import SafeString

from stepwell.apps.directory.keys import FROM_AFAR
from stepwell.apps.directory.landing_queries import Town, grouped
from stepwell.apps.directory.models import Listing, ProviderType
from stepwell.apps.directory.presenters import wording
from stepwell.apps.directory.presenters.cards import cards
from stepwell.apps.directory.presenters.wording import Context, counted, country_name
from stepwell.domain.support import FAMILY_NAMES, KindOfSupport
from stepwell.lib import schema_org

PER_COUNTRY = 12  # towns of a country that the page of a kind names
Way = list[tuple[str, str]]
START: Way = [("Find someone", "directory:search"), ("Every kind and town", "directory:kinds")]


def way(*steps: tuple[str, str]) -> Way:
    """Return the breadcrumb down to a page."""
    return [*((name, reverse(route)) for name, route in START), *steps]


def all_kinds(kinds: Iterable[KindOfSupport], counts: dict[str, int]) -> Context:
    """Return every kind by its family, each with how many are listed."""
    families: dict[str, list[Context]] = {}
    for kind in kinds:
        entry = {
            "name": kind.name,
            "one_line": kind.one_line,
            "url": reverse("directory:kind", args=[kind.id]) if counts.get(kind.id) else "",
            "listings": listings_words(counts.get(kind.id, 0)),
        }
        families.setdefault(FAMILY_NAMES[kind.family], []).append(entry)
    crumbs = way()
    return {"families": families, "crumbs": crumbs, "structured_data": told(crumbs)}


def one_kind(
    kind: KindOfSupport,
    countries: dict[str, tuple[int, int]],
    towns: Sequence[Town],
    afar: Sequence[Town],
) -> Context:
    """Return a kind by country and town. Countries follow their names, the site's own first."""
    by_country, served = grouped(towns), grouped(afar)
    codes = sorted(
        {*countries, *served}, key=lambda code: (code != settings.HOME_COUNTRY, country_name(code))
    )
    crumbs = way((kind.name, reverse("directory:kind", args=[kind.id])))
    return {
        "kind": kind,
        "countries": [
            {
                "name": country_name(code),
                "towns": links(
                    kind, [*served.get(code, []), *by_country.get(code, [])[:PER_COUNTRY]]
                ),
                "all": in_country(kind, code),
                "more": max(countries.get(code, (0, 0))[1] - PER_COUNTRY, 0),
            }
            for code in codes
        ],
        "examples_only": not any(town.real for town in [*towns, *afar]),
        "crumbs": crumbs,
        "structured_data": told(crumbs),
    }


def one_country(
    kind: KindOfSupport, country: str, page: "Page[Town]", afar: Sequence[Town]
) -> Context:
    """Return a page of the towns of one country."""
    base = in_country(kind, country)
    crumbs = way(
        (kind.name, reverse("directory:kind", args=[kind.id])), (country_name(country), base)
    )
    return {
        "kind": kind,
        "country": country_name(country),
        "towns": links(kind, [*(afar if page.number == 1 else []), *page]),
        "examples_only": not any(town.real for town in [*afar, *page]),
        "page": page,
        "base": base,
        "crumbs": crumbs,
        "structured_data": told(crumbs),
    }


def one_town(
    kind: KindOfSupport, country: str, slug: str, page: "Page[Listing]", today: date
) -> Context:
    """Return a page of the listings of one kind in one town, or from afar in one country."""
    first = page[0]
    base = reverse("directory:town", args=[kind.id, country.lower(), slug])
    name = country_name(country)
    here = f"By phone, video or text in {name}" if slug == FROM_AFAR else town_words(first)
    crumbs = way(
        (kind.name, reverse("directory:kind", args=[kind.id])),
        (name, in_country(kind, country)),
        (here, base),
    )
    title = f"{kind.name} {here[:1].lower() + here[1:] if slug == FROM_AFAR else f'in {here}'}"
    real = [one for one in page if not one.fictional]
    return {
        "kind": kind,
        "title": title,
        "found": counted(page.paginator.count, "listing", "listings"),
        "listings": cards(page, today),
        "examples_only": not real,
        "page": page,
        "base": base,
        "crumbs": crumbs,
        "structured_data": told(
            crumbs, collection(title, page_address(base, page.number), real, country, slug)
        ),
    }


def town_words(listing: Listing) -> str:
    """Return a town with its region and country, as the pages of towns name it."""
    place = listing.place
    if place is None:
        return wording.FROM_AFAR
    return f"{named(place.town, place.region)}, {country_name(place.country)}"


def named(town: str, region: str) -> str:
    """Return a town with its region, where that has another name."""
    return ", ".join(filter(None, dict.fromkeys((town, region))))


def links(kind: KindOfSupport, towns: Iterable[Town]) -> list[Context]:
    """Return towns as links, each with how many are listed."""
    return [
        {
            "name": named(town.town, town.region) or wording.FROM_AFAR,
            "url": reverse("directory:town", args=[kind.id, town.country.lower(), town.slug]),
            "listings": listings_words(town.listings),
            "fictional": not town.real,
        }
        for town in towns
    ]


def listings_words(number: int) -> str:
    """Return how many are listed."""
    return f"{number:,} listing{'' if number == 1 else 's'}"


def in_country(kind: KindOfSupport, country: str) -> str:
    """Return the address of a kind in a country."""
    return reverse("directory:kind_in", args=[kind.id, country.lower()])


def page_address(base: str, number: int) -> str:
    """Return the address of one page of a list."""
    return base if number == 1 else f"{base}page/{number}/"


def absolute(path: str) -> str:
    """Return the public address of a path of this site."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def told(crumbs: Way, page: schema_org.Node | None = None) -> SafeString:
    """Return what the page tells programs: the way to it, and what it lists."""
    way_here = schema_org.breadcrumb([(step, absolute(address)) for step, address in crumbs])
    return schema_org.graph(*([page] if page else []), way_here)


def collection(
    name: str, path: str, listings: Sequence[Listing], country: str, slug: str
) -> schema_org.CollectionPage | None:
    """Return a page that lists services; None where there are none but examples."""
    if not listings:
        return None
    afar = slug == FROM_AFAR
    listed = schema_org.services(
        service(one, country_name(country) if afar else "") for one in listings
    )
    return schema_org.CollectionPage(name=name, url=absolute(path), main_entity=listed)


def service(listing: Listing, country: str) -> schema_org.Service:
    """Return what the card of a listing says; `country`, where it is given from afar."""
    person = listing.provider.type == ProviderType.PERSON
    town = listing.place.town if listing.place and not country else ""
    languages = tuple(wording.languages_of(listing))
    return schema_org.Service(
        name=listing.name,
        url=absolute(reverse("directory:listing", args=[listing.pk])),
        service_type=wording.kind_name(listing.kind),
        provider=schema_org.Offerer(
            type_="Person" if person else "Organization", name=listing.provider.name
        ),
        area_served=schema_org.Area(type_="City" if town else "Country", name=town or country),
        available_channel=schema_org.Channel(available_language=languages) if languages else None,
    )
