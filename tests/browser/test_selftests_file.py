"""What a result shows beside its score: 100 people, samples, the own file, change over time."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fhir.resources.R4B.bundle import Bundle
from playwright.sync_api import Browser, Page

from stepwell.apps.selftests import seal
from stepwell.domain import instruments, loading
from stepwell.domain.base_rates import PARTS, who_have_it
from tests.browser.conftest import guarded
from tests.domain.instrument_builder import EVERYTHING

PASSPHRASE = "four calm grey stones"
FIGURES = """
[scales.error]
points = 4
population = "made-up people"

[scales.error.source]
citation = "Made up"
checked = "secondary"
checked_on = 2026-11-23
review_due = 2027-11-23

[scales.reliable_change]
points = 12.5

[scales.reliable_change.source]
citation = "Made up"
checked = "read"
checked_on = 2026-11-23
review_due = 2027-11-23

# --- 0 to 100 by a table for each answer
"""


@pytest.fixture
def everything(tmp_path: Path) -> Iterator[None]:
    """Load the made-up test with every rule; its calmness has an error and a reliable change."""
    folder = tmp_path / "facts"
    shutil.copytree(EVERYTHING, folder)
    file = folder / "instruments" / "everything" / "instrument.toml"
    text = file.read_text(encoding="utf-8")
    place = "# --- 0 to 100 by a table for each answer\n"
    assert place in text
    file.write_text(text.replace(place, FIGURES), encoding="utf-8")
    loading.use_folders([folder])
    yield
    loading.use_folders([])


@pytest.fixture
def asked(page: Page) -> list[str]:
    """Every address that the page asks for after it was opened: must stay empty."""
    heard: list[str] = []

    def hear(request: Any) -> None:
        if not request.url.startswith(("blob:", "data:")) and not request.is_navigation_request():
            heard.append(request.url)

    page.on("request", hear)
    return heard


def open_test(page: Page, live_server: Any, name: str, day: str = "2026-11-24") -> None:
    page.clock.set_fixed_time(f"{day}T12:00:00")
    page.goto(f"{live_server.url}/q/{instruments.instrument(name).code}/")


def answer(page: Page, place: int) -> None:
    """Choose one answer everywhere, by its place in the list (-1: the last), and finish."""
    if page.inner_text("#layout") == "Show all questions":
        page.click("#layout")
    for question in page.locator("fieldset[data-item]:visible").all():
        choices = question.locator("[type=radio]")
        choices.nth(place if place >= 0 else choices.count() - 1).check()
    page.click("#finish")


def save(page: Page, file: Path, passphrase: str = "") -> Path:
    """Keep a file of the result, locked where there is a passphrase."""
    if page.get_attribute("#keep", "open") is None:
        page.click("#keep > summary")
    if passphrase:
        page.check("#lock")
        page.fill("#passphrase", passphrase)
        page.fill("#passphrase-again", passphrase)
    with page.expect_download() as download:
        page.click("#save")
    assert download.value.suggested_filename == f"my-{'locked-' if passphrase else ''}file.json"
    download.value.save_as(file)
    return file


def open_file(page: Page, file: Path | dict[str, Any]) -> None:
    page.set_input_files("#open-file", file)  # type: ignore[arg-type]


def said(page: Page, words: str) -> None:
    """Wait until the page says so about the file."""
    page.locator("#open-said", has_text=words).wait_for(timeout=15_000)


def resources(file: Path, kind: str) -> list[dict[str, Any]]:
    entries = json.loads(file.read_text(encoding="utf-8"))["entry"]
    return [one["resource"] for one in entries if one["resource"]["resourceType"] == kind]


def assert_nothing_left(page: Page, asked: list[str]) -> None:
    kept = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert kept == [0, 0, ""]
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
    assert page.context.cookies() == []
    assert asked == []


def problems(page: Page) -> list[str]:
    """Return what axe finds, shortly."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


