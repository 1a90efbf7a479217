"""The pages: read the request, call the work, answer."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from stepwell.apps.magazine import access
from stepwell.apps.magazine.models import ArticleImport, RunState
from stepwell.importers.admin import uploads, work
from stepwell.importers.admin.forms import UploadForm

OPEN = {RunState.CHECKED, RunState.RUNNING}
MOST_SHOWN = 50


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the imports, with a form for another."""
    access.check_can_import(request.user)
    shown = {"runs": work.all_runs()[:MOST_SHOWN], "form": UploadForm(), "most": megabytes()}
    return render(request, "importers/index.html", shown)


@csrf_exempt  # the token is checked below, once the size of what arrives is bounded
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take an upload; its size is bounded before anything of it is read."""
    request.upload_handlers = [uploads.BoundedUpload(request)]
    answer: HttpResponse = _upload(request)
    return answer


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    access.check_can_import(request.user)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        shown = {"runs": work.all_runs()[:MOST_SHOWN], "form": form, "most": megabytes()}
        return render(request, "importers/index.html", shown)
    run = work.begin(form.cleaned_data, request.user)
    return redirect("article_import", run_id=run.pk)


@require_GET
def one(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show what an import will do, does, or did. Loading it again shows how far it is."""
    run = get(request, run_id)
    shown = {
        "run": run,
        "lists": lists_of(run.report),
        "made": run.made.count(),
        "is_open": run.state in OPEN,
    }
    return render(request, "importers/one.html", shown)


@require_POST
def confirm(request: HttpRequest, run_id: int) -> HttpResponse:
    """Import what was looked at, or go on with what was stopped."""
    run = get(request, run_id)
    if run.state in OPEN:
        work.go_on(run)
        messages.success(request, "Imported. All of it are drafts.")
    return redirect("article_import", run_id=run_id)


@require_POST
def drop(request: HttpRequest, run_id: int) -> HttpResponse:
    """Delete an upload that was not imported."""
    run = get(request, run_id)
    if run.state in {RunState.CHECKED, RunState.UPLOADED, RunState.REFUSED}:
        work.drop(run, request.user)
        messages.success(request, "The upload is gone.")
    return redirect("article_imports")


@require_POST
def take_back(request: HttpRequest, run_id: int) -> HttpResponse:
    """Undo an import; say what was left."""
    run = get(request, run_id)
    if run.state in {RunState.DONE, RunState.RUNNING}:
        undone = work.take_back(run, request.user)
        messages.success(request, f"Taken back: {undone.articles} articles.")
        for left in undone.left[:MOST_SHOWN]:
            messages.warning(request, f"Left: {left}")
    return redirect("article_import", run_id=run_id)


def get(request: HttpRequest, run_id: int) -> ArticleImport:
    """Return an import for somebody who may import, or answer 404."""
    access.check_can_import(request.user)
    run = work.find(run_id)
    if run is None:
        raise Http404
    return run


def megabytes() -> int:
    """Return how much may be uploaded at once."""
    return uploads.LARGEST_BYTES // 2**20


def lists_of(report: dict[str, Any]) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Return the lists of a report with their titles; empty ones are left out."""
    titles = {
        "fates": "What becomes of the items",
        "reasons": "Why not, or not only",
        "repairs": "Mended in the file (how often, and where first)",
        "never_imported": "Never imported",
        "removed": "Removed from texts",
        "changed": "Changed to fit",
        "blocks": "Blocks we do not know: their text is kept",
        "shortcodes": "Shortcodes we do not know: their text is kept",
        "media": "Pictures that are missing",
    }
    found = [(title, list(report.get(name, {}).items())) for name, title in titles.items()]
    dropped = report.get("words", {}).get("dropped", {})
    found.append(("Words that became no tag", list(dropped.items())))
    return [(title, rows) for title, rows in found if rows]
