"""What a steward says about a call."""

from django import forms

from stepwell.apps.directory.models.freshness import SaidBy
from stepwell.domain.freshness import Takes


class PhoneForm(forms.Form):
    """That somebody confirmed a listing on the phone."""

    on = forms.DateField(label="Day of the call", widget=forms.DateInput(attrs={"type": "date"}))
    said_by = forms.TypedChoiceField(
        label="Who said so? No names.", coerce=SaidBy, choices=SaidBy.choices
    )


class CallForm(forms.Form):
    """What a test call showed."""

    on = forms.DateField(label="Day of the call", widget=forms.DateInput(attrs={"type": "date"}))
    reached = forms.TypedChoiceField(
        label="Was somebody reached?",
        coerce=lambda value: value == "yes",
        choices=[("yes", "yes"), ("no", "no")],
    )
    takes = forms.TypedChoiceField(
        label="Do they take new people?",
        coerce=Takes,
        choices=[(Takes.UNKNOWN, "not said"), (Takes.YES, "yes"), (Takes.NO, "no")],
    )
