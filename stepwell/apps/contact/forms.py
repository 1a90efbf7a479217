"""What people write to the editors, turned into a letter or into problems with names."""

import re
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django import forms

from stepwell.apps.contact.codes import code_for
from stepwell.domain.letters import KIND_WORDS, Kind
from stepwell.lib import form_tokens
from stepwell.lib.form_tokens import FormToken, NoToken

PURPOSE = "contact.letter"
LONGEST_MESSAGE = 5_000
LONGEST_KEPT = 20_000  # of a message that is too long, so much is shown again
LONGEST_REPLY_TO = 200
LONGEST_PAGE = 300
FASTEST = timedelta(seconds=3)  # nobody reads the page and writes in less
OPEN_FOR = timedelta(days=2)  # a form may lie open that long
PAGE = re.compile(r"/[a-zA-Z0-9/_.-]*")
# Everything that is not written: NUL breaks databases, the others hide text from readers.
UNWRITTEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")


class Said(TypedDict):
    """A letter as it was written."""

    kind: Kind
    message: str
    reply_to: str
    page: str


def plain(text: str) -> str:
    """Return text as it is kept: line ends of one kind, without signs that nobody writes."""
    return UNWRITTEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def page_of(text: str) -> str:
    """Return a public path of this site, or nothing: a reader did not type it."""
    return text if PAGE.fullmatch(text) and len(text) <= LONGEST_PAGE else ""


class LetterForm(forms.Form):
    """One letter. Fields that it does not know are passed over."""

    kind = forms.TypedChoiceField(
        coerce=Kind,
        choices=[(kind.value, words) for kind, words in KIND_WORDS.items()],
        error_messages={
            "required": "Choose what your letter is about.",
            "invalid_choice": "Choose one of the three.",
        },
    )
    message = forms.CharField(error_messages={"required": "Write your message."})
    reply_to = forms.CharField(
        required=False,
        max_length=LONGEST_REPLY_TO,
        error_messages={"max_length": f"Keep the address under {LONGEST_REPLY_TO} characters."},
    )
    page = forms.CharField(required=False)
    website = forms.CharField(required=False)  # hidden: only programs fill it in
    token = forms.CharField(required=False)

    def __init__(self, data: Any, *, now: datetime) -> None:
        super().__init__(self._cleaned_of_odd_signs(data))
        self.now = now
        self.form_token: FormToken | None = None

    @staticmethod
    def _cleaned_of_odd_signs(data: Any) -> dict[str, str]:
        return {name: plain(data.get(name, "")) for name in LetterForm.base_fields}

    def clean_message(self) -> str:
        """Return the message; say by how much it is too long."""
        message: str = self.cleaned_data["message"]
        if (over := len(message) - LONGEST_MESSAGE) > 0:
            raise forms.ValidationError(
                f"Your message is {over} characters too long. Shorten it, or send it in two parts."
            )
        return message

    def clean_page(self) -> str:
        """Return the page the letter is about, if it is one of ours."""
        return page_of(self.cleaned_data["page"])

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
            self.add_error(None, "Something was missing in the form. Please send it once more.")
            return
        if not timedelta() <= found.age(self.now) <= OPEN_FOR:
            self.add_error(
                None, "This page was open for more than two days. Please send it once more."
            )
            return
        self.form_token = found
        if found.age(self.now) < FASTEST and not self.errors:
            self.add_error(None, "That was very quick. Please send it once more.")

    @property
    def token_to_show(self) -> str:
        """Return the token for the next try: the same one while it is good, else a new one."""
        return self.data["token"] if self.form_token else form_tokens.issue(PURPOSE, self.now)

    @property
    def said(self) -> Said:
        """Return the letter. Only for a valid form."""
        said = self.cleaned_data
        return Said(
            kind=said["kind"],
            message=said["message"],
            reply_to=said["reply_to"],
            page=said["page"],
        )

    @property
    def code(self) -> str:
        """Return the code that withdraws this letter. Only for a valid form."""
        assert self.form_token is not None
        return code_for(self.form_token.nonce, map(str, self.said.values()))

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Return (id of a field, message) of everything that is wrong."""
        return [
            ("message" if name == "__all__" else name, str(message))
            for name, messages in self.errors.items()
            for message in messages
        ]


class SettleForm(forms.Form):
    """What became of a letter, and why."""

    state = forms.ChoiceField(
        label="It is now", choices=[("answered", "answered"), ("closed", "closed")]
    )
    reason = forms.CharField(
        max_length=200,
        label="Why?",
        help_text="For the log: what was done. No names and nothing of what the letter says.",
    )
