"""A first mapping for a CSV that nobody has seen: from its column names and some of its cells.

It is a proposal for a steward to correct. A column that may say "not for showing"
is never passed over: it is proposed as a flag, or marked for a look.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from stepwell.domain import column_names, money, support
from stepwell.domain.column_names import plain
from stepwell.importers import cleaning
from stepwell.importers.listings.mapping import field_names

SAMPLES = 200  # rows that are looked at
SHARE = 0.8  # of the filled cells have to look alike
LEAVE_OUT, PRIVATE, LOOKED = "leave_out", "private:", "looked"
DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y")
FIVE_DIGITS = ("US", "DE")  # where every postcode has five, so that a shorter one lost its zeros
ZERO_FIRST = ("GB", "DE", "IE", "AU")  # where numbers within the country begin with a zero


class Column(NamedTuple):
    """One column, what is proposed for it and why, and some of its cells."""

    name: str
    target: str  # a field, leave_out, private:<field>, or nothing
    why: str
    samples: tuple[str, ...]
    must_look: bool


class Proposal(NamedTuple):
    """What is proposed for a file."""

    columns: tuple[Column, ...]
    date_format: str
    codes: Mapping[str, Mapping[str, str]]
    postcode_digits: Mapping[str, int]
    phone_leading_zero: bool
    notes: tuple[str, ...]


def _is_postcode(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}", text.upper()))


def _is_date(text: str) -> bool:
    return any(reads(text, form) for form in DATE_FORMATS)


LOOKS_LIKE: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "email": cleaning.email_address,
        "web": cleaning.web_address,
        "date": _is_date,
        "postcode": _is_postcode,
        "phone": lambda text: len(re.sub(r"[^0-9]", "", text)) >= 7 and cleaning.phone_number(text),
        "yes or no": lambda text: cleaning.yes_or_no(text) is not None,
        "language": cleaning.language,
        "money": lambda text: (
            bool(money.currency_in(text))
            and money.read_amount(text, money.currency_in(text)) is not None
        ),
    }
)
BY_LOOK = {"email": "email", "web": "web", "postcode": "postcode", "phone": "phone",
           "language": "languages", "money": "fee_from"}  # fmt: skip


def propose(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Proposal:
    """Return what is proposed for a file with this header and these first rows."""
    cells = [
        [row[at].strip() for row in rows[:SAMPLES] if at < len(row) and row[at].strip()]
        for at in range(len(header))
    ]
    columns = by_look(by_name(header, cells), cells)
    targets = {one.target: at for at, one in enumerate(columns) if one.target}
    date_format, notes = date_form([
        text for field in ("confirmed_on", "accepting_on", "seats_on", "register_expires_on")
        if field in targets for text in cells[targets[field]]
    ])  # fmt: skip
    country = (
        {text.upper() for text in cells[targets["country"]]} if "country" in targets else set()
    )
    return Proposal(
        columns=tuple(columns),
        date_format=date_format,
        codes=kind_codes(cells[targets["kind"]]) if "kind" in targets else {},
        postcode_digits=digits(
            cells[targets["postcode"]] if "postcode" in targets else [], country
        ),
        phone_leading_zero="phone" in targets and lost_zero(cells[targets["phone"]], country),
        notes=tuple(notes),
    )


def by_name(header: Sequence[str], cells: Sequence[Sequence[str]]) -> list[Column]:
    """Return the columns with what their names say; the best name of a field gets it."""
    wanted = {name: column_names.field_of(name) for name in header}
    best: dict[str, str] = {}
    for name in header:
        field = wanted[name]
        better = field and (
            field not in best
            or column_names.rank(field, name) < column_names.rank(field, best[field])
        )
        if better and header.count(name) == 1:
            best[field] = name
    return [column(name, samples, best) for name, samples in zip(header, cells, strict=True)]


def column(name: str, samples: Sequence[str], best: Mapping[str, str]) -> Column:
    """Return one column with what its name says."""
    shown, look = tuple(text[:60] for text in samples[:3]), column_names.asks_for_a_look(name)
    if field := column_names.private_field_of(name):
        return Column(
            name, f"{PRIVATE}{field}", "its name says that it keeps a field back", shown, look
        )
    if column_names.leaves_out(name):
        return Column(name, LEAVE_OUT, "its name says that it keeps rows back", shown, look)
    field = next((field for field, chosen in best.items() if chosen == name), "")
    known = field if field in field_names() else ""
    return Column(name, known, "by its name" if known else "", shown, look)


def by_look(columns: list[Column], cells: Sequence[Sequence[str]]) -> list[Column]:
    """Return the columns, those without a field by what their cells look like."""
    taken = {one.target for one in columns}
    found: list[Column] = []
    kept_back: set[str] = set()
    for one, samples in zip(columns, cells, strict=True):
        if one.target.startswith(PRIVATE):
            # A mapping has room for one flag a field; a second one waits for a look.
            one = one._replace(target="") if one.target in kept_back else one
            kept_back.add(one.target)
        look = look_of(samples)
        field = BY_LOOK.get(look, "")
        if not one.target and not one.must_look and field and field not in taken:
            taken.add(field)
            one = one._replace(target=field, why=f"its cells look like: {look}")
        found.append(one)
    return found


def look_of(samples: Sequence[str]) -> str:
    """Return what most cells of a column look like, or ""."""
    if len(samples) < 2:
        return ""
    for name, fits in LOOKS_LIKE.items():
        if sum(bool(fits(text)) for text in samples) >= SHARE * len(samples):
            return name
    return ""


def reads(text: str, form: str) -> bool:
    """Say whether a date is written in a form."""
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def date_form(texts: Sequence[str]) -> tuple[str, list[str]]:
    """Return the form that most dates have, and a note where two forms fit alike."""
    fit = {form: sum(reads(text, form) for text in texts) for form in DATE_FORMATS}
    most = max(fit.values())
    if not most:
        return DATE_FORMATS[0], []
    best = [form for form, count in fit.items() if count == most]
    if len(best) > 1:
        return best[0], ["Day and month of the dates could be either way round. Look at them."]
    return best[0], []


def kind_codes(words: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """Return what their words for kinds of support may mean here; unknown ones are left empty."""
    ours = {plain(key): key for key in support.kinds()}
    ours |= {plain(kind.name): key for key, kind in support.kinds().items()}
    theirs = [word for word in dict.fromkeys(words) if word not in support.kinds()]
    return {"kind": {word: ours.get(plain(word), "") for word in theirs[:60]}}


def digits(postcodes: Sequence[str], countries: set[str]) -> Mapping[str, int]:
    """Return where postcodes lost their leading zeros for certain."""
    short = [text for text in postcodes if text.isascii() and text.isdigit() and len(text) < 5]
    return {code: 5 for code in FIVE_DIGITS if short and code in countries}


def lost_zero(phones: Sequence[str], countries: set[str]) -> bool:
    """Say whether phone numbers lost their leading zero: none has one, all are of one country."""
    if not phones or not countries or not countries <= set(ZERO_FIRST):
        return False
    return all(re.fullmatch(r"[1-9][0-9]{8,9}", text) for text in phones)
