"""Logs, headers, methods and errors, on small requests of their own."""

import json
import logging

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse

from stepwell.domain.errors import BadAnswers, UnknownFact
from stepwell.web import routes
from stepwell.web.logs import EventFormatter
from tests.conftest import ROOT

CANARY = "canary-7f3a"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture):
    """Everything that was logged, as it would be written."""
    caplog.set_level(logging.DEBUG)
    formatter = EventFormatter()
    return lambda: [formatter.format(record) for record in caplog.records]


def test_L1_log_line_holds_only_the_named_fields(client: Client, lines):
    client.get("/robots.txt")

    written = [json.loads(line) for line in lines() if '"event": "request"' in line]
    assert len(written) == 1
    assert set(written[0]) == {
        "at", "level", "event", "route", "class", "status", "ms", "request",
    }  # fmt: skip
    assert written[0]["route"] == "web:robots"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_L1_no_canary_of_a_request_is_logged(client: Client, lines, method: str):
    headers = {"user-agent": CANARY, "referer": f"http://x/{CANARY}", "x-forwarded-for": CANARY}

    getattr(client, method)(f"/nothing/{CANARY}/?q={CANARY}", {"a": CANARY}, headers=headers)
    client.get("/search/", {"words": CANARY}, headers=headers)

    assert lines()
    assert CANARY not in "\n".join(lines())


def test_L1_no_canary_of_an_exception_is_logged(lines):
    secret = CANARY
    try:
        raise ValueError(f"something with {secret}")
    except ValueError:
        logging.getLogger("somebody.else").exception("failed for %s", secret)

    line = json.loads(lines()[-1])
    assert line["exception"] == "ValueError"
    assert CANARY not in json.dumps(line)


def test_L2_a_log_line_cannot_be_forged(lines):
    fields = {"route": 'x"}\n{"event": "forged"'}

    logging.getLogger("stepwell.request").info("x", extra={"event": "request", "fields": fields})

    assert lines()[-1].count("\n") == 0
    assert json.loads(lines()[-1])["event"] == "request"


def test_L7_the_site_keeps_no_log_and_its_host_is_told_for_how_long(settings):
    kinds = {handler["class"] for handler in settings.LOGGING["handlers"].values()}
    told = (ROOT / "docs/hosting/logs.md").read_text(encoding="utf-8")
    nginx = (ROOT / "docs/hosting/nginx.conf").read_text(encoding="utf-8")

    assert kinds == {"logging.StreamHandler"}
    assert "MaxRetentionSec=14day" in told
    assert "maxage 14" in told
    assert nginx.count("access_log off;") == nginx.count("\nserver {")
    assert "error_log /srv/stepwell/var/nginx/error.log crit;" in nginx


def test_a_method_that_the_register_does_not_name_gets_405(client: Client):
    assert client.post("/robots.txt").status_code == 405
    assert client.put("/search/").status_code == 405
    assert client.head("/robots.txt").status_code == 200


def test_P6_an_address_that_only_a_script_asks_answers_with_a_whole_page(client: Client):
    response = client.get(reverse("web:search_as_you_type"))

    assert response.status_code == 405
    assert response["Allow"] == "OPTIONS, POST"
    assert response.content.decode().count("<h1") == 1


def test_0_every_route_is_declared():
    assert routes.undeclared() == []


def test_0_every_declared_route_exists():
    known = {name for name, _ in routes.all_routes()}

    assert {route.name for route in routes.register().routes} - known == set()


def _raises(error: Exception):
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    path("400/", _raises(SuspiciousOperation(CANARY))),
    path("403/", _raises(PermissionDenied(CANARY))),
    path("404/", _raises(Http404(CANARY))),
    path("500/", _raises(RuntimeError(CANARY))),
    path("unknown/", _raises(UnknownFact("kind of support", "coch", ["coach"]))),
    path("answers/", _raises(BadAnswers("impact: is 'x'. Use one of none, mild."))),
]


