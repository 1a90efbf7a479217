"""Who may sign a review, confirm a typing error, see what is due, share a draft, and import."""

from typing import Any

from django.core.exceptions import PermissionDenied

from stepwell.apps.accounts.access import is_clinician


def can_sign(actor: Any) -> bool:
    """Say whether somebody may sign reviews: a clinician with a profile, nobody else.

    Not even somebody who may do everything else on the site: a signature is a person's.
    """
    return bool(actor.is_active and is_clinician(actor) and actor.has_perm("magazine.sign_review"))


def check_can_sign(actor: Any) -> None:
    """Raise PermissionDenied where somebody may not sign reviews."""
    if not can_sign(actor):
        raise PermissionDenied("Only a clinician with a profile may sign a review.")


def can_confirm_typing_error(actor: Any) -> bool:
    """Say whether somebody may confirm that only typing errors were changed.

    That it was another person who changed them depends on the text: see the action.
    """
    return bool(actor.is_active and actor.has_perm("magazine.confirm_typing_error"))


def check_can_confirm_typing_error(actor: Any) -> None:
    """Raise PermissionDenied where somebody may not confirm typing errors."""
    if not can_confirm_typing_error(actor):
        raise PermissionDenied("Only editors and clinicians may confirm typing errors.")


def can_see_reviews(actor: Any) -> bool:
    """Say whether somebody may look at what is reviewed and what is due."""
    return bool(actor.is_active and actor.has_perm("magazine.view_reviewevent"))


def check_can_see_reviews(actor: Any) -> None:
    """Raise PermissionDenied where somebody may not look at the reviews."""
    if not can_see_reviews(actor):
        raise PermissionDenied("Only editors and clinicians see the reviews.")


def can_import(actor: Any) -> bool:
    """Say whether somebody may bring articles in from another system, and take them back."""
    return bool(actor.is_active and actor.has_perm("magazine.import_articles"))


def check_can_import(actor: Any) -> None:
    """Raise PermissionDenied where somebody may not import articles."""
    if not can_import(actor):
        raise PermissionDenied("You may not import articles.")


def can_share_draft(actor: Any, page: Any) -> bool:
    """Say whether somebody may show a draft to people outside: whoever may edit it."""
    return bool(actor.is_active and page.permissions_for_user(actor).can_edit())


def check_can_share_draft(actor: Any, page: Any) -> None:
    """Raise PermissionDenied where somebody may not show a draft to people outside."""
    if not can_share_draft(actor, page):
        raise PermissionDenied("Only those who may edit this article may share its draft.")
