"""Who may read what was reported."""

from django.core.exceptions import PermissionDenied

from stepwell.apps.directory.access import Actor


def can_read_reports(actor: Actor) -> bool:
    """Say whether somebody may read the words of reports."""
    return actor.is_active and actor.has_perm("directory.read_report")


def check_can_read_reports(actor: Actor) -> None:
    """Raise PermissionDenied when somebody may not read reports."""
    if not can_read_reports(actor):
        raise PermissionDenied("You may not read reports.")
