"""Reports of problems and answers: stored once, sealed, read by few, counted in days."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django.test import Client
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.models import Event
from stepwell.apps.directory.freshness import access, actions, forms, steward_actions
from stepwell.apps.directory.models import Case, Listing
from stepwell.apps.directory.models.freshness import Report, SentReport, VisitorAnswer
from stepwell.apps.directory.queries import find_listing
from stepwell.apps.tasks.actions import run_due
from stepwell.domain.freshness import Answered, Problem
from stepwell.lib import form_tokens
from stepwell.web.logs import EventFormatter
from tests.apps.directory.build import make_listing

pytestmark = pytest.mark.django_db
CANARY = "canary-5d1c"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Each test begins with a network that has sent nothing."""
    cache.clear()


@pytest.fixture
def listing() -> Listing:
    """A listing that is shown."""
    return make_listing(confirmed_on=timezone.localdate())


@pytest.fixture
def ada() -> Person:
    """A steward who may read reports."""
    ada = Person.objects.create(username="ada")
    rights = ["read_report", "change_listing", "access_admin"]
    ada.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return ada


def token(age: timedelta = timedelta(minutes=5)) -> str:
    return form_tokens.issue(forms.PURPOSE, timezone.now() - age)


def filled(**other: str) -> dict[str, str]:
    said = {"problem": "wrong", "words": CANARY, "website": "", "token": token()}
    return {**said, **other}


def send(client: Client, listing: Listing, **other: str) -> Any:
    return client.post(f"/find/{listing.pk}/report/", filled(**other))


def text(response: Any) -> str:
    found: str = response.content.decode()
    return found


def told(listing: Listing, problem: Problem, on: date, words: str = "") -> None:
    key = forms.key_of("test", str(on), problem, str(Report.objects.count()))
    actions.report(listing=listing, problem=problem, words=words, key=key, today=on)


def test_a_report_opens_a_case_and_is_answered_by_when(client: Client, listing: Listing) -> None:
    response = send(client, listing)

    case = Case.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/find/reported/")
    assert (case.cause, case.listing, case.settled_at) == ("problem", listing, None)
    assert CANARY not in case.detail
    page = client.get("/find/reported/")
    by = timezone.localdate() + timedelta(days=3)
    assert f"{by.day} {by:%B %Y}" in text(page)
    assert not page.cookies


def test_a_report_hides_nothing(client: Client, listing: Listing) -> None:
    for problem in Problem:
        send(client, listing, problem=problem, seen="1")

    assert Report.objects.count() == len(Problem)
    assert find_listing(listing.pk, timezone.localdate()) is not None


def test_D2_the_database_holds_no_word_of_a_report(client: Client, listing: Listing) -> None:
    send(client, listing)

    with connection.cursor() as cursor:
        for table in ("report", "sentreport", "case"):
            cursor.execute(f"SELECT * FROM directory_{table}")
            assert CANARY not in repr(cursor.fetchall())
        cursor.execute("SELECT * FROM audit_event")
        assert CANARY not in repr(cursor.fetchall())


def test_D1_a_report_holds_nothing_else() -> None:
    stored = {field.name for field in Report._meta.concrete_fields}

    assert stored == {"id", "listing", "case", "problem", "by_provider", "said_on", "told"}
    assert type(Report._meta.get_field("said_on")) is models.DateField
    answer = {field.name for field in VisitorAnswer._meta.concrete_fields}
    assert answer == {"id", "listing", "said", "said_on"}


def test_a_case_of_a_report_tells_the_day_and_not_the_moment(
    client: Client, listing: Listing
) -> None:
    send(client, listing)

    opened = timezone.localtime(Case.objects.get().opened_at)
    assert (opened.hour, opened.minute, opened.second, opened.microsecond) == (0, 0, 0, 0)
    assert not Event.objects.exists()


def test_help_and_what_we_can_do_come_first_where_somebody_felt_unsafe(
    client: Client, listing: Listing
) -> None:
    said = filled(problem="unsafe")
    first = client.post(f"/find/{listing.pk}/report/", said)

    page = text(first)
    assert first.status_code == 200
    assert not Report.objects.exists()
    main = page[page.index("<main") :]
    assert (
        main.index("In danger right now?") < main.index("What we cannot do") < main.index("<form")
    )
    assert CANARY in page
    assert f'value="{said["token"]}"' in page
    assert re.search(r'name="seen" value="1"', page)
    second = client.post(f"/find/{listing.pk}/report/", {**said, "seen": "1"})

    assert second.status_code == 302
    assert Case.objects.get().detail.startswith("Urgent")


