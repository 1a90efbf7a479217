"""What the sealed page needs to write and read a person's own file. Names and addresses only.

The file is a FHIR R4 Bundle (docs/reference/own-file.md); sealed/own_file.js writes it in the
browser. The addresses are those of this site's FHIR door, where its Questionnaire can be had.
"""

from collections.abc import Iterator
from typing import Any

from stepwell.apps.selftests.presenters import TestView
from stepwell.apps.selftests.scale_presenters import ScaleView
from stepwell.apps.selftests.scoring_data import number


def file_data(test: TestView, site_url: str) -> dict[str, Any]:
    """Return the canonical address of a test, its questions in their groups, and its scales."""
    base, name = f"{site_url.rstrip('/')}/fhir", test.instrument.id.replace("_", "-")
    return {
        "questionnaire": f"{base}/Questionnaire/{name}",
        "items": list(_items(test, f"{base}/CodeSystem/{name}")),
        "scales": [_scale(one) for one in test.scales],
    }


def _items(test: TestView, systems: str) -> Iterator[dict[str, Any]]:
    """Yield each question: the group it stands in, and the system of its answers, if chosen."""
    group = None
    for question in test.questions:
        heading = test.wording.headings.get(question.item)
        if heading is not None:
            group = f"heading.{question.item}" if heading else None
        system = f"{systems}.{question.options.replace('_', '-')}" if question.choices else None
        yield {"id": question.item, "group": group, "system": system}


def _scale(view: ScaleView) -> dict[str, Any]:
    return {
        "id": view.scale.id,
        "name": view.name,
        "loinc": view.scale.loinc,
        "change": number(view.change) if view.change else None,
        "change_is_recalled": view.change_is_recalled,
    }
