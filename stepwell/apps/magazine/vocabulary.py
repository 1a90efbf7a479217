"""The sections by id, also those that a host's vocabulary has lost."""

from collections.abc import Mapping

from stepwell.domain import loading, sections
from stepwell.domain.sections import Section

_LOST_HUE = 200


@loading.remembered
def sections_by_id() -> Mapping[str, Section]:
    """Return every section by its id, in the order of the masthead."""
    return {section.id: section for section in sections.sections()}


def section_of(section_id: str) -> Section:
    """Return a section; articles of a lost one keep its id as their section's name."""
    found = sections_by_id().get(section_id)
    if found:
        return found
    return Section(id=section_id, name=section_id, one_line=section_id, hue=_LOST_HUE)