# --- 100 people -------------------------------------------------------------------------------


def test_browser_and_python_count_the_same_people(page: Page) -> None:
    shares = [0, 1, 333, 5000, 7600, 8100, 8300, 8400, 8500, 8800, 8900, 9999, PARTS]
    cases = [(rate, a, b) for rate in range(101) for a in shares for b in shares]
    script = next(file for file in seal.SCRIPTS if file.name == "base_rates.js")

    found = page.evaluate(
        """([script, cases]) => {
            const count = new Function(script + "; return whoHaveIt")();
            return cases.map((one) => count(...one));
        }""",
        [script.read_text(encoding="utf-8"), cases],
    )

    assert found == [who_have_it(*one) for one in cases]
    assert len(cases) > 15_000


@pytest.mark.parametrize("name", ["phq-9", "gad-7"])
def test_the_picture_of_100_people_follows_the_slider(
    page: Page, live_server: Any, name: str
) -> None:
    open_test(page, live_server, name)
    answer(page, 2)
    figures = instruments.instrument(name).scales[0].accuracy
    assert page.locator("[data-people]").count() == len(figures) > 0

    for rate in (None, 1, 20, 60):
        for place, figure in enumerate(figures):
            people = page.locator("[data-people]").nth(place)
            if rate:
                people.locator("[type=range]").fill(str(rate))
            shares = [round(10_000 * one) for one in (figure.sensitivity, figure.specificity)]
            expected = who_have_it(rate or 10, *shares)
            assert people.locator("[data-have]").inner_text() == str(expected)
            assert people.locator("[data-others]").inner_text() == str(100 - (expected or 0))
            assert people.locator("[data-rate]").inner_text() == str(rate or 10)
            assert people.locator("[data-dot]").count() == 100
            assert people.locator("[data-on]").count() == expected


def test_without_script_the_same_stands_in_a_table(page_without_js: Page, live_server: Any) -> None:
    page = page_without_js
    page.goto(f"{live_server.url}/q/1/")

    row = page.locator("table:visible tr", has_text="about 39")
    assert row.locator("td").all_inner_texts() == ["10", "about 39", "about 61"]
    assert page.locator("[type=range]:visible").count() == 0
    assert page.locator("[type=file]:visible").count() == 0


def test_no_heading_of_a_result_names_a_condition(page: Page, live_server: Any) -> None:
    for name in ("phq-9", "gad-7"):
        open_test(page, live_server, name)
        answer(page, -1)
        for heading in page.locator("main :is(h1, h2, h3, h4):visible").all_inner_texts():
            assert not any(word in heading.lower() for word in ("depress", "anxiety", "disorder"))


# --- samples and margin -----------------------------------------------------------------------


@pytest.mark.usefixtures("everything")
def test_a_score_says_where_it_lies_beside_a_named_sample_and_within_which_margin(
    page: Page, live_server: Any
) -> None:
    open_test(page, live_server, "everything")
    page.click("#layout")
    for item, value in {"happened": "1", "calm": "4", "tense": "5", "periods": "n/a"}.items():
        page.check(f'[data-item="{item}"] input[value="{value}"]')

    page.click("#finish")

    part = page.locator('[data-scale="calmness"]')  # 37.5 points; the sample has 61.2, spread 20.9
    words = (
        "Your score lies 23.7 points below the average of this sample: outside its usual spread."
    )
    assert part.locator("[data-norm]").inner_text() == words
    margin = part.locator("[data-margin]")
    assert margin.count() == 1
    start, width = (float(margin.get_attribute(name) or "") for name in ("x", "width"))
    middle = float(part.locator("[data-marker]").first.get_attribute("cx") or "")
    assert start + width / 2 == pytest.approx(middle)
    assert width == pytest.approx(2 * 4 * 760 / 100.1)
    assert page.locator('[data-scale="tension"] [data-margin]').count() == 0


