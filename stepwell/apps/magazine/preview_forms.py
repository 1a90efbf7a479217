"""What an editor chooses for a link to a draft."""

from django import forms

from stepwell.apps.magazine.preview_actions import DAYS

CHOICES = [(days, f"{days} day{'' if days == 1 else 's'}") for days in DAYS]


class PreviewLinkForm(forms.Form):
    """How long a link works."""

    days = forms.TypedChoiceField(
        choices=CHOICES, coerce=int, initial=7, label="The link works for", widget=forms.RadioSelect
    )


class EndForm(forms.Form):
    """Which link is to end."""

    end = forms.UUIDField(widget=forms.HiddenInput)
