"""What a clinician signs, and what a second person confirms."""

from datetime import date
from typing import Any

from django import forms

from stepwell.apps.magazine.review_actions import Verdict
from stepwell.domain.reviews import Outcome, Scope, months_later

OUTCOMES = [
    (Outcome.APPROVED.value, "I approve it"),
    (Outcome.CHANGES_ASKED.value, "I ask for changes"),
]
SCOPES = [(Scope.WHOLE.value, "The whole text"), (Scope.PARTS.value, "Parts of it")]
OFF = {"autocomplete": "off"}


class SeenForm(forms.Form):
    """Carries the fingerprint of the text that was shown, so that no other text is signed."""

    seen_hash = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class SignatureForm(SeenForm):
    """A clinician's verdict."""

    outcome = forms.ChoiceField(choices=OUTCOMES, widget=forms.RadioSelect, label="What I found")
    scope = forms.ChoiceField(choices=SCOPES, widget=forms.RadioSelect, label="What I read")
    parts = forms.CharField(
        required=False,
        max_length=400,
        label="Which parts",
        help_text="Only if you read parts. A review of parts makes no badge.",
        widget=forms.TextInput(attrs=OFF),
    )
    interests = forms.CharField(
        required=False,
        max_length=1_000,
        label="Interests I declare",
        help_text="Readers see this. Empty means that you have none to declare.",
        widget=forms.Textarea(attrs={"rows": 2, **OFF}),
    )
    note = forms.CharField(
        required=False,
        max_length=4_000,
        label="Note to the editors",
        help_text="What has to change, and why. Readers do not see this.",
        widget=forms.Textarea(attrs={"rows": 4, **OFF}),
    )
    review_due = forms.DateField(
        required=False,
        label="Next review due",
        help_text="Sooner where knowledge moves fast.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **OFF}),
    )
    read_whole = forms.BooleanField(required=False, label="I have read this text as a whole.")

    def clean(self) -> dict[str, Any]:
        """Ask for what the verdict needs."""
        said = super().clean() or {}
        approved = said.get("outcome") == Outcome.APPROVED
        whole = said.get("scope") == Scope.WHOLE
        if approved and whole and not said.get("read_whole"):
            self.add_error("read_whole", "Tick this if it is so. Else say which parts you read.")
        if approved and not said.get("review_due") and "review_due" not in self.errors:
            self.add_error("review_due", "Choose the day by which it has to be read again.")
        if not approved and not said.get("note"):
            self.add_error("note", "Say what has to change.")
        if not whole and not said.get("parts"):
            self.add_error("parts", "Say which parts you read.")
        return said

    def verdict(self) -> Verdict:
        """Return what was said; of answers that do not belong together only those that count."""
        said = self.cleaned_data
        whole = said["scope"] == Scope.WHOLE
        return Verdict(
            outcome=Outcome(said["outcome"]),
            scope=Scope(said["scope"]),
            parts="" if whole else said["parts"],
            interests=said["interests"],
            note=said["note"],
            review_due=said["review_due"],
        )


def first_signature(seen_hash: str, interests: str, today: date, months: int) -> dict[str, Any]:
    """Return what the form starts with: nothing is found or read beforehand."""
    due = months_later(today, months)
    return {"seen_hash": seen_hash, "interests": interests, "review_due": due}
