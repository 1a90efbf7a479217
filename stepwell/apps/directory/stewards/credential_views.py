"""The page of one credential: what is known of it, and what a steward may record."""

from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from stepwell.apps.accounts.models import Person
from stepwell.apps.directory import access
from stepwell.apps.directory.models import Credential, Evidence
from stepwell.apps.directory.presenters.listing_page import credential as words_of
from stepwell.apps.directory.stewards import checks, evidence, queries
from stepwell.apps.directory.stewards.doing import Deed, is_done, sent, steward_of
from stepwell.apps.directory.stewards.forms import (
    ApartForm,
    CredentialForm,
    EvidenceForm,
    ReasonForm,
)


def settle_credential(request: HttpRequest, credential_id: int) -> HttpResponse:
    """Show one credential; by POST do one thing about it."""
    steward = steward_of(request)
    access.check_can_settle_credential(steward)
    credential = queries.find_credential(credential_id)
    if credential is None:
        raise Http404
    deeds = deeds_of(request, credential)
    if is_done(request, deeds, credential=credential):
        return redirect("directory_settle_credential", credential_id)
    forms = {name: form for name, (form, _, _) in deeds.items()}
    return render(
        request, "directory/admin/credential.html", {**known(credential, steward), "forms": forms}
    )


def deeds_of(request: HttpRequest, credential: Credential) -> dict[str, Deed]:
    """Return what can be done from the page, by name."""
    at = timezone.now()
    files = request.FILES if request.POST.get("do") == "add" else None
    return {
        "check": (
            CredentialForm(sent(request, "check"), credential=credential),
            partial(checks.settle_credential, at=at),
            "The check is written down.",
        ),
        "match": (
            ApartForm(sent(request, "match"), auto_id="match_%s"),
            partial(checks.record_match, at=at),
            "The match is written down.",
        ),
        "add": (
            EvidenceForm(sent(request, "add"), files, auto_id="add_%s"),
            add,
            "The document is stored, sealed.",
        ),
        "link": (
            ReasonForm(sent(request, "link"), auto_id="link_%s"),
            declare,
            "It is written down that you work with them.",
        ),
    }


def add(
    *, document: "UploadedFile[bytes]", credential: Credential, by: Person, **said: Any
) -> Evidence:
    """Store an uploaded document, not more of it than is allowed."""
    content = document.read(evidence.MOST_BYTES + 1)
    return evidence.add_evidence(
        credential=credential, content=content, by=by, at=timezone.now(), **said
    )


def declare(*, credential: Credential, by: Person, reason: str) -> None:
    """Write down that a steward works with the provider."""
    checks.declare_link(provider=credential.provider, by=by, reason=reason)


def known(credential: Credential, steward: Person) -> dict[str, Any]:
    """Return what is known of a credential."""
    return {
        "credential": credential,
        "words": words_of(credential, timezone.localdate()),
        "checks": queries.checks_of(credential),
        "evidence": queries.evidence_of(credential),
        "proposal": checks.proposal_for(credential),
        "works_with": checks.works_with(steward, credential.provider),
        "events": queries.history([f"credential:{credential.pk}"]),
    }


@require_POST
def document(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """Send one document to one steward, as a file to save; that it was read is written down."""
    steward = steward_of(request)
    access.check_can_settle_credential(steward)
    found = queries.find_evidence(evidence_id)
    if found is None or found.deleted_at is not None:
        raise Http404
    file = evidence.open_evidence(evidence=found, by=steward)
    answer = HttpResponse(file.content, content_type=file.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
