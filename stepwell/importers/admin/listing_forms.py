"""What a steward types: a file, and which of its columns is what."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from pydantic import ValidationError

from stepwell.domain.offers import Consent
from stepwell.importers.listings.detect import DELIMITERS, Shape
from stepwell.importers.listings.mapping import NEEDED, Mapped, field_names
from stepwell.importers.listings.propose import (
    DATE_FORMATS,
    LEAVE_OUT,
    LOOKED,
    PRIVATE,
    Column,
    Proposal,
)

KEPT_BACK = ("street", "phone", "email", "web", "latitude", "longitude", "postcode", "about")
DEFAULTS = ("provider", "kind", "country", "town", "provider_type", "confirmed_on", "languages")
CODES = ("kind", "cost", "accepting", "consent", "formats", "provider_type")
TARGETS = [
    ("", "Do not read it"),
    ("Fields", [(name, name.replace("_", " ")) for name in field_names()]),
    (
        "Flags",
        [
            (LEAVE_OUT, "leave the row out where it says yes or holds a date"),
            *(
                (f"{PRIVATE}{name}", f"keeps the {name} back unless it says no")
                for name in KEPT_BACK
            ),
            (LOOKED, "I have looked: it keeps nothing back"),
        ],
    ),
]


class CsvForm(forms.Form):
    """The upload."""

    file = forms.FileField(
        label="CSV file",
        help_text="A header line first. Nothing is imported before you say yes.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )


class MappingForm(forms.Form):
    """Which column is which field. Filled with the proposal, keeps what was typed."""

    source = forms.RegexField(
        r"^[a-z0-9]+(?:[_-][a-z0-9]+)*$",
        max_length=60,
        label="Source",
        help_text="A name for where it comes from, the same each time: small letters, digits, -.",
    )
    consent = forms.ChoiceField(
        choices=[
            (Consent.NONE.value, "nobody agreed: keep them, show none"),
            (Consent.ORGANISATION.value, "organisations that publish their own service"),
            (Consent.CONSENTED.value, "each provider agreed to being listed"),
        ],
        label="On whose word",
    )
    delimiter = forms.ChoiceField(
        choices=[(one, {"\t": "tab"}.get(one, one)) for one in DELIMITERS], label="Between cells"
    )
    list_separator = forms.CharField(max_length=1, initial=";", label="Between values in a cell")
    date_format = forms.ChoiceField(choices=[(one, one) for one in DATE_FORMATS], label="Dates")
    postcode_digits = forms.CharField(
        required=False,
        label="Give back lost zeros of postcodes",
        help_text="Country and number of digits, as in US 5, DE 5. Only where it is certain.",
    )
    phone_leading_zero = forms.BooleanField(
        required=False, label="Give back the lost zero at the start of phone numbers"
    )

    def __init__(self, columns: Sequence[Column], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        for name in DEFAULTS:
            like = ", written as the dates are" if name == "confirmed_on" else ""
            label = f"Otherwise: {name.replace('_', ' ')}{like}"
            self.fields[f"default_{name}"] = forms.CharField(required=False, label=label)
        for name in CODES:
            self.fields[f"codes_{name}"] = forms.CharField(
                required=False,
                label=f"Words for {name.replace('_', ' ')}",
                help_text="One a line: their word = our word.",
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        for at, column in enumerate(columns):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                required=False, choices=TARGETS, label=column.name or f"column {at + 1}"
            )

    def rows(self) -> list[dict[str, Any]]:
        """Return the columns for the table: what each is, and the field to say so."""
        return [
            {"column": column, "field": self[f"column_{at}"]}
            for at, column in enumerate(self.columns)
        ]

    def settings(self) -> list[Any]:
        """Return the fields that are not about one column."""
        return [self[name] for name in self.fields if not name.startswith("column_")]

    def clean(self) -> dict[str, Any]:
        """Refuse two columns for one field, a flag that is passed over, and missing needs."""
        said = super().clean() or {}
        chosen = self.chosen(said)
        used: dict[str, str] = {}
        for at, column in enumerate(self.columns):
            target = chosen[at]
            if not target and column.must_look:
                self.add_error(f"column_{at}", "It may keep something back. Say what it does.")
            if target and target not in {LEAVE_OUT, LOOKED} and target in used:
                self.add_error(f"column_{at}", f"{used[target]} is read as this already.")
            used.setdefault(target, column.name)
        for name in NEEDED:
            if name not in used and not said.get(f"default_{name}"):
                self.add_error(None, f"Say which column holds the {name}.")
        return said

    def chosen(self, said: Mapping[str, Any]) -> list[str]:
        """Return what was chosen for each column."""
        return [said.get(f"column_{at}") or "" for at in range(len(self.columns))]

    def mapping(self, shape: Shape) -> Mapped | None:
        """Return the mapping, or None with an error where it cannot be one."""
        try:
            return Mapped.model_validate(self.document(shape))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            self.add_error(None, f"{where}: {first['msg']}.")
            return None

    def document(self, shape: Shape) -> dict[str, Any]:
        """Return the mapping as a mapping file would hold it."""
        said, chosen = self.cleaned_data, self.chosen(self.cleaned_data)
        named = list(zip(chosen, (one.name for one in self.columns), strict=True))
        flags = {LEAVE_OUT, LOOKED, ""}
        fields = {to: name for to, name in named if to not in flags and PRIVATE not in to}
        kept = {to.removeprefix(PRIVATE): name for to, name in named if to.startswith(PRIVATE)}
        codes = {name: lines_of(said[f"codes_{name}"]) for name in CODES}
        return {
            "source": said["source"],
            "encoding": shape.encoding,
            "delimiter": said["delimiter"],
            "list_separator": said["list_separator"],
            "date_format": said["date_format"],
            "consent": said["consent"],
            "columns": fields,
            "private": kept,
            "leave_out": [name for to, name in named if to == LEAVE_OUT],
            "defaults": {n: said[f"default_{n}"] for n in DEFAULTS if said[f"default_{n}"]},
            "codes": {name: table for name, table in codes.items() if table},
            "repair": {
                "postcode_digits": digits_of(said["postcode_digits"]),
                "phone_leading_zero": said["phone_leading_zero"],
            },
        }


def lines_of(text: str) -> dict[str, str]:
    """Return their words and ours; lines without our word are left out."""
    parts = (line.partition("=") for line in text.splitlines())
    return {theirs.strip(): ours.strip() for theirs, _, ours in parts if ours.strip()}


def digits_of(text: str) -> dict[str, str]:
    """Return countries with their number of digits."""
    parts = (part.split() for part in text.split(","))
    return {part[0].upper(): part[-1] for part in parts if part}


def first_answers(proposal: Proposal, shape: Shape, source: str) -> dict[str, Any]:
    """Return the form filled with what is proposed."""
    codes = {
        f"codes_{name}": "\n".join(f"{theirs} = {ours}" for theirs, ours in table.items())
        for name, table in proposal.codes.items()
    }
    digits = ", ".join(
        f"{country} {number}" for country, number in proposal.postcode_digits.items()
    )
    return {
        "source": source,
        "delimiter": shape.delimiter,
        "date_format": proposal.date_format,
        "postcode_digits": digits,
        "phone_leading_zero": proposal.phone_leading_zero,
        **{f"column_{at}": one.target for at, one in enumerate(proposal.columns)},
        **codes,
    }
