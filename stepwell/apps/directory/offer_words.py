"""What a listing costs, how long one waits, and how safe contact is, in words. No queries here."""

from collections.abc import Mapping
from datetime import date

from stepwell.apps.directory.models import Listing
from stepwell.domain.matching import ACCEPTING_DAYS, is_recent
from stepwell.domain.offers import SafeContact

# ISO 4217: currencies whose smallest unit is not a hundredth.
PLACES = {
    **dict.fromkeys(
        [
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}
SAFE_CONTACT: Mapping[str, str] = {
    SafeContact.WITHHELD_NUMBER: "calls show no number",
    SafeContact.NEUTRAL_SENDER: "letters and messages do not say what they are about",
    SafeContact.NO_VOICEMAIL: "no message is left unless that was agreed",
}


def day(moment: date) -> str:
    """Return a date in words."""
    return f"{moment.day} {moment:%B %Y}"


def amount(minor: int, currency: str) -> str:
    """Return an amount without trailing zeros for whole units: 6000 pence as "GBP 60"."""
    places = PLACES.get(currency, 2)
    whole, part = divmod(minor, 10**places)
    return f"{currency} {whole}" if not part else f"{currency} {whole}.{part:0{places}d}"


def fee(listing: Listing) -> str:
    """Return what one session or place costs, or "" where nobody said."""
    lowest, highest = listing.fee_from, listing.fee_to
    scale = " on a sliding scale" if listing.sliding_scale else ""
    if lowest is None and highest is None:
        return scale.strip().capitalize()
    if lowest is not None and highest is not None and lowest != highest:
        told = f"{amount(lowest, listing.currency)} to {amount(highest, listing.currency)}"
    elif lowest is not None:
        told = f"{'' if highest == lowest else 'from '}{amount(lowest, listing.currency)}"
    else:
        told = f"up to {amount(highest or 0, listing.currency)}"
    return f"{told[:1].upper()}{told[1:]}{scale}"


def wait(listing: Listing, today: date) -> str:
    """Return how long one waits and when that was told; an old word is none."""
    weeks, told = listing.wait_weeks, listing.accepting_on
    if weeks is None or told is None or not still_true(listing, told, today):
        return ""
    return f"About {weeks} {'week' if weeks == 1 else 'weeks'} (said on {day(told)})"


def seats(listing: Listing, today: date) -> str:
    """Return how many places are free in a group and when they were counted; or ""."""
    free, told = listing.seats_open, listing.seats_on
    if free is None or told is None or not still_true(listing, told, today):
        return ""
    return f"{free} free (counted on {day(told)})"


def still_true(listing: Listing, told: date, today: date) -> bool:
    """Say whether a word of that day may still be passed on; an example has no age."""
    return listing.fictional or is_recent(told, today, ACCEPTING_DAYS)
