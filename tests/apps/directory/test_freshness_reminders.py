"""Reminders: at the right day, once, one mail a day for an address, and nothing lost."""

import smtplib
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone

from stepwell.apps.directory.freshness import links, mails, reminders
from stepwell.apps.directory.models import Case, Listing, Provider
from stepwell.apps.directory.models.freshness import (
    Confirmation,
    MailState,
    Reminder,
    ReminderMail,
)
from stepwell.apps.tasks.actions import run_due
from stepwell.domain.freshness import Occasion
from stepwell.domain.offers import Standing
from stepwell.web.logs import EventFormatter
from tests.apps.directory.build import make_listing, make_provider

pytestmark = pytest.mark.django_db
ADDRESS = "Front-Desk@canary-91f3.example"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = NOW.date()


class Broken(BaseEmailBackend):
    """A mail server that fails as a test says."""

    error: Exception | None = None
    opens = True
    tried = 0

    def open(self) -> bool:
        if not Broken.opens:
            raise ConnectionRefusedError
        return True

    def close(self) -> None:
        pass

    def send_messages(self, messages: Any) -> int:
        Broken.tried += 1
        if Broken.error:
            raise Broken.error
        mail.outbox += messages
        return len(messages)


@pytest.fixture(autouse=True)
def server(settings: Any) -> type[Broken]:
    """A site that sends mail."""
    settings.EMAIL_HOST = "mail.example"
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    Broken.error, Broken.opens, Broken.tried = None, True, 0
    mail.outbox = []
    return Broken


def make(
    age: int, address: str = ADDRESS, provider: Provider | None = None, **more: Any
) -> Listing:
    provider = provider or make_provider()
    Provider.objects.filter(pk=provider.pk).update(contact_email=address)
    return make_listing(provider=provider, confirmed_on=TODAY - timedelta(days=age), **more)


def run(days: float = 0) -> dict[str, int]:
    return reminders.remind(NOW + timedelta(days=days))


def test_reminders_go_at_day_60_75_and_85_and_never_twice() -> None:
    listing = make(59)
    sent = []
    for day in range(59, 130):
        for _ in range(3):
            run(day - 59)
        sent += [day] * len(mail.outbox)
        mail.outbox.clear()

    assert sent == [60, 75, 85]
    assert Case.objects.get().detail == reminders.LAPSED
    assert Reminder.objects.filter(listing=listing).count() == 4


def test_a_confirmation_begins_the_count_anew() -> None:
    listing = make(60)
    run()
    Listing.objects.filter(pk=listing.pk).update(confirmed_on=TODAY)

    run(59)
    assert len(mail.outbox) == 1
    run(60)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
def test_the_day_is_that_of_the_site_also_when_the_clocks_change(zone: str) -> None:
    confirmed = date(2026, 9, 1)
    listing = make(60)
    Listing.objects.filter(pk=listing.pk).update(confirmed_on=confirmed)
    day_60 = datetime(
        2026, 10, 31, tzinfo=ZoneInfo(zone)
    )  # between the changes of Europe and the US

    with timezone.override(zone):
        reminders.remind(day_60 - timedelta(minutes=1))
        assert not mail.outbox
        reminders.remind(day_60)

    assert len(mail.outbox) == 1


def test_who_missed_several_gets_the_latest_only() -> None:
    make(86)

    run()

    assert len(mail.outbox) == 1
    assert list(Reminder.objects.values_list("days", flat=True)) == [85]


def test_several_listings_of_an_address_go_into_one_mail() -> None:
    provider = make_provider()
    first = make(60, provider=provider)
    second = make(76, provider=provider)
    elsewhere = make(61, address=ADDRESS.lower())
    make(61, address="other@example.org")

    run()

    assert sorted(len(one.to) for one in mail.outbox) == [1, 1]
    together = next(one for one in mail.outbox if "canary" in one.to[0])
    found = {links.find_link(token, NOW).listing.pk for token in tokens(together)}  # type: ignore[union-attr]
    assert found == {first.pk, second.pk, elsewhere.pk}


def tokens(message: Any) -> list[str]:
    return [
        line.rstrip("/").rpartition("/")[2]
        for line in message.body.splitlines()
        if "/find/confirm/" in line
    ]


def test_an_address_gets_one_mail_a_day_and_the_rest_tomorrow() -> None:
    make(60)
    run()
    make(60)
    run()
    assert len(mail.outbox) == 1

    run(1)

    assert len(mail.outbox) == 2
    assert len(tokens(mail.outbox[1])) == 1


def test_C5_the_mail_could_stand_on_a_postcard(settings: Any) -> None:
    settings.SITE_NAME = "Stepping Stones"
    listing = make(60, name="Trauma therapy for anxiety", about="Depression", kind="psychotherapy")
    Provider.objects.update(name="Dr Jo Example, psychiatrist")

    run()

    message = mail.outbox[0]
    whole = message.message().as_string()
    words = (whole.replace(tokens(message)[0], "")).lower()
    private = ("health", "mental", "therap", "anxiety", "depress", "crisis", "psych", "patient")
    assert [word for word in private if word in words] == []
    assert listing.name not in whole
    assert message.subject == mails.SUBJECT
    assert "text/html" not in whole
    assert links.find_link(tokens(message)[0], NOW) is not None


