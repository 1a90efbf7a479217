"""Asks our copy of the US exclusion list about listings in a file. Nothing is stored."""

from stepwell.apps.registers.queries import has_exclusions, look_up_exclusion
from stepwell.domain.claim_facts import Advertised, Exclusion
from stepwell.domain.register_copy import Claim, Finding
from stepwell.importers.listings.advertised import Read
from stepwell.importers.records import ImportRefused

SAID = {
    Finding.MATCHED: Exclusion.YES,
    Finding.POSSIBLE: Exclusion.POSSIBLE,
    Finding.NONE: Exclusion.NO,
    Finding.CANNOT_TELL: Exclusion.UNKNOWN,
}


def with_exclusions(found: Read) -> Read:
    """Return the lines with what the list says of each; raise ImportRefused without a list."""
    if not has_exclusions():
        raise ImportRefused(
            "There is no exclusion list here. Get it from its publisher and load it with "
            "`stepwell import leie`, or leave --exclusions away."
        )
    asked = (
        line.model_copy(
            update={"listing": line.listing.model_copy(update={"excluded": said_of(line.listing)})}
        )
        for line in found.lines
    )
    return Read(lines=tuple(asked), rejects=found.rejects)


def said_of(listing: Advertised) -> Exclusion:
    """Return what the list says; it knows nobody outside the US."""
    numbers = ["".join(one.number.split()) for one in listing.licences if is_npi(one.register_id)]
    if listing.country not in {"", "US"} and not numbers:
        return Exclusion.UNKNOWN
    name = listing.texts.get("provider") or listing.texts.get("name", "")
    claim = Claim(name=name, npi=numbers[0] if numbers else "")
    return SAID[look_up_exclusion(claim).finding]


def is_npi(register: str) -> bool:
    """Say whether a register is that of the US provider numbers."""
    return register == "us_nppes"
