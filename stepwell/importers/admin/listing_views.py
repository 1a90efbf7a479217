"""The wizard's pages: read the request, call the work, answer. Works without JavaScript."""

import csv
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stepwell.apps.directory import access
from stepwell.apps.directory.models import ListingUpload, UploadState
from stepwell.importers.admin import listing_work as work
from stepwell.importers.admin import uploads
from stepwell.importers.admin.listing_forms import CsvForm
from stepwell.importers.records import ImportRefused

MOST_SHOWN = 50
OPEN = {UploadState.UPLOADED, UploadState.CHECKED}


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the uploads, with a form for another."""
    access.check_can_settle_listing(request.user)
    return listed(request, CsvForm())


def listed(request: HttpRequest, form: CsvForm) -> HttpResponse:
    """Return the list with a form."""
    shown = {
        "uploads": work.all_uploads()[:MOST_SHOWN],
        "form": form,
        "most": uploads.LARGEST_BYTES // 2**20,
    }
    return render(request, "importers/listings.html", shown)


@csrf_exempt  # the token is checked below, once the size of what arrives is bounded
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take an upload; its size is bounded before anything of it is read."""
    request.upload_handlers = [uploads.BoundedUpload(request)]
    answer: HttpResponse = _upload(request)
    return answer


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    access.check_can_settle_listing(request.user)
    form = CsvForm(request.POST, request.FILES)
    if not form.is_valid():
        return listed(request, form)
    return redirect(
        "listing_upload", upload_id=work.begin(form.cleaned_data["file"], request.user).pk
    )


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Show the mapping to edit, or take it and show what would become of each row."""
    found = get(request, upload_id)
    shown: dict[str, Any] = {"upload": found, "is_open": found.state in OPEN}
    if found.state in OPEN:
        try:
            seen = work.look(found)
        except ImportRefused as error:
            work.refuse(found, str(error))
            return redirect("listing_upload", upload_id=upload_id)
        form = work.form_for(found, seen, request.POST if request.method == "POST" else None)
        if request.method == "POST" and work.check(found, seen, form):
            return redirect("listing_upload", upload_id=upload_id)
        shown |= {"form": form, "notes": [*seen.shape.notes, *seen.proposal.notes]}
    return render(request, "importers/listings_one.html", shown)


@require_POST
def confirm(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Let the background import what was looked at."""
    found = get(request, upload_id)
    if found.state == UploadState.CHECKED:
        work.confirm(found, request.user)
        messages.success(request, "It will be imported within a minute or two.")
    return redirect("listing_upload", upload_id=upload_id)


@require_POST
def drop(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Delete an upload that was not imported."""
    found = get(request, upload_id)
    if found.state != UploadState.CONFIRMED:
        work.drop(found, request.user)
        messages.success(request, "The upload is gone.")
    return redirect("listing_uploads")


@require_GET
def mapping(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Give the mapping as the file that the command line reads."""
    return attached(get(request, upload_id).mapping, "text/plain; charset=utf-8", "mapping.toml")


@require_GET
def rejects(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Give the rows that cannot be used, with the repair of each."""
    response = attached("\ufeff", "text/csv; charset=utf-8", "rejects.csv")
    writer = csv.writer(response)
    writer.writerow(work.REJECTS)
    writer.writerows(work.rejects(get(request, upload_id)))
    return response


def attached(text: str, kind: str, name: str) -> HttpResponse:
    """Return a file to keep."""
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def get(request: HttpRequest, upload_id: int) -> ListingUpload:
    """Return an upload for a steward, or answer 404."""
    access.check_can_settle_listing(request.user)
    found = work.find(upload_id)
    if found is None:
        raise Http404
    return found