@pytest.fixture
def broken(settings):
    """A site whose every page fails, on top of the real one's addresses."""
    from stepwell.config import urls

    module = type("Broken", (), {})()
    module.urlpatterns = urlpatterns + urls.urlpatterns
    for status in (400, 403, 404, 500):
        setattr(module, f"handler{status}", getattr(urls, f"handler{status}"))
    settings.ROOT_URLCONF = module
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status"),
    [("400", 400), ("403", 403), ("404", 404), ("500", 500), ("unknown", 404), ("answers", 400)],
)
def test_P9_errors_say_what_next_and_hide_the_machinery(broken: Client, address: str, status: int):
    response = broken.get(f"/{address}/")

    text = response.content.decode()
    assert response.status_code == status
    assert "/help-now/" in text
    assert CANARY not in text
    assert "Traceback" not in text
    assert text.count("<h1") == 1
    assert response["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_an_unknown_name_is_answered_with_the_nearest(broken: Client):
    assert "Did you mean coach?" in broken.get("/unknown/").content.decode()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 200),  # what an old browser sends from our own no-referrer pages
    ],
)
@pytest.mark.django_db
def test_F4b_a_form_from_another_site_is_refused(client: Client, headers, status: int):
    assert client.post("/search/", {"words": "rest"}, headers=headers).status_code == status


def test_X4_exit_leads_away_and_clears_the_browser(client: Client, settings):
    response = client.get("/exit/")

    assert response.status_code == 303
    assert response["Location"] == settings.EXIT_URL
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "signed_in_after"),
    [
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-origin", "sec-purpose": "prefetch"}, True),
    ],
)
def test_X4_exit_ends_the_session_only_when_asked_from_here(
    client: Client, django_user_model, headers, signed_in_after: bool
):
    client.force_login(django_user_model.objects.create_user("ada"))

    client.get("/exit/", headers=headers)

    assert ("_auth_user_id" in client.session) is signed_in_after


def test_P11_well_known_addresses_answer(client: Client):
    assert "Contact: mailto:" in client.get("/.well-known/security.txt").content.decode()
    assert client.get("/.well-known/gpc.json").json()["gpc"] is True
    assert client.get("/.well-known/change-password").status_code == 302


def test_0_a_route_without_a_class_stops_the_start(settings):
    from stepwell.config import urls
    from stepwell.web.checks import every_route_is_declared

    module = type("WithOneMore", (), {})()
    module.urlpatterns = [path("new/", _raises(Http404()), name="new"), *urls.urlpatterns]
    settings.ROOT_URLCONF = module

    assert [error.id for error in every_route_is_declared()] == ["stepwell.E001"]


def test_a_site_without_a_key_for_letters_is_not_ready(settings, tmp_path):
    from stepwell.web.checks import sealed_texts_have_a_key

    assert sealed_texts_have_a_key() == []
    settings.SEALING_KEYS, settings.SEALING_KEYS_FILE = "", str(tmp_path / "none")
    assert [error.id for error in sealed_texts_have_a_key()] == ["stepwell.E004"]


def test_unsigned_rules_need_a_word_from_the_host(settings):
    from stepwell.web.checks import unsigned_rules_are_acknowledged

    settings.DEBUG, settings.UNSIGNED_ACKNOWLEDGED = False, False
    assert [error.id for error in unsigned_rules_are_acknowledged()] == ["stepwell.E002"] * 2
    settings.UNSIGNED_ACKNOWLEDGED = True
    assert unsigned_rules_are_acknowledged() == []


@pytest.mark.django_db
def test_server_name_is_not_told():
    from stepwell.config.wsgi import application

    seen: list[tuple[str, str]] = []
    environ = RequestFactory().get("/robots.txt").environ

    b"".join(application(environ, lambda status, headers, *rest: seen.extend(headers)))

    assert ("Server", "") in seen
    assert not [name for name, _ in seen if name.lower() in {"x-powered-by", "via"}]
