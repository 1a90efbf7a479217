"""What the page does: look at an upload, import it, take it back. In the request itself.

Uploads are small here (see `uploads.LARGEST_BYTES`). Whatever stops a request,
pressing the button again goes on where it was.
"""

from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from stepwell.apps.audit import actions as audit
from stepwell.apps.magazine.models import ArticleImport, RunState
from stepwell.importers.admin import uploads
from stepwell.importers.article_runs import ArticleReport, import_wxr
from stepwell.importers.article_undo import Undone, undo
from stepwell.importers.records import ImportRefused


def all_runs() -> QuerySet[ArticleImport]:
    """Return every import, the newest first."""
    return ArticleImport.objects.order_by("-pk").select_related("by")


def find(run_id: int) -> ArticleImport | None:
    """Return one import."""
    return all_runs().filter(pk=run_id).first()


def begin(files: dict[str, Any], by: Any) -> ArticleImport:
    """Keep what was uploaded, look at it, and return the import that waits for a yes."""
    uploads.forget_old()
    told = [("export", one) for one in files["export"]]
    for role, field in (("media", "pictures"), ("map", "map")):
        told += [(role, files[field])] if files.get(field) else []
    folder = uploads.keep(told)
    run = ArticleImport.objects.create(
        folder=folder,
        files=[path.name for path in uploads.files_of(folder, "export")],
        state=RunState.UPLOADED,
        started_at=timezone.now(),
        by=by,
    )
    audit.record(by=by, verb="upload_export", thing=f"article_import:{run.pk}")
    look(run)
    return run


def look(run: ArticleImport) -> None:
    """Do a dry run and keep its report; a file that cannot be used is deleted."""
    try:
        report = _import(run, dry_run=True)
    except ImportRefused as error:
        run.state, run.report = RunState.REFUSED, {"refused": str(error)}
        uploads.forget(run.folder)
    else:
        run.state, run.source = RunState.CHECKED, report.survey.source
        run.report = {**report.as_document(), "proposal": report.proposal}
    run.save()


def go_on(run: ArticleImport) -> None:
    """Import what was looked at; the files are deleted when it is done."""
    _import(run, dry_run=False, run=run)
    uploads.forget(run.folder)


def drop(run: ArticleImport, by: Any) -> None:
    """Delete an upload that nobody wants, and the note of it."""
    uploads.forget(run.folder)
    audit.record(by=by, verb="drop_export", thing=f"article_import:{run.pk}")
    run.delete()


def take_back(run: ArticleImport, by: Any) -> Undone:
    """Undo an import."""
    return undo(run.pk, by=by, clock=timezone.now)


def _import(upload: ArticleImport, *, dry_run: bool, **options: Any) -> ArticleReport:
    def only(role: str) -> Path | None:
        return next(iter(uploads.files_of(upload.folder, role)), None)

    paths = uploads.files_of(upload.folder, "export")
    if not paths:
        raise ImportRefused("The uploaded files are gone. Upload them again.")
    return import_wxr(
        paths,
        clock=timezone.now,
        map_path=only("map"),
        media_path=only("media"),
        by=upload.by,
        dry_run=dry_run,
        **options,
    )
