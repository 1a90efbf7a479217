"""What a person asks for, typed or brought along from a plan, as preferences of the domain."""

from django import forms
from django.conf.locale import LANG_INFO

from stepwell.apps.directory import queries
from stepwell.apps.directory.models import Place
from stepwell.domain import countries, support
from stepwell.domain.matching import DISTANCES_KM, Preferences, Reach
from stepwell.domain.places import LONGEST_PLACE

Choices = list[tuple[str, str]]
REACH_WORDS = [
    (Reach.EITHER.value, "Either is fine"),
    (Reach.IN_PERSON.value, "In person"),
    (Reach.REMOTE.value, "By phone, video or text"),
]
# How a plan, or a ticked box, says that somebody wants help from afar.
TICKED = frozenset({"on", "1", "true", "remote", Reach.REMOTE.value})


def language_name(code: str) -> str:
    """Return the English name of a language, or its code where we know none."""
    return str(LANG_INFO.get(code, {}).get("name", code))


def by_name(choices: Choices) -> Choices:
    """Return choices in the order of their words."""
    return sorted(choices, key=lambda choice: choice[1])


class SearchForm(forms.Form):
    """The search. Every field may stay empty; what is left out is not asked for."""

    kind = forms.ChoiceField(required=False, label="What kind of support?")
    country = forms.ChoiceField(required=False, label="In which country?")
    place = forms.CharField(
        required=False,
        max_length=LONGEST_PLACE,
        label="Town, or first part of a postcode",
        help_text="Not your address. A town or a district is enough.",
    )
    within = forms.ChoiceField(
        required=False,
        label="How far from there?",
        choices=[(str(km), f"Up to {km} km") for km in sorted(DISTANCES_KM, reverse=True)],
    )
    remote = forms.ChoiceField(required=False, label="How would you like to meet?")
    language = forms.ChoiceField(required=False, label="In which language?")
    cost = forms.BooleanField(required=False, label="Only free or low cost")
    accepting = forms.BooleanField(required=False, label="Only those who take new people now")
    page = forms.IntegerField(required=False, min_value=1, max_value=1000)

    def __init__(self, data: dict[str, str] | None = None) -> None:
        super().__init__(data, use_required_attribute=False)
        self.places: list[Place] = []
        names = countries.names()
        kinds = [(kind.id, kind.name) for kind in support.kinds().values()]
        spoken = [(code, language_name(code)) for code in queries.languages()]
        # A plan may bring along a country in which nothing is listed: the answer is "none".
        asked = [data["country"]] if data and data.get("country") else []
        known = [(code, names[code]) for code in {*queries.countries(), *asked} if code in names]
        self.offer("kind", [("", "Any kind"), *by_name(kinds)])
        self.offer("country", [("", "Any country"), *by_name(known)])
        self.offer("language", [("", "Any language"), *by_name(spoken)])
        self.offer("remote", REACH_WORDS)

    def offer(self, field: str, choices: Choices) -> None:
        """Give a field its choices."""
        chosen = self.fields[field]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = choices

    def clean(self) -> dict[str, object]:
        """Find the place in its country; say which towns we know when there is none like it."""
        said = self.cleaned_data
        text, country = str(said.get("place", "")), str(said.get("country", ""))
        if text and "place" not in self.errors:
            self.places = queries.places_called(text, country)
            if not self.places:
                self.add_error("place", unknown_place(queries.towns_like(text, country)))
        return said

    def preferences(self) -> Preferences:
        """Return what was asked for. Call it on a valid form only."""
        said = self.cleaned_data
        return Preferences(
            kind=said["kind"],
            country=said["country"],
            places=frozenset(place.pk for place in self.places),
            near=tuple(place.point for place in self.places if place.point is not None),
            within_km=int(said["within"] or max(DISTANCES_KM)),
            reach=Reach(said["remote"]),
            language=said["language"],
            low_cost=said["cost"],
            accepting=said["accepting"],
        )

    def said(self) -> list[tuple[str, str]]:
        """Return what was sent, for the hidden fields of "show the next ones"."""
        return [(name, self.data[name]) for name in self.fields if self.data.get(name)]

    def problems(self) -> list[tuple[str, str]]:
        """Return each field with what has to be corrected there."""
        return [(field, str(messages[0])) for field, messages in self.errors.items()]


def search_form(sent: dict[str, str]) -> SearchForm:
    """Return the form filled with what a person or a plan sent; other fields are ignored."""
    known = {name: sent.get(name, "") for name in SearchForm.base_fields}
    if known["remote"] in TICKED:
        known["remote"] = Reach.REMOTE.value
    return SearchForm(known)


def unknown_place(near: list[str]) -> str:
    """Return what to do when nothing is listed in a place."""
    if near:
        return f"We have no listing there. Did you mean {' or '.join(near)}?"
    return "We have no listing in a place of that name. Leave it empty to see all."
