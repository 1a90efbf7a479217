"""Self-tests in a real browser: sealed, scored as in Python, help first, nothing left behind."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from stepwell.apps.selftests import seal
from stepwell.domain import instruments, loading, scoring
from tests.apps.selftests import vectors
from tests.domain.instrument_builder import EVERYTHING

TESTS = sorted(instruments.instruments())
CODES = [one.code for one in instruments.instruments().values()]
CANARY = "canary7391"
SHOWN = "fieldset[data-item]:not([hidden])"


@pytest.fixture
def everything() -> Iterator[None]:
    """Load a made-up test that uses every rule there is, as a host's own."""
    loading.use_folders([EVERYTHING])
    yield
    loading.use_folders([])


# --- one definition, two scorers --------------------------------------------------------------


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("name", [*TESTS, "everything"])
def test_Q5_browser_and_python_score_alike(page: Page, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"{name}.vectors.json"
    vectors.write(file, instruments.instrument(name))
    scorer = seal.SCRIPTS[0].read_text(encoding="utf-8")

    count, differing = page.evaluate(
        """([scorer, text]) => {
            const score = new Function(scorer + "; return scoreResponse")();
            const { instrument, vectors } = JSON.parse(text);
            const differing = [];
            for (const { response, expected } of vectors) {
                const found = JSON.stringify(score(instrument, response));
                if (found !== JSON.stringify(expected)) differing.push([response, expected, found]);
            }
            return [vectors.length, differing.slice(0, 3)];
        }""",
        [scorer, file.read_text(encoding="utf-8")],
    )

    assert differing == []
    assert count > vectors.RANDOM_RESPONSES


def test_Q5_vectors_hold_all_kinds_of_results() -> None:
    one = instruments.instrument("phq-9")
    found = [vectors.expected(one, each)["scales"][0] for each in vectors.responses(one, seed=1)]

    kinds = {each["reason"]["kind"] for each in found if each["reason"]}
    assert kinds == {"missing", "impossible"}
    assert {each["points"] for each in found} == {*range(28), None}


def test_Q5_there_are_at_least_100_000_vectors() -> None:
    every = instruments.instruments().values()

    assert sum(1 for one in every for _ in vectors.responses(one, seed=1)) >= 100_000


# --- nothing gets out -------------------------------------------------------------------------

# Each tries to carry the canary to the server that the page came from, in its own way.
ATTEMPTS = {
    "fetch": "fetch(url)",
    "xhr": "const x = new XMLHttpRequest(); x.open('GET', url); x.send()",
    "beacon": "navigator.sendBeacon(url, canary)",
    "ping": "const a = make('a', {href: '#', ping: url}); a.click()",
    "image": "new Image().src = url",
    "style": "make('link', {rel: 'stylesheet', href: url})",
    "font": "new FontFace('x', `url(${url})`).load().catch(() => 0)",
    "script": "make('script', {src: url})",
    "worker": "new Worker(url)",
    "frame": "make('iframe', {src: url})",
    "form": "const f = make('form', {method: 'post', action: url}); f.submit()",
    "popup": "window.open(url)",
    "socket": "new WebSocket(url.replace('http', 'ws'))",
    "event stream": "new EventSource(url)",
    "prefetch": "make('link', {rel: 'prefetch', href: url})",
    "icon": "make('link', {rel: 'icon', href: url})",
    "media": "const v = make('video', {src: url, preload: 'auto'}); v.load()",
    "cookie": "document.cookie = `kept=${canary}`; fetch(bare)",
    "navigation": "location.href = url",
}
HEADLESS_ASKS_FOR_NO_ICON = {"icon"}


def attack(name: str) -> str:
    """Return the script of one attempt."""
    return f"""
    const canary = "{CANARY}";
    const bare = location.origin + "/leak?via={name.replace(" ", "-")}";
    const url = bare + "&" + canary;
    const make = (tag, attributes) => {{
      const node = document.createElement(tag);
      for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
      document.body.append(node);
      return node;
    }};
    document.title = "tried";
    {ATTEMPTS[name]};
    """


class Listener(BaseHTTPRequestHandler):
    """Serves one attempt a page, with our policy or with none; writes down what arrives."""

    heard: list[str]

    def do_GET(self) -> None:
        """Answer with the attempt's page, or hear a leak."""
        query = parse_qs(urlsplit(self.path).query)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        carried = self.path + self.headers.get("Cookie", "")
        if self.path.startswith("/leak") and CANARY in carried:
            self.heard.append(query["via"][0])
        script = attack(query["name"][0]) if self.path.startswith("/page") else ""
        body = f"<!doctype html><title>-</title><body><script>{script}</script>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if query.get("sealed"):
            ours = seal.hash_source(seal.SCRIPT)
            policy = seal.POLICY.replace(ours, seal.hash_source(script))
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """Hear what a form or a beacon sends."""
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server of the test's own: its address, and through which ways it heard the canary."""
    heard: list[str] = []
    handler = type("Hearing", (Listener,), {"heard": heard})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    thread.join()
    server.server_close()


def try_all(browser: Browser, address: str, sealed: str) -> None:
    """Open a page for each attempt, each in a context of its own."""
    for name in ATTEMPTS:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{address}/page?name={name}&sealed={sealed}")
        page.wait_for_timeout(250)
        context.close()


def test_Q2_nothing_but_navigation_leaves_a_sealed_page(
    chromium: Browser, listener: tuple[str, list[str]]
) -> None:
    address, heard = listener
    assert len(ATTEMPTS) == 19

    try_all(chromium, address, sealed="yes")

    assert set(heard) <= {"navigation"}


def test_Q2_without_the_policy_the_same_attempts_get_out(
    chromium: Browser, listener: tuple[str, list[str]]
) -> None:
    address, heard = listener

    try_all(chromium, address, sealed="")

    expected = {name.replace(" ", "-") for name in ATTEMPTS} - HEADLESS_ASKS_FOR_NO_ICON
    assert set(heard) - HEADLESS_ASKS_FOR_NO_ICON == expected


def test_Q2_a_script_that_is_not_ours_does_not_run(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/q/1/")

    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
            const image = document.createElement("img");
            image.setAttribute("onerror", "window.ran = true");
            image.src = "data:image/png;base64,x";
            document.body.append(image);
        }"""
    )
    page.wait_for_timeout(100)

    assert page.evaluate("window.ran === undefined")


# --- answering --------------------------------------------------------------------------------


def whole(name: str, place: int = 0) -> dict[str, int]:
    """Return for every question the answer at that place in its list, or the last there is."""
    one = instruments.instrument(name)
    values = {item.id: one.values(item.id) for item in one.items}
    return {item: found[min(place, len(found) - 1)] for item, found in values.items()}


def answer_all(page: Page, answers: dict[str, int]) -> dict[str, int]:
    """Answer by keyboard what the form asks, one question at a time; return what it asked."""
    asked = {}
    while True:
        question = page.locator(SHOWN)
        item = question.get_attribute("data-item") or ""
        asked[item] = answers[item]
        typed = question.locator("[type=number]")
        (typed if typed.count() else question).focus()
        page.keyboard.type(str(answers[item]))
        question.focus()
        if page.is_visible("#finish"):
            page.click("#finish")
            return asked
        page.keyboard.press("ArrowRight")


def assert_result_is(page: Page, name: str, answers: dict[str, int]) -> None:
    """Compare every number and band on the page with the Python scorer."""
    one = instruments.instrument(name)
    for scale in scoring.score(one, answers).scales:
        part = page.locator(f'[data-scale="{scale.scale}"]')
        digits = one.scale(scale.scale).digits
        assert part.locator("[data-points]").inner_text() == f"{scale.points:.{digits}f}"
        for bands, band in scale.bands.items():
            marked = part.locator(f'[data-set="{bands}"] [data-on]')
            assert marked.get_attribute("data-band") == band


@pytest.mark.parametrize("name", TESTS)
@pytest.mark.parametrize("place", [0, 99], ids=["first answers", "last answers"])
def test_Q7_answering_by_keyboard_and_the_result_ask_for_nothing(
    page: Page, live_server: Any, name: str, place: int
) -> None:
    page.goto(f"{live_server.url}/q/{instruments.instrument(name).code}/")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.context.set_offline(True)

    asked = answer_all(page, whole(name, place))

    assert_result_is(page, name, asked)
    assert page.evaluate("document.activeElement.id") == "result-heading"
    assert requests == []


def test_Q7_nothing_is_kept_in_storage_cookies_address_or_history(
    page: Page, live_server: Any
) -> None:
    page.goto(f"{live_server.url}/q/1/")
    entries = page.evaluate("history.length")

    answer_all(page, whole("phq-9", 3))

    kept = page.evaluate(
        "[localStorage.length, sessionStorage.length, document.cookie, history.length]"
    )
    assert kept == [0, 0, "", entries]
    assert page.url == f"{live_server.url}/q/1/"
    assert page.context.cookies() == []


@pytest.mark.parametrize("layout", ["one at a time", "all at once"])
@pytest.mark.parametrize("value", [0, 1, 2, 3])
def test_Q6_help_shows_at_once_before_the_result_and_blocks_nothing(
    page: Page, live_server: Any, layout: str, value: int
) -> None:
    page.goto(f"{live_server.url}/q/1/")
    if layout == "all at once":
        page.click("#layout")
    else:
        for _ in range(8):
            page.click("#next")
    assert not page.is_visible("#care-self_harm")

    page.check(f'[data-item="self_harm"] input[value="{value}"]')

    assert page.is_visible("#care-self_harm") is (value > 0)
    assert not page.is_visible("#result")
    if value:
        right_under = page.evaluate(
            "document.querySelector('[data-item=self_harm]').nextElementSibling.id"
        )
        assert right_under == "care-self_harm"
        assert page.is_visible('#care-self_harm a[href="/help-now/"]')
    assert page.is_enabled("#layout")


def test_Q6_help_stands_above_the_result_whatever_the_total(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/q/1/")

    answer_all(page, {**whole("phq-9"), "self_harm": 1})

    assert page.inner_text("[data-points]") == "1"
    assert page.is_visible("#care-self_harm")
    assert (
        page.evaluate("document.getElementById('result').previousElementSibling.id")
        == "care-self_harm"
    )


def test_Q6_help_goes_when_the_answer_is_taken_back(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/q/1/")
    page.click("#layout")

    page.check('[data-item="self_harm"] input[value="2"]')
    page.check('[data-item="self_harm"] input[value="0"]')

    assert not page.is_visible("#care-self_harm")


def test_questions_left_out_are_named_and_can_be_reached(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/q/2/")
    for _ in range(6):
        page.click("#next")

    page.click("#finish")

    assert page.is_visible("#gaps")
    assert not page.is_visible("#result")
    assert page.locator("#gap-list button").count() == 7
    page.click("#gap-list button >> nth=2")
    assert page.inner_text(f"{SHOWN} legend").startswith("3.")


def test_start_again_forgets_the_answers(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/q/2/")
    answer_all(page, whole("gad-7", 2))

    page.click("#again")

    assert page.locator("input:checked").count() == 0
    assert page.get_attribute("#progress", "value") == "0"
    assert page.inner_text(f"{SHOWN} legend").startswith("1.")


def test_keys_choose_only_inside_a_question_and_only_what_is_on_the_form(
    page: Page, live_server: Any
) -> None:
    page.goto(f"{live_server.url}/q/1/")

    page.keyboard.press("2")
    outside = page.locator("input:checked").count()
    page.locator(SHOWN).focus()
    page.keyboard.press("7")
    absent = page.locator("input:checked").count()
    page.keyboard.press("3")

    assert (outside, absent) == (0, 0)
    assert page.get_attribute("input:checked", "value") == "3"


def test_Q1_the_page_runs_without_a_violation_and_leaks_no_names(
    page: Page, live_server: Any
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/q/1/")

    answer_all(page, whole("phq-9", 1))

    assert not [words for words in complaints if "violates" in words or "Refused" in words]
    assert not [words for words in complaints if "Error:" in words]
    assert (
        page.evaluate("[typeof scoreResponse, typeof leave, typeof readAnswers]")
        == ["undefined"] * 3
    )


# --- every kind of question and scale at once --------------------------------------------------


def fill(page: Page, **answers: str) -> None:
    """Answer a test in the layout with all questions, and ask for the result."""
    page.click("#layout")
    for item, value in answers.items():
        question = page.locator(f'[data-item="{item}"]')
        if question.locator("[type=number]").count():
            question.locator("[type=number]").fill(value)
        else:
            question.locator(f'input[value="{value}"]').check()
    page.click("#finish")


def shown_points(page: Page, scale: str) -> str:
    return page.inner_text(f'[data-scale="{scale}"] [data-points]')


@pytest.mark.usefixtures("everything")
def test_a_result_of_several_scales_shows_each_with_its_bands_and_standard_score(
    page: Page, live_server: Any
) -> None:
    page.goto(f"{live_server.url}/q/990/")

    fill(page, happened="1", calm="4", tense="5", periods="n/a", hours="7")

    points = {name: shown_points(page, name) for name in ("tension", "calmness", "recoded")}
    assert points == {"tension": "3.50", "calmness": "37.5", "recoded": "25"}
    assert page.inner_text('[data-standard="t"]') == "33"
    for bands, band in (("women", "more"), ("men", "more")):
        marked = page.locator(f'[data-set="{bands}"] [data-on]')
        assert marked.get_attribute("data-band") == band
    assert page.is_visible("#care-body")
    assert not page.is_visible("#care-self_harm")
    assert problems(page) == []


@pytest.mark.usefixtures("everything")
def test_a_first_question_can_end_the_form(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/q/990/")

    fill(page, happened="0", hours="8")

    assert shown_points(page, "tension") == "2.33"
    assert page.inner_text("#where") == "2 questions"
    page.click("#answers")
    assert page.locator("fieldset:visible").count() == 2
    page.check('[data-item="happened"] input[value="1"]')
    assert page.locator("fieldset:visible").count() == 5


@pytest.mark.usefixtures("everything")
def test_a_result_with_gaps_says_which_scale_has_no_score_and_why(
    page: Page, live_server: Any
) -> None:
    page.goto(f"{live_server.url}/q/990/")

    fill(page, happened="1", calm="2")
    page.click("#anyway")

    assert shown_points(page, "recoded") == "75"
    assert "questions 3, 4 without an answer" in page.inner_text('[data-scale="tension"]')
    assert not page.is_visible('[data-scale="tension"] [data-points]')


@pytest.mark.usefixtures("everything")
def test_a_number_that_is_not_on_the_form_gives_no_score(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/q/990/")

    fill(page, happened="1", calm="2", tense="2", periods="2", hours="99")

    assert "the answer to question 5 is not one" in page.inner_text('[data-scale="tension"]')


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("address", ["/self-tests/everything/", "/self-tests/everything/paper/"])
def test_W1_axe_finds_nothing_on_the_pages_of_every_kind_of_test(
    page: Page, live_server: Any, address: str
) -> None:
    page.goto(live_server.url + address)

    assert problems(page) == []


# --- leaving ----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["link", "shift three times"])
def test_X4_leaving_works_under_the_sealed_policy(
    page: Page, live_server: Any, settings: Any, way: str
) -> None:
    settings.EXIT_URL = f"{live_server.url}/self-tests/licences/"  # stands for a neutral site
    page.goto(f"{live_server.url}/self-tests/")
    page.goto(f"{live_server.url}/q/1/")
    page.check('input[name="q1"][value="3"]')

    if way == "link":
        page.click("#exit")
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url("**/self-tests/licences/")
    page.go_back()

    assert page.url == f"{live_server.url}/self-tests/"


def test_X3_coming_back_shows_no_answer(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/q/1/")
    page.check('input[name="q1"][value="3"]')

    page.goto(f"{live_server.url}/self-tests/")
    page.go_back()
    page.wait_for_selector("#questions")

    assert page.locator("input:checked").count() == 0


def test_P10_the_way_out_stays_in_sight_when_scrolled(page: Page, live_server: Any) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    page.goto(f"{live_server.url}/q/1/")
    page.click("#layout")

    page.evaluate("scrollTo(0, document.body.scrollHeight)")

    for link in ("#exit", '.mast a[href="/help-now/"]'):
        box = page.locator(link).bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 100
        assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


# --- without JavaScript -----------------------------------------------------------------------


@pytest.mark.parametrize("name", TESTS)
def test_Q4_without_script_the_form_and_its_scoring_are_there(
    page_without_js: Page, live_server: Any, name: str
) -> None:
    page, one = page_without_js, instruments.instrument(name)
    page.goto(f"{live_server.url}/q/{one.code}/")
    words = page.inner_text("main")

    assert page.locator("fieldset:visible").count() == len(one.items)
    assert page.locator("button:visible").count() == 0
    assert page.locator("form").count() == 0
    assert "How it is scored" in words
    for band in instruments.wording(name).bands.values():
        assert band in words
    assert page.is_visible("#exit")
    assert not page.is_visible("#result")
    assert page.locator("[data-care]:visible").count() == len({alert.kind for alert in one.alerts})


def test_Q4_without_script_nothing_posts(page_without_js: Page, live_server: Any) -> None:
    page = page_without_js
    page.goto(f"{live_server.url}/q/1/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.check('input[name="q9"][value="3"]')
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)

    assert asked == []


# --- for everyone -----------------------------------------------------------------------------


def problems(page: Page) -> list[str]:
    """Return what axe finds, shortly."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    ["/self-tests/", "/self-tests/phq-9/", "/self-tests/gad-7/paper/", "/self-tests/licences/"],
)
def test_W1_axe_finds_nothing_on_the_public_pages(
    page: Page, live_server: Any, address: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + address)

    assert problems(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["phq-9", "gad-7"])
def test_W1_axe_finds_nothing_while_answering_and_on_the_result(
    page: Page, live_server: Any, name: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/q/{instruments.instrument(name).code}/")
    first = problems(page)
    page.click("#layout")
    every = problems(page)
    page.click("#finish")
    gaps = problems(page)
    page.click("#layout")
    answer_all(page, whole(name, 2))

    assert [first, every, gaps, problems(page)] == [[], [], [], []]


@pytest.mark.parametrize("name", TESTS)
def test_W1_axe_finds_nothing_on_any_form_and_any_result(
    page: Page, live_server: Any, name: str
) -> None:
    page.goto(f"{live_server.url}/q/{instruments.instrument(name).code}/")
    page.click("#layout")
    form = problems(page)
    page.click("#finish")
    page.click("#anyway")

    assert [form, problems(page)] == [[], []]
