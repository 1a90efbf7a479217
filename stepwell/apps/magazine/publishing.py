"""Writes: publishing in spite of a finding."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from stepwell.apps.audit.actions import record
from stepwell.apps.magazine import rendering
from stepwell.apps.magazine.models.overrides import PublishOverride
from stepwell.domain.publish_checks import Finding

OVERRIDE = "magazine.override_publish_checks"
LOGGED_AS = "magazine.publish_override"


@transaction.atomic
def override(*, by: Any, page: Any, findings: Sequence[Finding], reason: str) -> PublishOverride:
    """Write down why this very text is published in spite of what was found."""
    if not by.has_perm(OVERRIDE):
        raise PermissionDenied("You may not override the checks.")
    checks = sorted({one.check for one in findings})
    given = PublishOverride.objects.create(
        page=page, by=by, text_hash=rendering.hash_of(page), checks=checks, reason=reason
    )
    record(by=by, verb="overrode checks", thing=f"article:{page.pk}", reason=_told(checks, reason))
    log(instance=page, action=LOGGED_AS, user=by, data={"checks": checks, "reason": reason})
    return given


def _told(checks: Sequence[str], reason: str) -> str:
    return f"{', '.join(checks)}: {reason}"[:400]
