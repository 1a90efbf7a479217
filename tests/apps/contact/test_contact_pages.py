"""The contact pages: what is asked, kept, answered, and never left behind."""

import gzip
import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from stepwell.apps.contact import actions, forms
from stepwell.apps.contact.models import Letter
from stepwell.lib import form_tokens
from stepwell.lib.sealing import opened
from stepwell.web.logs import EventFormatter
from tests.apps.contact.build import CANARY, code_in, filled, send, token

pytestmark = pytest.mark.django_db
DANGER = "I want to die"
TEXTS = st.text(max_size=80)
FIELDS = ("kind", "message", "reply_to", "page", "website", "token", "state", "id")


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def main_of(response: Any) -> str:
    text: str = response.content.decode().partition("<main")[2]
    return text


def test_the_form_says_who_reads_and_when_and_shows_help_first(client: Client, settings) -> None:
    settings.CONTACT_READERS, settings.CONTACT_HOURS = "Ada and Ben", "on Mondays"

    main = main_of(client.get("/contact/"))

    assert "read by Ada and Ben, on Mondays" in main
    assert main.index('class="care"') < main.index("<form")
    assert "This is not a place for urgent help." in main


def test_C2_a_letter_is_stored_and_acknowledged(client: Client, settings) -> None:
    response = send(client, page="/news/a-page/")

    letter = Letter.objects.get()
    assert response.status_code == 200
    assert [opened(letter, name) for name in ("message", "reply_to", "page")] == [
        CANARY,
        f"{CANARY}@example.org",
        "/news/a-page/",
    ]
    assert f"After {settings.CONTACT_KEEP_DAYS} days" in words(response)
    assert len(code_in(response)) == 34


def test_C2_nothing_is_acknowledged_that_was_not_stored(client: Client, monkeypatch) -> None:
    def broken(**said: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(actions, "keep_letter", broken)

    response = send(client, message=f"{CANARY} {DANGER}")

    assert response.status_code == 503
    assert f"{CANARY} {DANGER}" in main_of(response)
    assert "was not sent" in words(response)
    assert 'class="care"' in main_of(response)


def test_C2_without_a_key_nothing_is_acknowledged(client: Client, settings, tmp_path) -> None:
    settings.SEALING_KEYS, settings.SEALING_KEYS_FILE = "", str(tmp_path / "none")

    response = send(client)

    assert response.status_code == 503
    assert not Letter.objects.exists()


def test_C7_the_code_takes_the_letter_back(client: Client) -> None:
    code = code_in(send(client))

    client.post("/contact/withdraw/", {"code": code.upper()})

    assert not Letter.objects.exists()


def test_F8_withdrawing_answers_alike_whether_there_was_a_letter(client: Client) -> None:
    code = code_in(send(client))

    there = client.post("/contact/withdraw/", {"code": code})
    gone = client.post("/contact/withdraw/", {"code": code})
    other = client.post("/contact/withdraw/", {"code": "nothing"})

    assert there.content == gone.content == other.content
    assert there.status_code == gone.status_code == other.status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "poem"}, "kind"),
        ({"message": "  "}, "message"),
        ({"message": "x" * 5_001}, "message"),
        ({"reply_to": "x" * 201}, "reply_to"),
        ({"website": "http://spam.example"}, "website"),
        ({"token": ""}, "message"),
        ({"token": "forged"}, "message"),
    ],
)
def test_F3_problems_are_linked_and_the_text_is_kept(client: Client, wrong, field: str) -> None:
    said = filled(**{"message": f"{CANARY} words", "reply_to": "me@example.org", **wrong})

    response = client.post("/contact/send/", said)

    text = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: " in text
    assert f'<li><a href="#{field}">' in text
    assert f'id="{field}"' in text
    assert said["message"].strip() in text
    assert said["reply_to"] in text
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_F4_fifty_identical_posts_are_one_letter() -> None:
    said = filled()

    with ThreadPoolExecutor(50) as many:
        answers = list(many.map(lambda _: one_post(said), range(50)))

    assert {status for status, _ in answers} == {200}
    assert len({code for _, code in answers}) == 1
    assert Letter.objects.count() == 1


def one_post(said: dict[str, str]) -> tuple[int, str]:
    try:
        response = Client().post("/contact/send/", said)
        return response.status_code, code_in(response)
    finally:
        connection.close()


def test_F4_a_replay_on_the_next_day_gets_the_same_answer(client: Client) -> None:
    said = filled(token=token(age=timedelta(days=1)))

    codes = {code_in(client.post("/contact/send/", said)) for _ in range(2)}

    assert len(codes) == 1
    assert Letter.objects.count() == 1


def test_F4_other_words_in_the_same_form_are_another_letter(client: Client) -> None:
    said = filled()

    first = code_in(client.post("/contact/send/", said))
    second = code_in(client.post("/contact/send/", {**said, "message": "I forgot something"}))

    assert first != second
    assert Letter.objects.count() == 2


def test_F4_a_withdrawn_letter_does_not_come_back_by_a_reload(client: Client) -> None:
    said = filled()
    code = code_in(client.post("/contact/send/", said))
    client.post("/contact/withdraw/", {"code": code})

    again = client.post("/contact/send/", said)

    assert code_in(again) == code
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://evil.example"}, 403),
    ],
)
def test_F4_a_letter_from_another_site_is_refused(client: Client, headers, status: int) -> None:
    response = client.post("/contact/send/", filled(), headers=headers)

    assert response.status_code == status
    assert Letter.objects.exists() is (status == 200)