def test_a_sample_without_a_spread_says_so(page: Page, live_server: Any) -> None:
    open_test(page, live_server, "cat-q")
    answer(page, 0)

    shown = page.locator("[data-norm]").first.inner_text()

    assert "of this sample. How widely the sample was spread was not found." in shown


# --- the own file -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["phq-9", "gad-7", "cat-q"])
def test_Q7_a_file_holds_answers_and_a_score_for_each_scale_and_opens_again(
    page: Page, live_server: Any, tmp_path: Path, asked: list[str], name: str
) -> None:
    one = instruments.instrument(name)
    open_test(page, live_server, name)
    asked.clear()
    page.context.set_offline(True)
    answer(page, 1)
    file = save(page, tmp_path / "plain.json")
    page.click("#again")

    open_file(page, file)

    said(page, "1 result of this test")
    Bundle.model_validate_json(file.read_text(encoding="utf-8"))
    (response,) = resources(file, "QuestionnaireResponse")
    assert response["questionnaire"].endswith(f"/fhir/Questionnaire/{name}")
    assert response["authored"] == "2026-11-24"
    assert len(resources(file, "Observation")) == len(one.scales)
    assert page.locator("#change svg").count() == len(one.scales)
    assert_nothing_left(page, asked)


def test_the_answers_in_a_file_fit_the_questionnaire_that_it_names(
    page: Page, live_server: Any, client: Any, tmp_path: Path
) -> None:
    for name in ("phq-9", "ipip-50", "mos-sleep"):
        open_test(page, live_server, name)
        page.click("#layout")
        for question in page.locator("fieldset[data-item]:visible").all():
            if question.locator("[type=number]").count():
                question.locator("[type=number]").fill("3")
            else:
                question.locator("[type=radio]").first.check()
        page.click("#finish")
        file = save(page, tmp_path / f"{name}.json")
        asked_for = client.get(f"/fhir/Questionnaire/{name}").json()

        (response,) = resources(file, "QuestionnaireResponse")
        assert response["questionnaire"] == asked_for["url"]
        assert_fits(response["item"], asked_for["item"])
        calculated = {one["linkId"] for one in asked_for["item"] if one.get("readOnly")}
        named = {
            code["code"]
            for one in resources(file, "Observation")
            for code in one["code"]["coding"]
            if code["system"] == asked_for["url"]
        }
        assert named == calculated


def assert_fits(given: list[dict[str, Any]], form: list[dict[str, Any]]) -> None:
    """Compare items with those of the form: same order, same groups, answers it allows."""
    by_id = {one["linkId"]: one for one in form}
    order = list(by_id)
    assert [one["linkId"] for one in given] == sorted(
        (one["linkId"] for one in given), key=order.index
    )
    for one in given:
        question = by_id[one["linkId"]]
        if question["type"] == "group":
            assert_fits(one["item"], question["item"])
        elif question["type"] == "integer":
            assert one["answer"] == [{"valueInteger": 3}]
        else:
            allowed = [option["valueCoding"] for option in question["answerOption"]]
            coding = one["answer"][0]["valueCoding"]
            assert coding in [{"system": a["system"], "code": a["code"]} for a in allowed]


def test_a_total_of_0_is_in_the_file(page: Page, live_server: Any, tmp_path: Path) -> None:
    open_test(page, live_server, "phq-9")
    answer(page, 0)

    file = save(page, tmp_path / "zero.json")

    (observation,) = resources(file, "Observation")
    assert observation["valueQuantity"]["value"] == 0
    assert "dataAbsentReason" not in observation


def test_a_scale_without_a_score_says_why_in_the_file(
    page: Page, live_server: Any, tmp_path: Path
) -> None:
    open_test(page, live_server, "phq-9")
    page.click("#layout")
    page.check('[data-item] >> nth=0 >> input[value="2"]')
    page.click("#finish")
    page.click("#anyway")

    file = save(page, tmp_path / "gaps.json")

    Bundle.model_validate_json(file.read_text(encoding="utf-8"))
    (observation,) = resources(file, "Observation")
    assert "valueQuantity" not in observation
    assert "without an answer" in observation["dataAbsentReason"]["text"]
    (response,) = resources(file, "QuestionnaireResponse")
    assert len(response["item"]) == 1