def test_help_is_shown_again_when_the_words_speak_of_danger(
    client: Client, listing: Listing
) -> None:
    response = send(client, listing, problem="", words="i want to kill myself")

    main = text(response)
    assert response.status_code == 422
    assert main.index("First: you") < main.index("There is a problem")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"problem": ""}, "problem"),
        ({"problem": "weather"}, "problem"),
        ({"words": "x" * 401}, "words"),
        ({"website": "http://spam.example"}, "website"),
        ({"token": ""}, "problem"),
        ({"token": "forged"}, "problem"),
    ],
)
def test_F3_problems_lead_to_their_field_and_words_are_kept(
    client: Client, listing: Listing, wrong: dict[str, str], field: str
) -> None:
    said = {"words": f"{CANARY} words", **wrong}

    response = send(client, listing, **said)

    page = text(response)
    assert response.status_code == 422
    assert "<title>Error: " in page
    assert f'<li><a href="#{field}">' in page
    assert f'id="{field}"' in page
    assert said["words"] in page
    assert not Report.objects.exists()


def test_F6_a_slow_person_succeeds_and_a_blink_does_not(client: Client, listing: Listing) -> None:
    assert send(client, listing, token=token(timedelta(hours=5))).status_code == 302
    assert send(client, listing, token=token(timedelta(days=3))).status_code == 422
    assert send(client, listing, token=token(timedelta(seconds=0))).status_code == 422


def test_F6_F7_a_flood_waits_and_nothing_is_lost(client: Client, listing: Listing) -> None:
    answers = [send(client, listing, words=f"{CANARY}{n}") for n in range(11)]

    assert [one.status_code for one in answers] == [302] * 10 + [429]
    assert answers[-1]["Retry-After"]
    assert f"{CANARY}10" in text(answers[-1])


def test_F4_a_replay_is_the_same_report_and_other_words_are_another(
    client: Client, listing: Listing
) -> None:
    said = filled()
    for _ in range(3):
        client.post(f"/find/{listing.pk}/report/", said)
    assert Report.objects.count() == 1

    client.post(f"/find/{listing.pk}/report/", {**said, "words": "and more"})

    assert Report.objects.count() == 2
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_F4_fifty_identical_reports_at_once_are_one() -> None:
    listing = make_listing(confirmed_on=timezone.localdate())
    reported, answered = filled(), {"answered": "soon", "website": "", "token": token()}

    def post(number: int) -> int:
        try:
            said = answered if number % 2 else reported
            return Client().post(f"/find/{listing.pk}/report/", said).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as many:
        answers = set(many.map(post, range(100)))

    assert answers == {302}
    assert (Report.objects.count(), VisitorAnswer.objects.count(), Case.objects.count()) == (
        1,
        1,
        1,
    )


def test_three_days_on_which_nobody_was_reached_are_urgent(listing: Listing) -> None:
    today = timezone.localdate()
    for _ in range(4):
        told(listing, Problem.UNREACHABLE, today)
    told(listing, Problem.UNREACHABLE, today - timedelta(days=1))
    told(listing, Problem.WRONG, today - timedelta(days=2))
    assert not Case.objects.filter(key__startswith="urgent").exists()

    told(listing, Problem.UNREACHABLE, today - timedelta(days=2))

    urgent = Case.objects.get(key=f"urgent:{listing.pk}")
    assert urgent.detail == "Urgent. On 3 different days somebody could not reach them."


def test_reports_that_are_settled_do_not_count_as_urgent_again(
    listing: Listing, ada: Person
) -> None:
    today = timezone.localdate()
    for days in range(2):
        told(listing, Problem.UNREACHABLE, today - timedelta(days=days))
    Case.objects.update(settled_at=timezone.now(), settled_by=ada, outcome="corrected")

    told(listing, Problem.UNREACHABLE, today - timedelta(days=2))

    assert not Case.objects.filter(key__startswith="urgent").exists()


