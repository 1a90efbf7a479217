"""Writes: publish and take down what editors dated, when its time comes."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.log_actions import log as log_for_editors
from wagtail.models import Page, Revision

from stepwell.apps.audit.actions import record
from stepwell.apps.magazine.checking import PublishRefused

REFUSED = "magazine.schedule_refused"
log = logging.getLogger("stepwell.magazine")


class SomeFailed(Exception):
    """Some pages could not be published or taken down; the others were."""


def do_what_is_due(now: datetime) -> None:
    """Take down what has expired, then publish what is due; one page's failure stops no other."""
    expired = Page.objects.filter(live=True, expire_at__lte=now).order_by("expire_at")
    due = Revision.page_revisions.filter(approved_go_live_at__lte=now)
    failed = _each(expired, _take_down) + _each(due.order_by("approved_go_live_at"), _publish)
    if failed:
        raise SomeFailed(str(failed))


def _each(things: Iterable[Any], do: Callable[[Any], None]) -> int:
    failed = 0
    for one in list(things):
        try:
            with transaction.atomic():
                do(one)
        except Exception:
            failed += 1
            fields = {"thing": f"{one._meta.model_name}:{one.pk}"}
            event = {"event": "schedule failed", "fields": fields}
            log.warning("schedule", exc_info=True, extra=event)
    return failed


def _take_down(page: Page) -> None:
    page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    _clear(page.pk, "expire_at")


def _publish(revision: Revision) -> None:
    page_id = int(revision.object_id)
    try:
        with transaction.atomic():
            revision.publish(log_action="wagtail.publish.scheduled")
    except PublishRefused as refused:
        _stays_a_draft(revision, refused)
    _clear(page_id, "go_live_at")


def _stays_a_draft(revision: Revision, refused: PublishRefused) -> None:
    """Take the date off a text that the checks refuse, and tell the editors which they are."""
    checks = sorted({one.check for one in refused.findings})
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    page = Page.objects.get(pk=refused.page_id).specific
    log_for_editors(instance=page, action=REFUSED, data={"checks": checks})
    thing, reason = f"article:{page.pk}", ", ".join(checks)[:400]
    record(by=None, verb="kept scheduled draft", thing=thing, reason=reason)


def _clear(page_id: int, name: str) -> None:
    """Take a date that has passed off the page and its newest revision.

    Wagtail leaves it, and the editor's form then refuses the next change for a date in the past.
    """
    Page.objects.filter(pk=page_id).update(**{name: None})
    newest = Revision.page_revisions.filter(object_id=str(page_id)).order_by("-created_at").first()
    if newest and newest.content.get(name):
        newest.content[name] = None
        newest.save(update_fields=["content"])
