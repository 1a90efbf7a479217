"""Reads: self-tests for pages, and help in the home country."""

from datetime import date

from stepwell.apps.selftests.presenters import TestView, test_view
from stepwell.domain import crisis, instruments
from stepwell.domain.errors import UnknownFact
from stepwell.domain.instrument_schema import PendingInstrument


def all_tests() -> list[TestView]:
    """Return every self-test, in the order of their codes."""
    return [get_test(fact_id) for fact_id in instruments.instruments()]


def pending_tests() -> list[PendingInstrument]:
    """Return the tests that are cleared but whose words are not at hand."""
    return list(instruments.pending().values())


def get_test(fact_id: str) -> TestView:
    """Return one self-test by its id; raise UnknownFact where there is none."""
    return test_view(instruments.instrument(fact_id), instruments.wording(fact_id))


def get_test_by_code(code: int) -> TestView:
    """Return one self-test by the number in its neutral address; raise UnknownFact."""
    for one in instruments.instruments().values():
        if one.code == code:
            return get_test(one.id)
    raise UnknownFact("page", str(code))


def home_help(country: str, today: date) -> crisis.HelpNow:
    """Return help in the host's home country, or what to show where none is set."""
    return crisis.help_for(country or None, today=today)
