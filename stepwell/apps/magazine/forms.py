"""What editors choose from vocabularies."""

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm

from stepwell.domain.sections import sections
from stepwell.domain.tags import tags


def _tag_choices() -> list[tuple[str, str]]:
    return [(tag.id, tag.name) for tag in tags().values()]


def _section_choices() -> list[tuple[str, str]]:
    return [(section.id, section.name) for section in sections()]


class ArticleForm(WagtailAdminPageForm):
    """An article: tags are ticked, never typed."""

    tags = forms.MultipleChoiceField(
        choices=_tag_choices, widget=forms.CheckboxSelectMultiple, required=False
    )


class SectionForm(WagtailAdminPageForm):
    """A section: one of the vocabulary, which also gives its address."""

    section = forms.ChoiceField(choices=_section_choices)