def test_only_listings_that_somebody_could_see_are_asked_about() -> None:
    make(60, standing=Standing.HIDDEN)
    make(60, consent="none")
    make_listing(fictional=True)

    assert run() == {"mails": 0, "cases": 0}


def test_without_an_address_or_without_mail_a_steward_is_told_once(settings: Any) -> None:
    listing = make(60, address="")
    run()
    run()
    assert Case.objects.get().detail == reminders.NO_ADDRESS
    settings.EMAIL_HOST = ""
    other = make(60)
    run()

    assert not mail.outbox
    assert Case.objects.get(listing=other).detail == reminders.NO_MAIL
    assert Case.objects.get(listing=listing).key == f"ask:{listing.pk}"


def test_when_mail_is_down_nothing_is_kept_and_it_is_tried_again(server: type[Broken]) -> None:
    make(60)
    server.opens = False
    assert run_due(lambda: NOW)["directory.remind"] is False
    server.opens, server.error = True, smtplib.SMTPSenderRefused(451, b"later", "x")
    with pytest.raises(reminders.MailIsDown):
        run()
    assert not ReminderMail.objects.exists()
    assert not Reminder.objects.exists()

    server.error = None
    run()

    assert len(mail.outbox) == 1


def test_an_address_refused_for_good_opens_a_case(server: type[Broken]) -> None:
    server.error = smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"unknown")})
    make(60)
    run()
    run()

    assert server.tried == 1
    assert ReminderMail.objects.get().state == MailState.REFUSED
    assert Case.objects.get().detail == reminders.REFUSED


def test_an_address_refused_for_now_is_tried_again(server: type[Broken]) -> None:
    server.error = smtplib.SMTPRecipientsRefused({ADDRESS: (450, b"greylisted")})
    make(60)
    with pytest.raises(reminders.MailIsDown):
        run()
    server.error = None

    run()

    assert len(mail.outbox) == 1


def test_a_line_that_broke_is_not_tried_again_and_a_steward_is_told(server: type[Broken]) -> None:
    server.error = smtplib.SMTPServerDisconnected("lost")
    make(60)
    with pytest.raises(reminders.MailIsDown):
        run()
    server.error = None

    run()

    assert not mail.outbox
    assert Case.objects.get().detail == reminders.UNSURE


class Killed(BaseException):
    """The process ends."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [False, True])
def test_a_process_that_dies_while_sending_never_mails_twice(
    monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    make(60)

    def die(*args: Any) -> Any:
        if after:
            mail.outbox.append(args[0])
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(Broken, "send_messages", lambda self, messages: die(messages[0]))
        with pytest.raises(Killed):
            run()
    run()
    assert not Case.objects.exists()
    run(1 / 12)
    run(1)

    assert len(mail.outbox) == int(after)
    assert Case.objects.get().detail == reminders.UNSURE
    assert ReminderMail.objects.get().state == MailState.UNKNOWN


def test_the_day_until_which_they_were_full_is_asked_about_once() -> None:
    listing = make(10, accepting="no")
    day = TODAY + timedelta(days=5)
    Confirmation.objects.create(
        listing=listing, confirmed_on=listing.confirmed_on, how="link", full_until=day
    )
    run(4)
    assert not mail.outbox

    run(5)
    run(6)

    assert len(mail.outbox) == 1
    assert Reminder.objects.get().occasion == Occasion.FULL_UNTIL


def test_B_no_address_is_in_a_log_or_in_the_tables_of_reminders(
    server: type[Broken], capfd: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    make(60)
    server.error = smtplib.SMTPSenderRefused(451, ADDRESS.encode(), ADDRESS)
    run_due(lambda: NOW)
    server.error = smtplib.SMTPRecipientsRefused({ADDRESS: (550, ADDRESS.encode())})
    run_due(lambda: NOW + timedelta(hours=2))

    with connection.cursor() as cursor:
        for table in ("directory_remindermail", "directory_reminder", "directory_case"):
            cursor.execute(f"SELECT * FROM {table}")
            assert "canary-91f3" not in repr(cursor.fetchall())
    logged = [EventFormatter().format(record) for record in caplog.records]
    assert server.tried == 2
    assert any("task failed" in line for line in logged)
    assert "canary-91f3" not in "".join([*logged, *capfd.readouterr()])


def test_L6_mail_is_plain_text_over_tls_with_a_way_out(settings: Any) -> None:
    make(60)
    run()

    sent = mail.outbox[0]
    whole = sent.message()
    assert whole.get_content_type() == "text/plain"
    assert not whole.is_multipart()
    assert "List-Unsubscribe" in sent.extra_headers
    assert "<" not in sent.body
    links = [word for word in sent.body.split() if "://" in word]
    assert all(link.startswith(settings.SITE_URL) for link in links)
    assert "?" not in "".join(links)  # nothing that would say who opened it from where
    assert settings.EMAIL_USE_TLS
