"""A search from the form to what its page shows. Nothing of it is stored or logged."""

from datetime import date
from math import ceil
from typing import Any

from django.conf import settings

from stepwell.apps.directory import queries
from stepwell.apps.directory.finding import searching
from stepwell.apps.directory.finding.engine import PAGE
from stepwell.apps.directory.forms import SearchForm
from stepwell.apps.directory.presenters import results_page
from stepwell.domain import crisis


def results(form: SearchForm, today: date) -> dict[str, Any]:
    """Return one page of listings, how many each gate removed, and what would give more."""
    wanted = form.preferences()
    page = form.cleaned_data["page"] or 1
    found = searching.search(wanted, page=page, today=today, site=settings.SITE_NAME)
    shown = queries.in_this_order(found.ids)
    return {
        "found": found.total,
        "more": found.more,
        "heading": results_page.heading(found.total, more=found.more),
        "listings": results_page.cards(shown, wanted, today),
        "steps": results_page.funnel(found.funnel),
        "what_if": results_page.what_if(
            found.total, found.what_if, wanted.within_km, more=found.more
        ),
        "facets": results_page.facets(found.facets, found.total, form),
        "page": page,
        "pages": ceil(found.total / PAGE),
        "help": crisis.help_for(wanted.country or settings.HOME_COUNTRY, today=today),
    }