def test_L3_reading_is_for_those_who_may_and_is_written_down_each_time(
    client: Client, listing: Listing, ada: Person
) -> None:
    told(listing, Problem.OTHER, timezone.localdate(), CANARY)
    report = Report.objects.get()
    ben = Person.objects.create(username="ben")
    ben.user_permissions.set(Permission.objects.filter(codename="change_listing"))
    cleo = Person.objects.create(username="cleo", is_active=False, is_superuser=True)

    assert [access.can_read_reports(one) for one in (ada, ben, cleo)] == [True, False, False]
    for outsider in (ben, cleo):
        with pytest.raises(PermissionDenied):
            steward_actions.open_reports(listing=listing, by=outsider)
    client.force_login(ada)
    address = f"/admin/directory/reports/{listing.pk}/"
    closed = client.get(address)
    opened = client.post(address)

    assert CANARY not in text(closed)
    assert CANARY in text(opened)
    read = Event.objects.filter(verb="read").values_list("by", "thing")
    assert list(read) == [(ada.pk, f"report:{report.pk}")]


def test_D3_words_are_forgotten_in_time_and_the_count_stays(listing: Listing) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    told(listing, Problem.OTHER, today - timedelta(days=180), CANARY)
    told(listing, Problem.OTHER, today - timedelta(days=179), CANARY)

    assert run_due(lambda: now)["directory.forget"]

    assert Report.objects.count() == 2
    assert Report.objects.filter(told=None).count() == 1
    actions.forget(now=now + timedelta(days=1))
    assert not Report.objects.exclude(told=None).exists()
    assert Event.objects.filter(verb="forgot").count() == 2


def test_D3_a_form_is_remembered_for_longer_than_it_can_be_sent(listing: Listing) -> None:
    now = timezone.now()
    told(listing, Problem.OTHER, timezone.localdate(now))

    actions.forget(now=now + timedelta(days=4))
    assert SentReport.objects.count() == 1
    actions.forget(now=now + timedelta(days=5))
    assert SentReport.objects.count() == 0


def count(client: Client, listing: Listing, said: str) -> None:
    cache.clear()
    form = {"answered": said, "website": "", "token": token()}
    assert client.post(f"/find/{listing.pk}/report/", form).status_code == 302


def test_answers_are_shown_from_five_on(client: Client, listing: Listing) -> None:
    page = f"/find/{listing.pk}/"
    for _ in range(4):
        count(client, listing, "soon")
    assert "Not enough answers yet" in text(client.get(page))

    count(client, listing, "not_at_all")

    shown = text(client.get(page))
    assert "4 got an answer within two working days, 0 later, 1 not at all." in shown
    assert "does not change who comes first" in shown


def test_of_answers_the_latest_twenty_are_kept(listing: Listing) -> None:
    today = timezone.localdate()
    actions.answer(listing=listing, said=Answered.LATER, key="first", today=today)
    for number in range(20):
        actions.answer(listing=listing, said=Answered.SOON, key=str(number), today=today)

    kept = VisitorAnswer.objects.values_list("said", flat=True)
    assert list(kept) == ["soon"] * 20


def test_answers_move_nobody_in_the_search(client: Client, listing: Listing) -> None:
    other = make_listing(confirmed_on=timezone.localdate())

    def order() -> list[str]:
        return re.findall(r'card__title"><a href="([^"]*)"', text(client.post("/find/", {})))

    before = order()
    for _ in range(6):
        count(client, other, "not_at_all")
        count(client, listing, "soon")

    assert len(before) == 2
    assert order() == before


def test_F8_a_listing_that_is_not_shown_takes_no_reports(client: Client) -> None:
    hidden = make_listing(confirmed_on=timezone.localdate() - timedelta(days=91))

    assert send(client, hidden).status_code == 404
    assert not Report.objects.exists()


def test_F4_a_form_from_another_site_is_refused(client: Client, listing: Listing) -> None:
    response = client.post(
        f"/find/{listing.pk}/report/", filled(), HTTP_SEC_FETCH_SITE="cross-site"
    )

    assert response.status_code == 403


def test_X3_fields_are_not_filled_in_again(client: Client, listing: Listing) -> None:
    page = text(client.get(f"/find/{listing.pk}/report/"))
    form = page[page.index("<main") :]

    boxes = re.findall(r"<(?:input|textarea)\b[^>]*>", form)
    typed = [one for one in boxes if 'type="hidden"' not in one]
    assert all('autocomplete="off"' in one for one in typed)
    assert form.count("<form") == form.count('method="post" autocomplete="off"') == 2


def test_L1_the_words_of_a_report_are_not_logged(
    client: Client, listing: Listing, capfd: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    send(client, listing)
    send(client, listing, problem="unsafe")
    send(client, listing, problem="nonsense")

    logged = [EventFormatter().format(record) for record in caplog.records]
    assert any("directory:report" in line for line in logged)
    assert CANARY not in "".join([*logged, *capfd.readouterr()])
