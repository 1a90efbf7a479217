"""What a person asks for, typed or brought along from a plan, as preferences of the domain."""

from typing import NamedTuple

from django import forms

from stepwell.apps.directory import queries, whereabouts, words
from stepwell.apps.directory.models import Family
from stepwell.domain import approaches, countries, support
from stepwell.domain.credentials import LOWEST_CHECKED, Level
from stepwell.domain.guide_facts import goals, needs
from stepwell.domain.offers import Preferences, Reach
from stepwell.domain.place_names import called, regions
from stepwell.domain.places import DISTANCES_KM, LONGEST_PLACE, WITHIN_KM, Point, spread

Choices = list[tuple[str, str]]
REACH_WORDS = [
    (Reach.EITHER.value, "Either is fine"),
    (Reach.IN_PERSON.value, "In person"),
    (Reach.REMOTE.value, "By phone, video or text"),
]
CHECKS = [(str(level.value), words.CHECKS[level]) for level in words.CHECKS]
# How a plan, or a ticked box, says that somebody wants help from afar.
TICKED = frozenset({"on", "1", "true", "remote", Reach.REMOTE.value})


def by_name(choices: Choices) -> Choices:
    """Return choices in the order of their words."""
    return sorted(choices, key=lambda choice: choice[1])


# The first three questions; every other wish is folded away. `page` is no wish at all.
FIRST = (
    ("What are you looking for?", ("kind", "need")),
    ("Where?", ("country", "place", "which", "within")),
    ("How would you like to meet?", ("remote",)),
)
FOLDED = (
    "language", "cost", "accepting", "checked", "goal", "approach", "format", "access", "payer",
)  # fmt: skip


class Asked(NamedTuple):
    """One of the first questions, with its fields."""

    words: str
    fields: list[forms.BoundField]


class Wish(NamedTuple):
    """One thing that was asked for, and what to send to take it away."""

    words: str
    without: str


class AnyChoice(forms.ChoiceField):
    """A choice whose list is only known when another field was read."""

    def valid_value(self, value: str) -> bool:
        """Let anything through: what is none of the choices is taken as no answer."""
        return True


