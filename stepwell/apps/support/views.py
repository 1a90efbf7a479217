"""The map of care. Public pages made from facts alone: no database, no cookie, no answers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from stepwell.apps.support import presenters
from stepwell.apps.support.forms import Choice
from stepwell.domain import approaches as approach_facts
from stepwell.domain import comparing as comparisons
from stepwell.domain import countries, support
from stepwell.domain import professions as profession_facts


def index(request: HttpRequest) -> HttpResponse:
    """Every kind of support, by the sort of help and by step."""
    return render(request, "support/index.html", presenters.index_page())


def kind(request: HttpRequest, kind_id: str, cc: str = "") -> HttpResponse:
    """One kind of support on the seven dimensions, and who gives it in a country."""
    page = presenters.kind_page(support.kind(kind_id), _country(cc))
    return render(request, "support/kind.html", page)


def compare(request: HttpRequest, a: str, b: str, cc: str = "") -> HttpResponse:
    """Two kinds, or two professions, side by side."""
    comparison = comparisons.compare(a, b, country=_country(cc))
    return render(request, "support/compare.html", presenters.compare_page(comparison))


def professions(request: HttpRequest) -> HttpResponse:
    """Every profession, those the law sets rules for first."""
    return render(request, "support/professions.html", presenters.professions_page())


def profession(request: HttpRequest, profession_id: str, cc: str = "") -> HttpResponse:
    """One profession: the seven dimensions, its title in a country, and how to check."""
    found = profession_facts.profession(profession_id)
    page = presenters.profession_page(found, _country(cc))
    return render(request, "support/profession.html", page)


def approaches(request: HttpRequest) -> HttpResponse:
    """Every approach, by what it builds on."""
    return render(request, "support/approaches.html", presenters.approaches_page())


def approach(request: HttpRequest, approach_id: str) -> HttpResponse:
    """One approach, and what guidelines say about it for which need."""
    page = presenters.approach_page(approach_facts.approach(approach_id))
    return render(request, "support/approach.html", page)


def confidentiality(request: HttpRequest) -> HttpResponse:
    """The limits of confidentiality in plain words, and the label explained."""
    return render(request, "support/confidentiality.html", presenters.confidentiality_page())


def therapy(request: HttpRequest) -> HttpResponse:
    """What psychotherapy is and what therapy is, with the map as its figure."""
    return render(request, "support/therapy.html", presenters.therapy_page())


def choose(request: HttpRequest) -> HttpResponse:
    """Lead to the comparison that was chosen, or say what is missing."""
    choice = Choice.read(request.GET)
    if choice.address:
        return redirect(choice.address)
    return render(request, "support/choose.html", presenters.choose_page(choice))


def _country(cc: str) -> str | None:
    """Return the ISO code of a country in an address, or None; other letters are no page."""
    if not cc:
        return None
    if not cc.islower() or not countries.is_country(cc.upper()):
        raise Http404("There is no such country code.")
    return cc.upper()