def test_the_day_is_that_of_the_place_where_the_person_is(
    chromium: Browser, foreign: list[str], live_server: Any, tmp_path: Path
) -> None:
    context = guarded(chromium.new_context(timezone_id="Pacific/Kiritimati"), foreign)
    page = context.new_page()
    page.clock.set_fixed_time("2026-11-24T12:00:00Z")  # already tomorrow there
    page.goto(f"{live_server.url}/q/2/")
    answer(page, 1)

    file = save(page, tmp_path / "day.json")

    assert resources(file, "QuestionnaireResponse")[0]["authored"] == "2026-11-25"
    context.close()


def three_results(page: Page, live_server: Any, folder: Path) -> Path:
    """Take the PHQ-9 on three days and keep all of it in one file: 9, 0 and 18 points."""
    file = folder / "several.json"
    for day, place in (("2026-09-01", 1), ("2026-10-01", 0), ("2026-11-24", 2)):
        open_test(page, live_server, "phq-9", day)
        if file.exists():
            open_file(page, file)
            said(page, "in the file")
        answer(page, place)
        if file.exists():
            said(page, "The result on this page is shown too.")
        save(page, file)
        save(page, file)  # twice is not two results
    return file


def test_several_results_make_a_chart_with_its_corridor_and_the_same_table(
    page: Page, live_server: Any, tmp_path: Path, asked: list[str]
) -> None:
    file = three_results(page, live_server, tmp_path)

    Bundle.model_validate_json(file.read_text(encoding="utf-8"))
    assert len(resources(file, "QuestionnaireResponse")) == 3
    rows = page.locator("#change tbody tr").all_inner_texts()
    assert [row.split("\t") for row in rows] == [
        ["1 Sept 2026", "9", "the first", "–"],
        ["1 Oct 2026", "0", "9 fewer", "often taken so"],
        ["24 Nov 2026", "18", "9 more", "often taken so"],
    ]
    assert page.locator("#change circle").count() == 3
    corridor = page.locator("#change .change__corridor")
    bottom, top = 204, 16
    assert float(corridor.get_attribute("height") or "") == pytest.approx(12 / 27 * (bottom - top))
    y = float(corridor.get_attribute("y") or "")
    assert y == pytest.approx(bottom - 15 / 27 * (bottom - top))
    assert "not yet checked against its source" in page.inner_text("#change-scales")
    assert_nothing_left(page, asked)


def test_a_file_that_holds_the_result_on_the_page_shows_it_once(
    page: Page, live_server: Any, tmp_path: Path
) -> None:
    open_test(page, live_server, "gad-2")
    answer(page, 1)
    file = save(page, tmp_path / "file.json")

    open_file(page, file)
    said(page, "1 result of this test in the file.")
    save(page, file)

    assert page.locator("#change tbody tr").count() == 1
    assert "shown too" not in page.inner_text("#open-said")
    assert len(resources(file, "QuestionnaireResponse")) == 1


def test_without_a_reliable_change_the_page_says_that_none_was_found(
    page: Page, live_server: Any, tmp_path: Path
) -> None:
    open_test(page, live_server, "cat-q")
    answer(page, 2)
    open_file(page, save(page, tmp_path / "file.json"))
    said(page, "1 result")

    assert "No figure was found" in page.inner_text("#change-scales")
    assert page.locator(".change__corridor").count() == 0


# --- locked -----------------------------------------------------------------------------------


