"""What a steward says about a listing or a credential."""

from django import forms

from stepwell.domain.credentials import LEVEL_WORDS, NEXT_STATES, Level, State

LONGEST_REASON = 400
SEEN_BY_ONE = (Level.EVIDENCE_SEEN, Level.REGISTER_MATCH, Level.REGISTER_CONFIRMED)
REASON_HINT = "For the log. No names and nothing private."


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        max_length=LONGEST_REASON, label="Why?", help_text=REASON_HINT, widget=forms.Textarea
    )


class CredentialForm(ReasonForm):
    """What a check of a credential showed."""

    state = forms.TypedChoiceField(label="It is now", coerce=State)
    level = forms.TypedChoiceField(
        label="What was seen",
        coerce=lambda value: Level(int(value)),
        choices=[(level.value, LEVEL_WORDS[level]) for level in SEEN_BY_ONE],
    )
    expires_on = forms.DateField(required=False, label="In force until (empty: no end)")
    field_order = ("state", "level", "expires_on", "reason")

    def __init__(self, data: object = None, *, state: State) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        chosen = self.fields["state"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = [(new.value, new.value) for new in sorted(NEXT_STATES[state])]
