"""The pages of the directory, as a reader meets them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.directory.models import Family, Listing
from stepwell.domain.credentials import Level, State
from stepwell.domain.offers import Accepting, Consent, Cost, Standing
from tests.apps.directory.build import (
    checked,
    make_credential,
    make_listing,
    make_place,
    make_provider,
)

pytestmark = pytest.mark.django_db
CANARY = "Canarytown"
TOWN = "/find/kinds/counselling/gb/leeds/"
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>"
Ask = Callable[..., HttpResponse]


@pytest.fixture
def today() -> date:
    """Today, as the pages see it."""
    return timezone.localdate()


@pytest.fixture
def ask(client: Client) -> Ask:
    """Send the search form."""

    def send(**asked: Any) -> HttpResponse:
        return client.post("/find/", asked)

    return send


def text(response: HttpResponse) -> str:
    """Return the page."""
    return response.content.decode()


def names(response: HttpResponse) -> list[str]:
    """Return the names on the cards, in their order."""
    return re.findall(r'card__title"><a href="[^"]*">([^<]*)</a>', text(response))


def test_c1_search_is_a_form_that_posts_and_remembers_nothing(client: Client) -> None:
    page = text(client.get("/find/"))
    form = page[page.index('<form action="/find/"') :]

    assert '<form action="/find/" method="post" autocomplete="off"' in form
    assert len(re.findall(r"<(?:input|select)\b", form)) == form.count('autocomplete="off"') - 1
    assert "csrf" not in page.lower()


def test_c1_search_leaves_no_trace(
    ask: Ask, client: Client, today: date, caplog: pytest.LogCaptureFixture
) -> None:
    make_listing(place=make_place(town=CANARY), confirmed_on=today)
    caplog.set_level("DEBUG")

    response = ask(place=CANARY, kind="counselling")

    assert response.status_code == 200
    assert names(response)
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    assert CANARY not in caplog.text
    assert not any(CANARY in str(vars(record)) for record in caplog.records)
    assert f"find/?place={CANARY}" not in text(response)


def test_c1_search_in_an_address_is_ignored(client: Client, today: date) -> None:
    make_listing(confirmed_on=today, name="Somebody")

    page = text(client.get("/find/?kind=counselling&place=Leeds"))

    assert "Somebody" not in page
    assert 'value="Leeds"' not in page


def test_x2_titles_name_nothing(ask: Ask, client: Client, today: date) -> None:
    listing = make_listing(confirmed_on=today)

    pages = [client.get("/find/"), ask(kind="counselling"), client.get(f"/find/{listing.pk}/")]

    titles = [re.findall(r"<title>(.*?)</title>", text(page)) for page in pages]
    assert titles == [["Find"], ["Find"], ["Details"]]


def test_f4b_search_from_another_site_is_refused(client: Client) -> None:
    response = client.post(
        "/find/", {"kind": "counselling"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert response.status_code == 403


@pytest.mark.parametrize("remote", ["remote", "on", "yes"])
def test_plan_can_bring_its_wishes_along(ask: Ask, today: date, remote: str) -> None:
    make_listing(name="Near", confirmed_on=today)
    make_listing(
        name="Remote",
        remote=True,
        serves=frozenset({"GB"}),
        confirmed_on=today,
    )
    make_listing(name="Other", kind="life_coaching", confirmed_on=today)

    response = ask(kind="counselling", country="GB", place="", remote=remote, unknown="ignored")

    assert names(response) == ["Remote"]
    assert re.search(r'<option value="counselling" selected>', text(response))
    assert re.search(r'name="remote" value="yes" autocomplete="off" checked', text(response))


def test_country_without_listings_is_an_answer_not_an_error(ask: Ask, today: date) -> None:
    make_listing(confirmed_on=today)

    page = text(ask(country="NZ"))

    assert "There is a problem" not in page
    assert "1 is too far away, does not serve this country" in page
    assert "No listing fits all of what you asked for" in page
    assert 'href="/guide/"' in page
    assert 'href="/help-now/"' in page


def test_place_may_be_a_town_a_district_or_a_whole_postcode(ask: Ask, today: date) -> None:
    make_listing(name="Leeds one", confirmed_on=today)

    for place in ("leeds", "LS1", "ls1 4ap"):
        assert names(ask(place=place)) == ["Leeds one"], place


def test_unknown_place_names_towns_that_are_spelled_alike(ask: Ask, today: date) -> None:
    make_listing(confirmed_on=today)

    page = text(ask(place="Leads"))

    assert "Did you mean Leeds?" in page
    assert "<title>Error: Find</title>" in page
    assert '<a href="#place">' in page
    assert 'value="Leads"' in page


def test_gates_tell_how_many_they_removed(ask: Ask, today: date) -> None:
    make_listing(name="Fits", cost=Cost.FREE, confirmed_on=today)
    make_listing(cost=Cost.PAID, confirmed_on=today)
    make_listing(cost=Cost.PAID, confirmed_on=today)
    make_listing(confirmed_on=today - timedelta(days=91))
    hidden = make_provider()
    make_credential(hidden, expires_on=today - timedelta(days=1))
    make_listing(provider=hidden, confirmed_on=today)

    page = ask(cost="on")

    assert names(page) == ["Fits"]
    assert "2 are not known to be free or low in cost" in text(page)
    assert "1 was not confirmed in the last 90 days" in text(page)
    assert "1 has no licence or title in force" in text(page)
    assert "With those that have a price: 2 more" in text(page)


def test_card_says_why_and_that_nobody_checked(ask: Ask, today: date) -> None:
    make_listing(languages=frozenset({"ur"}), cost=Cost.LOW, confirmed_on=today)

    page = text(ask(place="Leeds", language="ur", cost="on", kind="counselling"))

    assert "Why this one" in page
    assert "It is counselling, as you asked" in page
    assert "There, or up to 5 km away" in page
    assert "Speaks Urdu" in page
    for part in ("Near, 3 of 3", "Language, 2 of 2", "Cost, 1 of 2", "Checked and fresh, 1 of 3"):
        assert f"{part} points: " in page
    assert "7 of 18 points in all." in page
    assert "Nobody here has checked a licence or title of this provider." in page


def test_wishes_of_a_few_find_what_names_them(ask: Ask, today: date) -> None:
    make_listing(
        name="Names it",
        terms={Family.NEED: frozenset({"panic"}), Family.ACCESS: frozenset({"step_free"})},
    )
    make_listing(name="Names another", terms={Family.NEED: frozenset({"grief"})})
    make_listing(name="Names none")

    by_need = ask(need="panic")
    by_access = ask(access="step_free")

    assert sorted(names(by_need)) == ["Names it", "Names none"]
    assert "Names panic or sudden fear" in text(by_need)
    assert names(by_access) == ["Names it"]
    assert '<details class="more-wishes" open>' in text(by_access)


def test_listing_page_shows_what_it_is_about_and_how_to_take_part(client: Client) -> None:
    listing = make_listing(
        terms={
            Family.NEED: frozenset({"panic"}),
            Family.APPROACH: frozenset({"cbt"}),
            Family.ACCESS: frozenset({"step_free"}),
            Family.PAYER: frozenset({"employer"}),
        }
    )

    page = text(client.get(f"/find/{listing.pk}/"))

    for told in ("Panic or sudden fear", "Without steps", "An employer", "Methods they name"):
        assert told in page


def test_fictional_listing_says_so_wherever_it_is_shown(
    ask: Ask, client: Client, today: date
) -> None:
    listing = make_listing(fictional=True, phone="01632 960001", accepting=Accepting.YES)
    banner = "Fictional example. Not a real service."

    for page in (ask(), client.get(f"/find/{listing.pk}/"), client.get(TOWN)):
        assert banner in text(page)
    assert "Fictional examples." in text(client.get("/find/kinds/counselling/"))
    assert "tel:" not in text(client.get(f"/find/{listing.pk}/")).split("How to reach them")[1]


@pytest.mark.parametrize(
    "change",
    [
        {"standing": Standing.HIDDEN},
        {"standing": Standing.WITHDRAWN},
        {"consent": Consent.NONE},
        {"confirmed_on": None},
    ],
)
def test_listing_that_may_not_be_shown_is_nowhere(
    ask: Ask, client: Client, today: date, change: dict[str, Any]
) -> None:
    listing = make_listing(**{"name": "Secret", "confirmed_on": today, **change})

    assert names(ask()) == []
    assert client.get(f"/find/{listing.pk}/").status_code == 404
    assert "Secret" not in text(client.get("/find/kinds/counselling/"))


def test_c6_listing_page_says_who_checked_what_and_when(client: Client, today: date) -> None:
    provider = make_provider()
    checker = Person.objects.create(username="checker")
    make_credential(
        provider,
        number="PYL123456",
        state=State.VERIFIED,
        level=Level.EVIDENCE_SEEN,
        **checked(checker, datetime(2026, 11, 2, tzinfo=UTC)),
    )
    listing = make_listing(provider=provider, confirmed_on=today)

    page = text(client.get(f"/find/{listing.pk}/"))

    assert "Health and Care Professions Council (GB)" in page
    assert "Number PYL123456" in page
    assert 'href="https://www.hcpc-uk.org/check-the-register/"' in page
    assert "One of our reviewers has seen a document that shows it. On 2 November 2026." in page
    assert "Looked at on 2 November 2026" in page
    assert "checker" not in page


def test_c6_expired_check_hides_the_listing_the_next_day(client: Client, today: date) -> None:
    provider = make_provider()
    make_credential(provider, expires_on=today)
    listing = make_listing(provider=provider, confirmed_on=today)
    assert client.get(f"/find/{listing.pk}/").status_code == 200

    with mock.patch.object(timezone, "localdate", return_value=today + timedelta(days=1)):
        assert client.get(f"/find/{listing.pk}/").status_code == 404


def test_unchecked_listing_says_so_plainly(client: Client, today: date) -> None:
    listing = make_listing(confirmed_on=today, kind="psychotherapy")

    page = text(client.get(f"/find/{listing.pk}/"))

    assert "Nobody here has checked a licence or title of this provider." in page
    assert "Confidentiality: psychotherapy" in page


def test_redacted_place_shows_its_area_only(ask: Ask, client: Client, today: date) -> None:
    place = make_place(town="Leeds", district="LS2", redacted=True)
    listing = make_listing(place=place, confirmed_on=today)

    page = text(client.get(f"/find/{listing.pk}/"))

    assert "the address is not published" in page
    assert str(place.lat) not in page + text(ask(place="Leeds"))


def test_text_of_a_listing_is_escaped_everywhere(ask: Ask, client: Client, today: date) -> None:
    provider = make_provider(name=ATTACK)
    listing = make_listing(
        provider=provider,
        place=make_place(town=f"Town {ATTACK}"[:80], district="X1"),
        name=ATTACK,
        about=ATTACK,
        cost_note=ATTACK,
        phone=ATTACK[:40],
        confirmed_on=today,
    )

    town = reverse("directory:town", args=["counselling", "gb", listing.place.slug])
    pages = [ask(), client.get(f"/find/{listing.pk}/"), client.get(town)]

    for page in pages:
        assert "<script>alert" not in text(page)
        assert "<img src=x" not in text(page)
        assert "&lt;script&gt;" in text(page)


def test_more_than_a_page_can_be_reached(ask: Ask, today: date) -> None:
    for _ in range(23):
        make_listing(confirmed_on=today)

    first, second = ask(kind="counselling"), ask(kind="counselling", page="2")

    assert (len(names(first)), len(names(second))) == (20, 3)
    assert not set(names(first)) & set(names(second))
    assert 'name="set" value="page=2"' in text(first)
    assert 'name="set" value="page=1"' in text(second)
    assert names(ask(kind="counselling", set="page=2")) == names(second)


def test_number_of_queries_does_not_grow_with_what_is_found(
    ask: Ask, today: date, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(3):
        make_listing(confirmed_on=today)
    with django_assert_max_num_queries(13):
        ask(place="Leeds")
    for _ in range(15):
        make_listing(confirmed_on=today, languages=frozenset({"en", "de"}))
    with django_assert_max_num_queries(13):
        ask(place="Leeds")


def test_number_of_queries_of_the_other_pages_is_fixed(
    client: Client, today: date, django_assert_num_queries: Callable[..., Any]
) -> None:
    listing: Listing = make_listing(confirmed_on=today, languages=frozenset({"en"}))
    with django_assert_num_queries(2):
        client.get("/find/")
    with django_assert_num_queries(4):
        client.get(f"/find/{listing.pk}/")
