"""Sets up the newsroom: who may do what in the sections, and the way to a signed review."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from stepwell.apps.accounts.actions import settle_roles
from stepwell.apps.accounts.roles import Role, roles
from stepwell.apps.magazine.models import ClinicalReviewTask, SectionPage

WORKFLOW = "Editor, then clinician"
EDITORS = "Editors"
WAGTAILS_OWN = "Moderators approval"  # comes with Wagtail; its moderators approve texts


@transaction.atomic
def settle_newsroom() -> None:
    """Settle roles, rights in the sections, and the workflow; doing it again changes nothing."""
    settle_roles()
    for role in roles():
        _settle_pages(role)
    _settle_workflow()


def _settle_pages(role: Role) -> None:
    """Give a role its rights on the pages of the sections, and on no other page."""
    group = Group.objects.get(name=role.name)
    of_pages = Permission.objects.filter(content_type__app_label="wagtailcore")
    wanted = list(of_pages.filter(codename__in=role.in_sections, content_type__model="page"))
    sections = list(SectionPage.objects.values_list("pk", flat=True)) if wanted else []
    held = GroupPagePermission.objects.filter(group=group)
    held.exclude(page__in=sections, permission__in=wanted).delete()
    for page_id in sections:
        for permission in wanted:
            GroupPagePermission.objects.get_or_create(
                group=group, page_id=page_id, permission=permission
            )


def _settle_workflow() -> None:
    """Make the workflow once; what a host makes of it later stays as the host left it."""
    if ClinicalReviewTask.objects.exists():
        return
    _retire_wagtails_own()
    editor = GroupApprovalTask.objects.create(name="Editor")
    editor.groups.add(Group.objects.get(name=EDITORS))
    clinician = ClinicalReviewTask.objects.create(name="Clinician's review")
    workflow = Workflow.objects.create(name=WORKFLOW)
    for at, task in enumerate((editor, clinician)):
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=at)
    for section in SectionPage.objects.filter(workflowpage__isnull=True):
        WorkflowPage.objects.create(workflow=workflow, page=section)


def _retire_wagtails_own() -> None:
    """Take the workflow that came with Wagtail off the whole site, unless it was ever used."""
    found = Workflow.objects.filter(name=WAGTAILS_OWN, active=True).first()
    used = WorkflowState.objects.filter(workflow=found).exists()
    if found is None or used:
        return
    pages = Page.objects.filter(workflowpage__workflow=found)
    if all(page.is_root() for page in pages):
        found.deactivate()