def test_a_locked_file_opens_with_its_passphrase_only(
    page: Page, live_server: Any, tmp_path: Path, asked: list[str]
) -> None:
    open_test(page, live_server, "phq-9")
    asked.clear()
    answer(page, 3)
    file = save(page, tmp_path / "locked.json", PASSPHRASE)
    envelope = json.loads(file.read_text(encoding="utf-8"))
    assert set(envelope) == {"format", "version", "kdf", "cipher", "data"}
    assert envelope["kdf"]["iterations"] >= 600_000
    assert "phq-9" not in file.read_text(encoding="utf-8")
    assert "Questionnaire" not in file.read_text(encoding="utf-8")
    page.click("#again")
    assert page.input_value("#passphrase") == ""

    open_file(page, file)
    said(page, "locked")
    page.fill("#unlock-passphrase", "something else")
    page.click("#open-locked")
    said(page, "This passphrase does not open the file")
    page.fill("#unlock-passphrase", PASSPHRASE)
    page.click("#open-locked")

    said(page, "1 result of this test")
    assert page.locator("#change tbody td").first.inner_text() == "27"
    assert not page.is_visible("#unlock")
    assert_nothing_left(page, asked)


def test_each_locking_takes_new_chance(page: Page, live_server: Any, tmp_path: Path) -> None:
    open_test(page, live_server, "gad-2")
    answer(page, 1)

    first, second = (
        json.loads(save(page, tmp_path / name, PASSPHRASE).read_text(encoding="utf-8"))
        for name in ("one.json", "two.json")
    )

    assert first["kdf"]["salt"] != second["kdf"]["salt"]
    assert first["cipher"]["iv"] != second["cipher"]["iv"]


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [("short", "short", "8 characters or more"), (PASSPHRASE, PASSPHRASE + "s", "differ")],
)
def test_a_passphrase_that_will_not_do_saves_nothing(
    page: Page, live_server: Any, first: str, second: str, words: str
) -> None:
    open_test(page, live_server, "gad-2")
    answer(page, 1)
    downloads: list[Any] = []
    page.on("download", lambda one: downloads.append(one))
    page.click("#keep > summary")
    page.check("#lock")
    page.fill("#passphrase", first)
    page.fill("#passphrase-again", second)

    page.click("#save")

    page.locator("#keep-said", has_text=words).wait_for()
    assert downloads == []


def test_where_the_browser_cannot_lock_the_plain_file_is_offered(
    page: Page, live_server: Any, tmp_path: Path
) -> None:
    page.add_init_script(
        "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined })"
    )
    open_test(page, live_server, "gad-2")
    answer(page, 1)
    file = save(page, tmp_path / "plain.json")

    assert page.is_visible("#cannot-lock")
    assert not page.is_visible("#lock")
    open_file(page, file)
    said(page, "1 result")
    locked = json.dumps({"format": "locked-file", "version": 1}).encode()
    open_file(page, {"name": "x.json", "mimeType": "application/json", "buffer": locked})
    said(page, "cannot open it here")


# --- files that cannot be used ----------------------------------------------------------------


def other_score(bundle: dict[str, Any]) -> None:
    bundle["entry"][1]["resource"]["valueQuantity"]["value"] = 28


def no_score(bundle: dict[str, Any]) -> None:
    bundle["entry"][1]["resource"]["valueQuantity"] = "9"


def no_day(bundle: dict[str, Any]) -> None:
    bundle["entry"][0]["resource"]["authored"] = "2026-02-30"


def no_entries(bundle: dict[str, Any]) -> None:
    bundle["entry"] = [None]


def other_kind(bundle: dict[str, Any]) -> None:
    bundle["type"] = "transaction"


