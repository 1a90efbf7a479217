"""Pages about self-tests, and the sealed pages on which they are answered."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from stepwell.apps.selftests import queries, seal
from stepwell.apps.selftests.scoring_data import scoring_data


def index(request: HttpRequest) -> HttpResponse:
    """Every self-test there is."""
    return render(request, "selftests/index.html", {"tests": queries.all_tests()})


def intro(request: HttpRequest, test_id: str) -> HttpResponse:
    """What one self-test measures, for whom, and what happens to the answers."""
    return render(request, "selftests/intro.html", {"test": queries.get_test(test_id)})


def paper(request: HttpRequest, test_id: str) -> HttpResponse:
    """One self-test for printing, with a strip to score it by hand."""
    return render(request, "selftests/paper.html", {"test": queries.get_test(test_id)})


def licences(request: HttpRequest) -> HttpResponse:
    """By which right each self-test is here, in its owner's words."""
    context = {"tests": queries.all_tests(), "pending": queries.pending_tests()}
    return render(request, "selftests/licences.html", context)


@csrf_exempt  # nothing is ever taken in, so there is nothing to protect: a body is answered 400
@seal.sealed
@require_safe
def answer(request: HttpRequest, code: int) -> HttpResponse:
    """The sealed page: questions and result in one answer, scored in the browser."""
    test = queries.get_test_by_code(code)
    context = {
        "test": test,
        "help": queries.home_help(settings.HOME_COUNTRY, timezone.localdate()),
        "scoring": scoring_data(test.instrument),
        "script": mark_safe(seal.SCRIPT),
        "style": mark_safe(seal.STYLE),
    }
    return render(request, "selftests/sealed.html", context)
