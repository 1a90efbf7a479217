"""Too many at once: some wait, and help, the exit, reports and letters do not."""

import threading

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from stepwell.web import crowding
from stepwell.web.middleware import HEADERS
from tests.apps.contact.build import CANARY, filled

CROWD = 40


@pytest.fixture
def crowd(settings):
    """A door behind which as many people stand as may, and what is answered to one more."""
    settings.MOST_AT_ONCE = 3
    inside, leave = threading.Barrier(4), threading.Event()

    def slow(request):
        if request.path == "/find/":
            inside.wait(10)
            leave.wait(10)
        return HttpResponse("made")

    door = crowding.let_some_wait(slow)
    ask = RequestFactory()
    people = [threading.Thread(target=door, args=[ask.get("/find/")]) for _ in range(3)]
    for one in people:
        one.start()
    inside.wait(10)
    yield door
    leave.set()
    for one in people:
        one.join(10)


@pytest.mark.parametrize(
    "path",
    ["/help-now/", "/help-now/gb/", "/exit/", "/contact/", "/static/design/base.css",
     "/find/7f3a7f3a-7f3a-4f3a-8f3a-7f3a7f3a7f3a/report/"],
)  # fmt: skip
def test_R7_what_is_urgent_is_answered_in_a_crowd(crowd, path: str) -> None:
    assert crowd(RequestFactory().get(path)).status_code == 200


def test_R7_others_are_told_when_to_come_back_and_where_help_is(crowd) -> None:
    response = crowd(RequestFactory().get("/guide/"))

    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert b'class="care"' in response.content
    assert response["Cache-Control"] == "no-store"
    for name, value in HEADERS.items():
        assert response[name] == value


def test_R7_a_form_comes_back_with_what_was_written(crowd) -> None:
    response = crowd(RequestFactory().post("/guide/step/", {"note": f"{CANARY} words"}))
    other = {"sec-fetch-site": "cross-site"}
    foreign = crowd(RequestFactory().post("/guide/step/", {"note": CANARY}, headers=other))

    assert response.status_code == 503
    assert f"{CANARY} words" in response.content.decode()
    assert CANARY not in foreign.content.decode()


@pytest.mark.django_db
def test_R7_a_letter_goes_through_a_crowd(settings) -> None:
    settings.MOST_AT_ONCE = 0

    assert Client().get("/guide/").status_code == 503
    assert Client().post("/contact/send/", filled()).status_code == 200
