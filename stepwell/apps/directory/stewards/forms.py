"""What a steward says about a listing, a credential, a provider or a case."""

from collections.abc import Iterable, Mapping

from django import forms
from django.utils import timezone

from stepwell.apps.directory.models import Credential, Evidence, EvidenceType, Outcome, Provider
from stepwell.domain.credentials import LEVEL_WORDS, NEXT_STATES, Level, State
from stepwell.domain.offers import Consent

LONGEST_REASON = 400
SEEN_BY_ONE = (Level.EVIDENCE_SEEN, Level.REGISTER_MATCH, Level.REGISTER_CONFIRMED)
REASON_HINT = "For the log. No names and nothing private."
CONSENT_WORDS: Mapping[str, str] = {
    Consent.CLAIMED: "The provider looks after it themselves",
    Consent.CONSENTED: "The provider agreed to being listed",
    Consent.ORGANISATION: "An organisation publishes its own service",
    Consent.NONE: "Nobody agreed, or they took it back: never shown",
}


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        label="Why?",
        help_text=REASON_HINT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ApartForm(forms.Form):
    """That somebody may check this at all."""

    apart = forms.BooleanField(label="I do not work with this provider")


class CredentialForm(ReasonForm):
    """What a check of a credential showed."""

    state = forms.TypedChoiceField(label="It is now", coerce=State)
    level = forms.TypedChoiceField(
        label="What was seen",
        coerce=lambda value: Level(int(value)),
        choices=[(level.value, LEVEL_WORDS[level]) for level in SEEN_BY_ONE],
    )
    evidence = forms.ModelChoiceField(
        Evidence.objects.none(),
        required=False,
        label="The document that you saw",
        empty_label="None",
        help_text="When a second person accepts the same document, two have approved it.",
    )
    expires_on = forms.DateField(required=False, label="In force until (empty: no end)")
    conditions = forms.CharField(
        max_length=400,
        required=False,
        label="Conditions the register sets (empty: none)",
        help_text="Shown with the licence.",
    )
    apart = forms.BooleanField(label="I do not work with this provider")
    field_order = ("state", "level", "evidence", "expires_on", "conditions", "reason", "apart")

    def __init__(self, data: object = None, *, credential: Credential) -> None:
        now = {"expires_on": credential.expires_on, "conditions": credential.conditions}
        super().__init__(data, initial=now)  # type: ignore[arg-type]
        state = State(credential.state)
        again = {State.VERIFIED} if state is State.VERIFIED else set()
        chosen, documents = self.fields["state"], self.fields["evidence"]
        if isinstance(chosen, forms.ChoiceField):
            possible = sorted(NEXT_STATES[state] | again)
            chosen.choices = [("", "Choose"), *((new.value, new.value) for new in possible)]
        if isinstance(documents, forms.ModelChoiceField):
            documents.queryset = credential.evidence.filter(deleted_at=None).defer("file", "number")


class EvidenceForm(forms.Form):
    """A document, and what it is for."""

    type = forms.TypedChoiceField(label="What it is", coerce=EvidenceType, choices=EvidenceType)
    issuer = forms.CharField(max_length=120, label="Who issued it")
    number = forms.CharField(max_length=60, label="The number on it")
    purpose = forms.CharField(max_length=200, label="What it is to show")
    document = forms.FileField(label="PDF, PNG or JPEG, at most 5 MB")


class SettleCaseForm(forms.Form):
    """What came of a case."""

    outcome = forms.TypedChoiceField(
        label="What came of it",
        coerce=Outcome,
        choices=[(one.value, one.label) for one in Outcome if one.value],
    )
    note = forms.CharField(
        max_length=400,
        label="Why?",
        help_text=REASON_HINT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ConsentForm(ReasonForm):
    """On whose word a listing is shown, since when."""

    consent = forms.TypedChoiceField(
        label="On whose word",
        coerce=Consent,
        choices=list(CONSENT_WORDS.items()),
    )
    on = forms.DateField(label="Said on", initial=timezone.localdate)
    field_order = ("consent", "on", "reason")


class MergeForm(ReasonForm):
    """Which row of the same provider goes into this one."""

    other = forms.ModelChoiceField(Provider.objects.none(), label="The row that goes into this one")
    field_order = ("other", "reason")

    def __init__(self, data: object = None, *, alike: Iterable[Provider]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        chosen = self.fields["other"]
        if isinstance(chosen, forms.ModelChoiceField):
            ids = [one.pk for one in alike]
            chosen.queryset = Provider.objects.filter(pk__in=ids)
