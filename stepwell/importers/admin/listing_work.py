"""What the pages of the wizard do: keep a file, look at it, let the background import it."""

import re
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from stepwell.apps.audit import actions as audit
from stepwell.apps.directory.models import Fate, ListingUpload, UploadState
from stepwell.apps.directory.spreadsheets import protected
from stepwell.importers.admin import uploads
from stepwell.importers.admin.listing_forms import MappingForm, first_answers
from stepwell.importers.fetch import fetch
from stepwell.importers.listings.detect import Shape, detect
from stepwell.importers.listings.mapping import Mapped, read_mapping
from stepwell.importers.listings.propose import SAMPLES, Proposal, propose
from stepwell.importers.listings.read import header_of, lines_of
from stepwell.importers.listings.written import as_toml
from stepwell.importers.pipeline import Report
from stepwell.importers.records import ImportRefused
from stepwell.importers.runs import import_mapped

MOST_ROWS, MOST_COLUMNS = 2_000, 400  # that a report keeps; that a form can show
REJECTS = ("row", "id", "column", "reason", "repair")


class Look(NamedTuple):
    """A file, looked at."""

    shape: Shape
    proposal: Proposal


def all_uploads() -> QuerySet[ListingUpload]:
    """Return every upload, the newest first."""
    return ListingUpload.objects.order_by("-pk").select_related("by")


def find(upload_id: int) -> ListingUpload | None:
    """Return one upload."""
    return all_uploads().filter(pk=upload_id).first()


def begin(file: Any, by: Any) -> ListingUpload:
    """Keep a file; one that cannot be read is refused and deleted at once."""
    uploads.forget_old()
    upload = ListingUpload.objects.create(
        file=Path(file.name or "file.csv").name[-200:],
        folder=uploads.keep([("export", file)]),
        started_at=timezone.now(),
        by=by,
    )
    audit.record(by=by, verb="upload_listings", thing=f"listing_upload:{upload.pk}")
    try:
        look(upload)
    except ImportRefused as error:
        refuse(upload, str(error))
    return upload


def refuse(upload: ListingUpload, why: str) -> None:
    """Say why a file cannot be used, and delete it."""
    uploads.forget(upload.folder)
    upload.state, upload.report, upload.folder = UploadState.REFUSED, {"refused": why}, ""
    upload.save()


def path_of(upload: ListingUpload) -> Path:
    """Return where the file lies; raise ImportRefused when it is gone."""
    for path in uploads.files_of(upload.folder, "export"):
        return path
    raise ImportRefused("The uploaded file is gone. Upload it again.")


def look(upload: ListingUpload) -> Look:
    """Return how a file is written and what is proposed for it; raise ImportRefused."""
    path = path_of(upload)
    shape = detect(path.read_bytes(), upload.file)
    lines = lines_of(fetch(path, shape.encoding), upload.file, shape.delimiter)
    header = header_of(lines)
    if not any(header) or len(header) > MOST_COLUMNS:
        raise ImportRefused(f"{upload.file}: the first line is no header of 1 to {MOST_COLUMNS}.")
    return Look(shape, propose(header, [cells for _, cells in islice(lines, SAMPLES)]))


def form_for(upload: ListingUpload, seen: Look, typed: Any = None) -> MappingForm:
    """Return the mapping form: as it was sent now or last, else as proposed."""
    columns = seen.proposal.columns
    if typed is not None:
        return MappingForm(columns, typed)
    source = re.sub(r"[^a-z0-9]+", "-", Path(upload.file).stem.casefold()).strip("-")[:40]
    proposed = first_answers(seen.proposal, seen.shape, source or "listings")
    return MappingForm(columns, initial=upload.typed or proposed)


def check(upload: ListingUpload, seen: Look, form: MappingForm) -> bool:
    """Do a dry run with what was typed; say whether it could be done."""
    # PostgreSQL keeps no zero character in JSON; the form has refused it where it matters
    upload.typed = {name: form.data.get(name, "").replace("\0", "") for name in form.fields}
    mapping = form.mapping(seen.shape) if form.is_valid() else None
    upload.state = UploadState.UPLOADED
    if mapping is not None:
        try:
            report = import_mapped(path_of(upload), mapping, clock=timezone.now, dry_run=True)
        except ImportRefused as error:
            form.add_error(None, str(error))
        else:
            upload.state, upload.report = UploadState.CHECKED, as_document(report)
            upload.mapping = as_toml(mapping)
    upload.save()
    return upload.state == UploadState.CHECKED


def as_document(report: Report) -> dict[str, Any]:
    """Return what became of each row, the rejected first; no contents of the rows."""
    by_need = sorted(report.outcomes, key=lambda one: one.fate is not Fate.REJECTED)
    rows = [
        [
            one.row,
            one.source_id,
            one.fate.label,
            one.column,
            one.reason,
            one.repair,
            one.notes,
        ]
        for one in by_need
    ]
    counts = {fate.label: count for fate, count in report.counts.items() if count}
    return {"counts": counts, "rows": rows[:MOST_ROWS], "more": max(0, len(rows) - MOST_ROWS)}


def confirm(upload: ListingUpload, by: Any) -> None:
    """Let the background import it."""
    ListingUpload.objects.filter(pk=upload.pk, state=UploadState.CHECKED).update(
        state=UploadState.CONFIRMED
    )
    audit.record(by=by, verb="import_listings", thing=f"listing_upload:{upload.pk}")


def import_confirmed() -> None:
    """Import what stewards said yes to. An import that was cut off starts again: it is one
    transaction, and what is stored already does not change."""
    for upload in ListingUpload.objects.filter(state=UploadState.CONFIRMED).order_by("pk"):
        try:
            report = import_mapped(path_of(upload), mapping_of(upload), clock=timezone.now)
        except ImportRefused as error:
            refuse(upload, str(error))
        else:
            uploads.forget(upload.folder)
            upload.state, upload.report, upload.folder = UploadState.DONE, as_document(report), ""
            upload.save()


def mapping_of(upload: ListingUpload) -> Mapped:
    """Return the mapping that was checked, read as the command line reads it."""
    path = uploads.root() / upload.folder / "mapping.toml"
    path.write_text(upload.mapping, encoding="utf-8")
    return read_mapping(path)


def drop(upload: ListingUpload, by: Any) -> None:
    """Delete an upload that nobody wants."""
    uploads.forget(upload.folder)
    audit.record(by=by, verb="drop_listings", thing=f"listing_upload:{upload.pk}")
    upload.delete()


def rejects(upload: ListingUpload) -> list[list[str]]:
    """Return the rows that cannot be used, safe for a spreadsheet."""
    found = [row for row in upload.report.get("rows", []) if row[2] == Fate.REJECTED.label]
    return [
        [protected(str(cell)) for cell in (row[0], row[1], row[3], row[4], row[5])] for row in found
    ]