class SearchForm(forms.Form):
    """The search. Every field may stay empty; what is left out is not asked for."""

    kind = forms.ChoiceField(required=False, label="What kind of support?")
    need = forms.ChoiceField(required=False, label="What is it about?")
    country = forms.ChoiceField(required=False, label="In which country?")
    place = forms.CharField(
        required=False,
        max_length=LONGEST_PLACE,
        label="Town, or first part of a postcode",
        help_text="Not your address. A town or a district is enough.",
    )
    which = AnyChoice(required=False, label="Which place of this name?")
    within = forms.ChoiceField(
        required=False,
        label="How far from there?",
        choices=[
            (str(km), f"Up to {km} km")
            for km in sorted(WITHIN_KM, key=lambda km: (km != DISTANCES_KM[-1], km))
        ],
    )
    remote = forms.ChoiceField(
        required=False, label="How would you like to meet?", widget=forms.RadioSelect
    )
    language = forms.ChoiceField(required=False, label="In which language?")
    goal = forms.ChoiceField(required=False, label="What should be different?")
    approach = forms.ChoiceField(required=False, label="By which method?")
    format = forms.ChoiceField(required=False, label="In which form?")
    access = forms.ChoiceField(required=False, label="What do you need to be able to come?")
    payer = forms.ChoiceField(required=False, label="Who pays?")
    cost = forms.BooleanField(required=False, label="Only free or low cost")
    accepting = forms.BooleanField(required=False, label="Only those who take new people now")
    checked = forms.ChoiceField(
        required=False, label="How far should a licence or title have been checked?"
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=1000)

    def __init__(self, data: dict[str, str] | None = None) -> None:
        super().__init__(data, use_required_attribute=False)
        self.meant = whereabouts.Meant()
        names = countries.names()
        kinds = [(kind.id, kind.name) for kind in support.kinds().values()]
        spoken = [(code, words.language_name(code)) for code in queries.named(Family.LANGUAGE)]
        methods = [(one.id, one.name) for one in approaches.approaches().values()]
        # A plan may bring along a country in which nothing is listed: the answer is "none".
        asked = [data["country"]] if data and data.get("country") else []
        known = [(code, names[code]) for code in {*queries.countries(), *asked} if code in names]
        self.offer("kind", [("", "Any kind"), *by_name(kinds)])
        self.offer("country", [("", "Any country"), *by_name(known)])
        self.offer("language", [("", "Any language"), *by_name(spoken)])
        self.offer("remote", REACH_WORDS)
        self.offer("need", [("", "Anything"), *((one.id, one.label) for one in needs().values())])
        self.offer("goal", [("", "Anything"), *((one.id, one.label) for one in goals().values())])
        self.offer("approach", [("", "Any method"), *by_name(methods)])
        self.offer("format", [("", "Any form"), *words.choices(words.FORMATS)])
        self.offer("access", [("", "Nothing special"), *words.choices(words.ACCESS)])
        self.offer("checked", [("", "It does not matter"), *CHECKS])
        self.offer("payer", [("", "It does not matter"), *words.choices(words.PAYERS)])

    def asked_first(self) -> list[Asked]:
        """Return the three questions that everybody is asked."""
        left_out = () if self.several else ("which",)
        return [
            Asked(words, [self[name] for name in fields if name not in left_out])
            for words, fields in FIRST
        ]

    def asked_on_demand(self) -> list[forms.BoundField]:
        """Return the fields that stand folded away."""
        return [self[name] for name in FOLDED]

    def asks_for_more(self) -> bool:
        """Say whether one of the folded fields was used, so that they stand open."""
        return any(field.value() for field in self.asked_on_demand())

    def wishes(self) -> list[Wish]:
        """Return what was asked for, each with how to take it away. On a valid form only."""
        named = [*(name for _, fields in FIRST for name in fields), *FOLDED]
        said = self.cleaned_data
        asked = [name for name in named if said[name] and name not in {"which", "within"}]
        return [Wish(self.wish_words(name), f"{name}=") for name in asked]

    def choice_words(self, name: str) -> dict[str, str]:
        """Return the choices of a field by their value; a box has one, its label."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return {str(value): str(words) for value, words in dict(field.choices).items()}  # type: ignore[arg-type]
        return {"on": str(field.label)}

    def wish_words(self, name: str) -> str:
        """Return one thing that was asked for, in words."""
        value = self.cleaned_data[name]
        if name == "place":
            return f"Up to {self.preferences().within_km} km from {self.measured_from() or value}"
        return self.choice_words(name)["on" if value is True else value]

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
            self.look_up(text, country, str(said.get("which", "")))
        return said

    def look_up(self, text: str, country: str, which: str) -> None:
        """Find what a text means; of several places the largest, unless one was chosen."""
        self.meant = whereabouts.place_meant(text, country, which)
        self.offer("which", self.which_choices())
        if not self.meant.is_anywhere:
            self.add_error("place", unknown_place(whereabouts.names_like(text, country)))

    @property
    def several(self) -> bool:
        """Say whether there is more than one place of the name that was typed."""
        return len(self.meant.choices) > 1

    def which_choices(self) -> Choices:
        """Return the places of that name, the one taken first."""
        taken = self.meant.taken
        places = sorted(self.meant.choices, key=lambda one: one != taken)
        return [(whereabouts.key_of(one), called(one)) for one in places]

    def credit(self) -> str:
        """Return where the names of places come from, as their licence asks."""
        return regions().credit

    def measured_from(self) -> str:
        """Return the place from which distances are measured, or ""."""
        return called(self.meant.taken) if self.meant.taken else ""

    def preferences(self) -> Preferences:
        """Return what was asked for. Call it on a valid form only."""
        said = self.cleaned_data
        return Preferences(
            kind=said["kind"],
            need=said["need"],
            goal=said["goal"],
            approach=said["approach"],
            format=said["format"],
            access=said["access"],
            payer=said["payer"],
            country=said["country"],
            places=frozenset(place.pk for place in self.meant.listed),
            near=self.points(),
            within_km=int(said["within"] or max(DISTANCES_KM)),
            reach=Reach(said["remote"]),
            language=said["language"],
            low_cost=said["cost"],
            accepting=said["accepting"],
            level=Level(int(said["checked"] or Level.DECLARED)),
        )

    def points(self) -> tuple[Point, ...]:
        """Return where distances start: the place taken, or else the listed places themselves."""
        if self.meant.taken is not None:
            return (self.meant.taken.point,)
        return spread(place.point for place in self.meant.listed if place.point is not None)

    def said(self) -> list[tuple[str, str]]:
        """Return what was sent, for the hidden fields of "show the next ones"."""
        return [(name, self.data[name]) for name in self.fields if self.data.get(name)]

    def problems(self) -> list[tuple[str, str]]:
        """Return each field with what has to be corrected there."""
        return [(field, str(messages[0])) for field, messages in self.errors.items()]


def search_form(sent: dict[str, str]) -> SearchForm:
    """Return the form filled with what a person or a plan sent; other fields are ignored."""
    known = {name: sent.get(name, "") for name in SearchForm.base_fields}
    field, _, value = sent.get("set", "").partition("=")  # a button: the same with one change
    if field in known:
        known |= {"page": "", "which": "" if field == "place" else known["which"], field: value}
    if known["remote"] in TICKED:
        known["remote"] = Reach.REMOTE.value
    if known["checked"] in TICKED:
        known["checked"] = str(LOWEST_CHECKED.value)
    return SearchForm(known)


def unknown_place(near: list[str]) -> str:
    """Return what to do when we know no place of a name."""
    if near:
        return f"We do not know this place. Did you mean {' or '.join(near)}?"
    return (
        "We do not know this place. Try the nearest larger town or the first part of the "
        "postcode, or leave it empty to see all."
    )
