"""What editors type: choices from vocabularies, and articles that the checks look at."""

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm

from stepwell.apps.magazine import checking, publishing
from stepwell.domain.publish_checks import Finding
from stepwell.domain.sections import sections
from stepwell.domain.tags import tags


def _tag_choices() -> list[tuple[str, str]]:
    return [(tag.id, tag.name) for tag in tags().values()]


def _section_choices() -> list[tuple[str, str]]:
    return [(section.id, section.name) for section in sections()]


FIELDS = {  # where a finding is shown; the others stand at the top
    "Summary": "standfirst",
    "Cover picture": "cover_alt",
    "Content note": "content_note",
    "Review": "review_planned_on",
}


class ArticleForm(WagtailAdminPageForm):
    """An article: tags are ticked, never typed; publishing asks the checks first."""

    tags = forms.MultipleChoiceField(
        choices=_tag_choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    override_reason = forms.CharField(
        label="Publish in spite of the findings, because",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Only where a check is wrong about this text. The reason is kept with your name.",
    )
    refused: list[Finding]

    def is_valid(self) -> bool:
        """Return whether the article may be stored and, where that is asked, published."""
        valid: bool = super().is_valid()
        self.refused = []
        if valid and self._to_be_published():
            self.refused = checking.unanswered(self._as_typed())
            if self.refused and not self._reason():
                self._say_why_not()
                return False
        return valid

    def save(self, commit: bool = True) -> Any:
        """Store the article; an override is written down when it has a place in the tree."""
        page = super().save(commit=commit)
        if self.refused and page.pk:
            publishing.override(
                by=self.for_user, page=page, findings=self.refused, reason=self._reason()
            )
        elif self.refused:
            page.override_given = (self.refused, self._reason())  # once it has a place: see hooks
        return page

    def _to_be_published(self) -> bool:
        return "action-publish" in self.data or self.data.get("workflow-action-name") == "approve"

    def _reason(self) -> str:
        return str(self.cleaned_data.get("override_reason", "")).strip()

    def _as_typed(self) -> Any:
        """Return the page with the rows of its lists as they were typed, nothing stored."""
        page = self.instance.__class__(**_fields_of(self.instance))
        page.pk, page.path = self.instance.pk, self.instance.path
        for name in ("references", "bylines"):
            setattr(page, name, _typed(self.formsets[name]))
        return page

    def _say_why_not(self) -> None:
        for one in self.refused:
            field = FIELDS.get(one.where)
            self.add_error(field if field in self.fields else None, str(one))


def _fields_of(page: Any) -> dict[str, Any]:
    return {field.attname: getattr(page, field.attname) for field in page._meta.concrete_fields}


def _typed(formset: Any) -> list[Any]:
    """Return the rows of a list that are to stay."""
    kept = [form for form in formset.forms if form not in formset.deleted_forms]
    return [form.instance for form in kept if form.has_changed() or form.instance.pk]


class SectionForm(WagtailAdminPageForm):
    """A section: one of the vocabulary, which also gives its address."""

    section = forms.ChoiceField(choices=_section_choices)