@pytest.mark.parametrize("age", [timedelta(minutes=30), timedelta(hours=5), timedelta(days=1.9)])
def test_F6_slow_people_succeed(client: Client, age: timedelta) -> None:
    assert send(client, token=token(age=age)).status_code == 200


def test_F6_a_form_that_lay_open_for_days_goes_through_the_second_time(client: Client) -> None:
    response = send(client, token=token(age=timedelta(days=3)))

    assert response.status_code == 422
    assert "open for more than two days" in words(response)
    fresh = re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]
    assert form_tokens.read(fresh, forms.PURPOSE)


def test_F6_a_program_that_answers_at_once_is_asked_again(client: Client) -> None:
    quick = token(age=timedelta())

    response = send(client, token=quick)

    assert response.status_code == 422
    assert f'value="{quick}"' in response.content.decode()  # the same form, a moment later, works
    assert not Letter.objects.exists()


def test_F6_a_program_is_stopped_at_the_limit_and_a_person_waits_a_turn(client: Client) -> None:
    answers = [send(client, message=f"spam {number}") for number in range(12)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    last = answers[-1]
    assert "spam 11" in main_of(last)
    assert 'class="care"' in main_of(last)
    assert "send it again in 3 minutes" in words(last)
    assert 170 < int(last["Retry-After"]) <= 180
    assert Letter.objects.count() == 10


def test_L3_a_limit_that_was_hit_is_logged_without_an_address(client: Client, caplog) -> None:
    for number in range(11):
        send(client, message=f"spam {number}")

    hits = [record for record in caplog.records if getattr(record, "event", "") == "limit"]
    assert len(hits) == 1
    assert "127.0.0" not in EventFormatter().format(hits[0])


def test_crisis_words_bring_help_and_never_block(client: Client) -> None:
    plain, heavy = send(client), send(client, message=f"It is no use. {DANGER}.")
    refused = send(client, message=DANGER, kind="")

    assert "sounds heavy" not in main_of(plain)
    for response in (heavy, refused):
        main = main_of(response)
        assert "sounds heavy" in main
        assert main.index('class="care"') < main.index("read by")
    assert Letter.objects.count() == 2


def test_L1_no_word_of_a_letter_is_logged(client: Client, caplog, monkeypatch) -> None:
    caplog.set_level(logging.DEBUG)
    send(client)
    send(client, kind="")
    client.post("/contact/", {"page": f"/{CANARY}/"})
    client.post("/contact/withdraw/", {"code": CANARY})

    def broken(**said: object) -> None:
        raise DatabaseError(f"near {said}")

    monkeypatch.setattr(actions, "keep_letter", broken)
    send(client, message=f"{CANARY} again")

    lines = [EventFormatter().format(record) for record in caplog.records]
    assert any(json.loads(line)["event"] == "letter not stored" for line in lines)
    assert CANARY not in "\n".join(lines)


def test_X1_X3_P8_nothing_is_kept_by_the_browser(client: Client) -> None:
    for response in (client.get("/contact/"), send(client), send(client, kind="")):
        assert response["Cache-Control"] == "no-store"
        assert not response.cookies
        for tag in re.findall(r"<(?:form|input|textarea)\b[^>]*>", response.content.decode()):
            assert 'type="hidden"' in tag or 'autocomplete="off"' in tag, tag


def test_X8_answers_fall_into_one_class_of_size(client: Client) -> None:
    answers = [
        send(client),
        send(client, message=f"{DANGER} " * 100),
        send(client, message="x" * 4_000, reply_to=""),
    ]

    assert len({len(gzip.compress(answer.content)) // 4096 for answer in answers}) == 1


def test_a_page_to_correct_travels_in_the_form(client: Client) -> None:
    text = client.post("/contact/", {"page": "/news/a-page/"}).content.decode()

    assert '<input type="hidden" name="page" value="/news/a-page/">' in text
    assert 'value="correction" autocomplete="off" checked' in text


@pytest.mark.parametrize(
    "odd", ["http://evil.example/", "javascript:alert(1)", '/"><b>', "/" + "x" * 300, "/a?b=c"]
)
def test_a_page_that_is_not_ours_is_passed_over(client: Client, odd: str) -> None:
    text = client.post("/contact/", {"page": odd}).content.decode()

    assert 'name="page"' not in text
    assert send(client, page=odd).status_code == 200
    assert opened(Letter.objects.get(), "page") == ""


@hypothesis_settings(max_examples=60)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, TEXTS)))
def test_F2_no_input_fails_and_unknown_fields_are_passed_over(said: dict[str, str]) -> None:
    cache.clear()

    response = Client().post("/contact/send/", said)

    assert response.status_code == 422
    assert not Letter.objects.exists()


@hypothesis_settings(max_examples=40)
@given(st.text(max_size=200).filter(lambda text: forms.plain(text)))
def test_F2_any_text_arrives_as_it_was_written(text: str) -> None:
    cache.clear()
    Letter.objects.all().delete()

    response = Client().post("/contact/send/", filled(message=text))

    assert response.status_code == 200
    assert opened(Letter.objects.get(), "message") == forms.plain(text)


def test_F2_what_nobody_asked_for_is_not_stored(client: Client) -> None:
    client.post("/contact/send/", {**filled(), "state": "closed", "settled_by": "1", "id": "1"})

    assert Letter.objects.get().state == "waiting"


def test_a_form_that_is_far_too_large_is_refused(client: Client) -> None:
    response = send(client, message="x" * 3_000_000)

    assert response.status_code == 400
    assert "/help-now/" in response.content.decode()