@pytest.mark.parametrize("harm", [other_score, no_score, no_day, no_entries, other_kind])
def test_a_damaged_file_is_refused_in_words_and_nothing_is_lost(
    page: Page, live_server: Any, tmp_path: Path, harm: Callable[[dict[str, Any]], None]
) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_test(page, live_server, "phq-9")
    answer(page, 1)
    file = save(page, tmp_path / "good.json")
    open_file(page, file)
    said(page, "1 result")
    before = page.inner_text("#change-scales")
    bundle = json.loads(file.read_text(encoding="utf-8"))
    harm(bundle)

    buffer = json.dumps(bundle).encode()
    open_file(page, {"name": "bad.json", "mimeType": "application/json", "buffer": buffer})

    page.wait_for_function(
        "/damaged|not made by/.test(document.getElementById('open-said').textContent)"
    )
    assert "The file that was open before is still open." in page.inner_text("#open-said")
    assert page.inner_text("#change-scales") == before
    assert page.is_visible("#result")
    assert errors == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe not json", "not made by a page like this one"),
        (b"[]", "not made by a page like this one"),
        (b"null", "not made by a page like this one"),
        (b'{"format": "locked-file", "version": 9}', "does not know"),
        (b'{"format": "locked-file", "version": 1, "kdf": {"iterations": 1}}', "does not know"),
    ],
)
def test_a_foreign_file_is_refused_in_words(
    page: Page, live_server: Any, content: bytes, words: str
) -> None:
    open_test(page, live_server, "gad-2")
    open_file(page, {"name": "x.json", "mimeType": "application/json", "buffer": content})
    if b"locked" in content:
        page.fill("#unlock-passphrase", PASSPHRASE)
        page.click("#open-locked")

    said(page, words)
    assert not page.is_visible("#change")


def test_results_of_another_test_stay_in_the_file(
    page: Page, live_server: Any, tmp_path: Path
) -> None:
    open_test(page, live_server, "gad-2")
    answer(page, 1)
    file = save(page, tmp_path / "file.json")
    open_test(page, live_server, "phq-9")

    open_file(page, file)
    said(page, "No results of this test in the file. It also holds results of other tests (1).")
    assert not page.is_visible("#change")
    answer(page, 2)
    save(page, file)

    named = [one["questionnaire"] for one in resources(file, "QuestionnaireResponse")]
    assert [one.rsplit("/")[-1] for one in named] == ["gad-2", "phq-9"]
    assert page.locator("#change tbody tr").count() == 1


# --- for everyone -----------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_W1_axe_finds_nothing_on_result_file_and_change(
    page: Page, live_server: Any, tmp_path: Path, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    three_results(page, live_server, tmp_path)
    page.check("#lock")

    assert problems(page) == []


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("name", ["phq-9", "everything"])
def test_W1_result_and_change_fit_320_pixels(
    page: Page, live_server: Any, tmp_path: Path, name: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    open_test(page, live_server, name)
    page.click("#layout")
    for question in page.locator("fieldset[data-item]").all():
        if question.locator("[type=radio]").count():
            question.locator("[type=radio]").first.check()
    page.click("#finish")

    open_file(page, save(page, tmp_path / "file.json"))
    said(page, "1 result")

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert problems(page) == []


def test_start_again_and_leaving_clear_file_and_result(
    page: Page, live_server: Any, tmp_path: Path
) -> None:
    open_test(page, live_server, "phq-9")
    answer(page, 1)
    open_file(page, save(page, tmp_path / "file.json"))
    said(page, "1 result")
    page.locator("[type=range]").fill("40")

    page.click("#again")

    assert page.locator("#change-scales > *").count() == 0
    assert page.inner_text("#open-said") == ""
    assert page.input_value("#open-file") == ""
    assert page.input_value("[type=range]") == "10"
    assert not page.is_visible("#result")
    page.click("#exit")
    page.wait_for_url("http://neutral.example/**")
    page.go_back()
    assert page.locator("#change-scales > *").count() == 0


def test_a_printed_result_fits_on_two_pages(page: Page, live_server: Any, tmp_path: Path) -> None:
    three_results(page, live_server, tmp_path)

    printed = page.pdf(format="A4")

    assert 1 <= printed.count(b"/Type /Page\n") + printed.count(b"/Type/Page\n") <= 2
