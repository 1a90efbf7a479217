"""The way of a text: an editor hands it in, an editor passes it on, a clinician signs it."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from stepwell.apps.accounts.models import Person
from stepwell.apps.magazine import newsroom, review_actions, starter
from stepwell.apps.magazine.models import (
    ArticlePage,
    ArticleRow,
    ClinicalReviewTask,
    ReviewEvent,
    SectionPage,
)
from stepwell.domain.reviews import NoSignature, Outcome, Scope, months_later
from tests.apps.magazine.build import make_article
from tests.apps.magazine.people import make_clinician, make_person
from tests.apps.magazine.test_editing import written
from tests.apps.magazine.test_reviews import TEXT, fresh, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people(db: None) -> dict[str, Person]:
    """Ada and Ben are editors, Cleo is a clinician."""
    starter.make_site()
    newsroom.settle_newsroom()
    return {
        "ada": make_person("ada", "Editors"),
        "ben": make_person("ben", "Editors"),
        "cleo": make_clinician(),
    }


def person(name: str) -> Person:
    return Person.objects.get(username=name)


def handed_in() -> ArticlePage:
    """Return a draft that Ada handed in and Ben passed on to the clinicians."""
    page = make_article(text=TEXT, publish=False)
    page.save_revision(user=person("ada"))
    page = fresh(page)
    page.get_workflow().start(page, person("ada"))
    state = fresh(page).current_workflow_task_state
    state.task.specific.on_action(state, person("ben"), "approve")
    return fresh(page)


def post(client: Client, page: ArticlePage, **told: object) -> object:
    said = {
        "seen_hash": review_actions.newest_draft(fresh(page)).hash,
        "outcome": "approved",
        "scope": "whole",
        "read_whole": "on",
        "review_due": months_later(timezone.localdate(), 12).isoformat(),
        **told,
    }
    return client.post(reverse("magazine_sign", args=[page.pk]), said)


def test_every_section_has_the_workflow() -> None:
    steps = list(
        WorkflowTask.objects.filter(workflow__name=newsroom.WORKFLOW).order_by("sort_order")
    )

    assert [type(one.task.specific) for one in steps] == [GroupApprovalTask, ClinicalReviewTask]
    assert WorkflowPage.objects.count() == SectionPage.objects.count() == 7
    assert not Workflow.objects.filter(name=newsroom.WAGTAILS_OWN, active=True).exists()


def test_settling_again_changes_nothing_and_keeps_what_a_host_made() -> None:
    own = Workflow.objects.create(name="Our own way")
    WorkflowPage.objects.filter(page__slug="news").update(workflow=own)
    WorkflowPage.objects.filter(page__slug="workplace-psychology").delete()
    before = list(WorkflowPage.objects.order_by("pk").values())
    rights = list(GroupPagePermission.objects.order_by("pk").values())

    newsroom.settle_newsroom()

    assert list(WorkflowPage.objects.order_by("pk").values()) == before
    assert list(GroupPagePermission.objects.order_by("pk").values()) == rights
    assert Workflow.objects.filter(name=newsroom.WORKFLOW).count() == 1


def test_a_role_that_was_given_more_is_made_right_again() -> None:
    moderators = Group.objects.get(name="Moderators")
    root = Page.get_first_root_node()
    wanted = newsroom.Permission.objects.get(codename="publish_page")
    GroupPagePermission.objects.create(group=moderators, page=root, permission=wanted)

    newsroom.settle_newsroom()

    assert not GroupPagePermission.objects.filter(group=moderators).exists()


def test_a_signature_ends_the_step_and_publishes_in_the_editors_name(client: Client) -> None:
    page = handed_in()
    assert isinstance(page.current_workflow_task, ClinicalReviewTask)
    client.force_login(person("cleo"))

    answer = post(client, page)

    assert answer.status_code == 302
    assert ArticleRow.objects.get(page=page).review_state == "current"
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_APPROVED
    assert fresh(page).live_revision.user == person("ada")
    assert not fresh(page).permissions_for_user(person("cleo")).can_publish()


def test_asking_for_changes_sends_the_text_back(client: Client) -> None:
    page = handed_in()
    client.force_login(person("cleo"))

    post(client, page, outcome="changes_asked", note="Two days are too few.", review_due="")

    event = ReviewEvent.objects.get()
    assert (event.outcome, event.review_due) == ("changes_asked", None)
    state = WorkflowState.objects.get()
    assert state.status == WorkflowState.STATUS_NEEDS_CHANGES
    assert state.current_task_state.comment == "Two days are too few."
    assert not ArticleRow.objects.exists()


def test_a_review_of_parts_leaves_the_step_open() -> None:
    page = handed_in()

    sign(page, person("cleo"), scope=Scope.PARTS, parts="The first part")

    assert fresh(page).workflow_in_progress
    assert not ArticleRow.objects.exists()


def test_nobody_signs_before_the_editor_passed_it_on() -> None:
    page = make_article(text=TEXT, publish=False)
    page.save_revision(user=person("ada"))
    page.get_workflow().start(fresh(page), person("ada"))

    with pytest.raises(NoSignature, match="editor first"):
        sign(fresh(page), person("cleo"))


def test_where_no_editor_may_publish_the_signed_text_waits_as_a_draft() -> None:
    page = handed_in()
    for name in ("ada", "ben"):
        person(name).groups.clear()

    sign(page, person("cleo"))

    assert not fresh(page).live
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_APPROVED
    assert ReviewEvent.objects.get().outcome == Outcome.APPROVED


@pytest.mark.parametrize("name", ["ada", "cleo"])
def test_wagtails_own_requests_approve_nothing(client: Client, name: str) -> None:
    page = handed_in()
    state = page.current_workflow_task_state
    client.force_login(person(name))

    for route in ("workflow_action", "collect_workflow_action_data"):
        url = reverse(f"wagtailadmin_pages:{route}", args=[page.pk, "approve", state.pk])
        client.post(url, {"comment": ""})
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    told = {**written(), "action-workflow-action": "1", "workflow-action-name": "approve"}
    del told["action-publish"]
    client.post(edit, told)
    with pytest.raises(PermissionDenied):
        state.task.specific.on_action(state, person(name), "approve")

    state.refresh_from_db()
    assert state.status == "in_progress"
    assert not ReviewEvent.objects.exists()


def test_the_text_is_locked_for_editors_while_a_clinician_reads_it() -> None:
    page = handed_in()

    assert page.get_lock().for_user(person("ada"))
    assert not page.get_lock().for_user(person("cleo"))


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"read_whole": ""}, "read_whole"),
        ({"review_due": ""}, "review_due"),
        ({"review_due": "tomorrow"}, "review_due"),
        ({"scope": "parts"}, "parts"),
        ({"outcome": "changes_asked"}, "note"),
        ({"outcome": "liked"}, "outcome"),
        ({"seen_hash": "x"}, "seen_hash"),
        ({"seen_hash": "0" * 64}, "__all__"),
        ({"review_due": "2999-01-01"}, "__all__"),
    ],
)
def test_F3_a_signature_is_refused_with_a_reason(
    client: Client, told: dict[str, object], field: str
) -> None:
    page = handed_in()
    client.force_login(person("cleo"))

    answer = post(client, page, **told)

    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not ReviewEvent.objects.exists()


def test_the_page_to_sign_shows_the_draft_and_the_clinicians_registration(client: Client) -> None:
    page = make_article(text=TEXT)
    draft = fresh(page)
    draft.title = "A title nobody has published"
    draft.save_revision(user=person("ada"))
    client.force_login(person("cleo"))

    html = client.get(reverse("magazine_sign", args=[page.pk])).content.decode()

    assert "A title nobody has published" in html
    assert "PYL00001" in html
    assert f'value="{months_later(timezone.localdate(), 36).isoformat()}"' in html
    assert 'autocomplete="off"' in html


def test_a_second_person_confirms_on_the_page(client: Client) -> None:
    page = make_article(text=TEXT)
    sign(page, person("cleo"))
    draft = fresh(page)
    draft.title = draft.title.replace("Article", "Artcle")
    draft.save_revision(user=person("ada")).publish(user=person("ada"))
    url = reverse("magazine_confirm_typing_error", args=[page.pk])
    said = {"seen_hash": review_actions.newest_draft(fresh(page)).hash}

    client.force_login(person("ada"))
    refused = client.post(url, said)
    client.force_login(person("ben"))
    taken = client.post(url, said)

    assert "yourself" in refused.content.decode()
    assert taken.status_code == 302
    assert ArticleRow.objects.get(page=page).review_state == "current"


def test_editors_cannot_take_a_section_away(client: Client) -> None:
    section = SectionPage.objects.get(section="news")
    client.force_login(person("ada"))

    for route in ("delete", "unpublish"):
        client.post(reverse(f"wagtailadmin_pages:{route}", args=[section.pk]))

    section.refresh_from_db()
    assert section.live
