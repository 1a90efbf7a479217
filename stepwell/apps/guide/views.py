"""The guide's pages. Answers come and go with each post; nothing is stored, logged or in a URL."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from stepwell.apps.guide import presenters
from stepwell.apps.guide.forms import PAGES, Journey
from stepwell.domain import plans
from stepwell.lib.origin import same_origin_only

REFUSED = 422


def start(request: HttpRequest) -> HttpResponse:
    """What happens to the answers and how to leave, before the first question."""
    return render(request, "guide/start.html", {"total": presenters.TOTAL})


@csrf_exempt
@same_origin_only
def step(request: HttpRequest) -> HttpResponse:
    """The next question, the one before, or the one that was asked for."""
    if request.method != "POST":
        return redirect("guide:start")
    journey, go = Journey.read(request.POST), request.POST.get("go", "next")
    if go == "skip":
        journey = journey.without_this_page()
    if go == "next" and (refused := journey.refused()):
        return _ask(request, journey, *refused)
    page = _page_to_show(journey, go)
    return _ask(request, journey, page) if page else _show_plan(request, journey)


@csrf_exempt
@same_origin_only
def plan(request: HttpRequest) -> HttpResponse:
    """The plan for what was said so far; whatever was not said is unknown."""
    if request.method != "POST":
        return redirect("guide:start")
    return _show_plan(request, Journey.read(request.POST))


def _page_to_show(journey: Journey, go: str) -> str | None:
    """Return the page to ask next; None means the plan."""
    if go in journey.pages():
        return go
    return journey.previous_page() or PAGES[0] if go == "back" else journey.next_page()


def _ask(request: HttpRequest, journey: Journey, page: str, problem: str = "") -> HttpResponse:
    context = presenters.question_page(journey, page, problem)
    return render(request, "guide/question.html", context, status=REFUSED if problem else 200)


def _show_plan(request: HttpRequest, journey: Journey) -> HttpResponse:
    if refused := journey.refused():
        return _ask(request, journey, *refused)
    made = plans.plan(journey.answers(), today=timezone.localdate())
    return render(request, "guide/plan.html", presenters.plan_page(journey, made))
