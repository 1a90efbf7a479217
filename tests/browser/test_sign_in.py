"""The staff's sign-in in a real browser, with a passkey of a virtual device."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from stepwell.apps.accounts.models import Person

PASSWORD = "correct horse battery"


@pytest.fixture
def device(page):
    """A device that makes passkeys and always knows its person."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def check(page, where: str) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page)
        assert found.violations_count == 0, f"{where} {width}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, where


def test_A3_P5_P8_a_passkey_is_made_at_the_first_sign_in_and_then_signs_in_alone(
    transactional_db, live_server, device
):
    Person.objects.create_superuser("ada", password=PASSWORD)
    page, url = device, live_server.url.replace("127.0.0.1", "localhost")
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else 0)
    page.goto(f"{url}/admin/")
    check(page, "sign-in")
    page.get_by_label("Name of your account").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="One more step").wait_for()
    check(page, "one-more-step")
    page.get_by_role("link", name="Add a passkey").click()
    check(page, "add")
    page.get_by_label("A name for it").fill("my laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    check(page, "codes")
    page.get_by_role("link", name="go on").click()
    page.wait_for_url("**/admin/")

    session = next(one for one in page.context.cookies() if one["name"] == "session")
    assert session["httpOnly"]
    assert session["sameSite"] == "Lax"
    page.goto(f"{url}/staff/")
    assert "my laptop" in page.get_by_role("main").inner_text()
    check(page, "account")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/admin/")

    assert [words for words in complaints if "Content Security Policy" in words] == []
