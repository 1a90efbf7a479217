"""What providers and visitors say, turned into domain values or into problems with names."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.crypto import salted_hmac

from stepwell.apps.directory.freshness.actions import Told
from stepwell.domain.freshness import ANSWERED_WORDS, NEWS_WORDS, PROBLEM_WORDS, Answered, News
from stepwell.domain.freshness import Problem as Reported
from stepwell.lib import form_tokens
from stepwell.lib.form_tokens import FormToken, NoToken

PURPOSE = "directory.report"
LONGEST_WORDS = 400
LONGEST_SHOWN = 4_000  # of words that are too long, so much is shown again
LONGEST_WAIT = 520  # weeks
FASTEST = timedelta(seconds=2)
OPEN_FOR = timedelta(days=2)  # a form may lie open that long
# Everything that is not written: NUL breaks databases, the others hide text from readers.
UNWRITTEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")
ONCE_MORE = "Please send it once more."


def plain(text: str) -> str:
    """Return text as it is kept: line ends of one kind, without signs that nobody writes."""
    return UNWRITTEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def key_of(purpose: str, *parts: str) -> str:
    """Return the keyed hash by which a form is stored once."""
    whole = "\x00".join(parts)
    return salted_hmac(f"{PURPOSE}.{purpose}", whole, algorithm="sha256").hexdigest()


class PlainForm(forms.Form):
    """A form whose problems have names. Fields that it does not know are passed over."""

    def __init__(self, data: Any) -> None:
        super().__init__({name: plain(data.get(name, "")) for name in self.base_fields})

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Return (id of a field, message) of everything that is wrong."""
        first = next(iter(self.fields))
        return [
            (first if name == "__all__" else name, str(message))
            for name, messages in self.errors.items()
            for message in messages
        ]


class NewsForm(PlainForm):
    """What a provider says about new people."""

    news = forms.TypedChoiceField(
        coerce=News,
        choices=[(one.value, words) for one, words in NEWS_WORDS.items()],
        error_messages={
            "required": "Choose what is true of new people.",
            "invalid_choice": "Choose one of the three.",
        },
    )
    weeks = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=LONGEST_WAIT,
        error_messages={"invalid": "Write the weeks as a number, or leave it empty."},
    )
    until = forms.DateField(
        required=False,
        error_messages={"invalid": "Write the day as 2027-01-31, or leave it empty."},
    )

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean_until(self) -> date | None:
        """Refuse a day that is over."""
        until: date | None = self.cleaned_data["until"]
        if until and until <= self.today:
            raise forms.ValidationError("Choose a day that is still to come.")
        return until

    @property
    def told(self) -> Told:
        """Return what was said. Only for a valid form."""
        said = self.cleaned_data
        full = said["news"] is News.FULL
        waits = said["news"] is News.WAITING
        return Told(
            said["news"],
            weeks=said["weeks"] if waits else None,
            full_until=said["until"] if full else None,
        )


class WrongForm(PlainForm):
    """What a provider says is wrong."""

    words = forms.CharField(
        max_length=LONGEST_WORDS,
        error_messages={
            "required": "Write what is wrong.",
            "max_length": f"Keep it under {LONGEST_WORDS} characters.",
        },
    )


class StopForm(PlainForm):
    """That a provider does not want to be listed."""

    sure = forms.BooleanField(
        error_messages={"required": "Tick that the entry should be taken off."}
    )


class TokenForm(PlainForm):
    """A form that this site made, and that is stored once."""

    website = forms.CharField(required=False)  # hidden: only programs fill it in
    token = forms.CharField(required=False)

    def __init__(self, data: Any, *, now: datetime) -> None:
        super().__init__(data)
        self.now = now
        self.form_token: FormToken | None = None

    def clean_website(self) -> str:
        """Refuse what was filled in where nobody should; the field is shown then."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError("Leave this field empty.")
        return ""

    def clean(self) -> None:
        """Look at the form's token: ours, not too old, and not filled in within a blink."""
        try:
            found = form_tokens.read(self.data["token"], PURPOSE)
        except NoToken:
            self.add_error(None, f"Something was missing in the form. {ONCE_MORE}")
            return
        if not timedelta() <= found.age(self.now) <= OPEN_FOR:
            self.add_error(None, f"This page was open for more than two days. {ONCE_MORE}")
            return
        self.form_token = found
        if found.age(self.now) < FASTEST and not self.errors:
            self.add_error(None, f"That was very quick. {ONCE_MORE}")

    @property
    def token_to_show(self) -> str:
        """Return the token for the next try: the same one while it is good, else a new one."""
        return self.data["token"] if self.form_token else form_tokens.issue(PURPOSE, self.now)

    @property
    def key(self) -> str:
        """Return the hash by which this form, with these words, is stored once."""
        assert self.form_token is not None
        hidden = {"website", "token", "seen"}
        said = [self.data[name] for name in self.base_fields if name not in hidden]
        return key_of(type(self).__name__, self.form_token.nonce, *said)


class ReportForm(TokenForm):
    """What a visitor reports."""

    problem = forms.TypedChoiceField(
        coerce=Reported,
        choices=[(one.value, words) for one, words in PROBLEM_WORDS.items()],
        error_messages={
            "required": "Choose what is wrong.",
            "invalid_choice": "Choose one of these.",
        },
    )
    words = forms.CharField(
        required=False,
        max_length=LONGEST_WORDS,
        error_messages={"max_length": f"Keep it under {LONGEST_WORDS} characters."},
    )
    seen = forms.CharField(required=False)  # set once help was shown first
    field_order = ("problem", "words", "seen", "website", "token")

    @property
    def help_comes_first(self) -> bool:
        """Say whether help and what we can do are shown before this is sent."""
        return self.cleaned_data.get("problem") is Reported.UNSAFE and not self.data["seen"]


class AnsweredForm(TokenForm):
    """Whether a visitor got an answer."""

    answered = forms.TypedChoiceField(
        coerce=Answered,
        choices=[(one.value, words) for one, words in ANSWERED_WORDS.items()],
        error_messages={
            "required": "Choose whether they answered.",
            "invalid_choice": "Choose one of the three.",
        },
    )
    field_order = ("answered", "website", "token")
