"""Pages about self-tests, and the sealed pages on which they are answered."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from stepwell.apps.selftests import finder, queries, seal
from stepwell.apps.selftests.own_file import file_data
from stepwell.apps.selftests.scoring_data import scoring_data
from stepwell.domain import tags


def index(request: HttpRequest) -> HttpResponse:
    """Every self-test there is, by topic, and the ways to find one."""
    topics, needs = finder.topics(), finder.need_ways()
    context = {
        "topics": topics,
        "how_many": sum(len(topic.rows) for topic in topics),
        "pending": queries.pending_tests(),
        "needs": [way for way in needs if way.tests],
        "no_test": [way for way in needs if not way.tests],
        "tags": finder.tag_ways(),
        "missing": finder.missing_ways(),
    }
    return render(request, "selftests/index.html", context)


def by_tag(request: HttpRequest, tag_id: str) -> HttpResponse:
    """The self-tests for one tag, or why no good one exists and what may serve instead."""
    return render(request, "selftests/by_tag.html", {"found": finder.about_tag(tag_id)})


def by_need(request: HttpRequest, need_id: str) -> HttpResponse:
    """The self-tests for one thing that troubles people."""
    need, rows = finder.for_need(need_id)
    return render(request, "selftests/by_need.html", {"need": need, "rows": rows})


def intro(request: HttpRequest, test_id: str) -> HttpResponse:
    """What one self-test measures, for whom, and what happens to the answers."""
    test = queries.get_test(test_id)
    context = {"test": test, "tags": tags.known(test.instrument.tags)}
    return render(request, "selftests/intro.html", context)


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
        "own_file": file_data(test, settings.SITE_URL),
        "script": mark_safe(seal.SCRIPT),
        "style": mark_safe(seal.STYLE),
    }
    return render(request, "selftests/sealed.html", context)
