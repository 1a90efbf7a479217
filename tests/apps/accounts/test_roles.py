"""Roles: each may do what the register of routes says, and none can raise itself."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import (
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
)

from stepwell.apps.accounts import access, actions
from stepwell.apps.accounts.models import Clinician, Person
from stepwell.apps.accounts.roles import find_permissions, roles
from stepwell.apps.directory.models import Cause
from stepwell.apps.directory.stewards.cases import open_case
from stepwell.apps.magazine import newsroom, publishing, starter
from stepwell.domain.errors import FactError
from stepwell.web.routes import all_routes, register
from tests.apps.directory.build import make_credential, make_listing, make_provider
from tests.apps.magazine.build import make_article
from tests.apps.magazine.people import make_clinician, make_person

pytestmark = pytest.mark.django_db
GROUPS = {
    "editor": "Editors",
    "clinician": "Clinicians",
    "steward": "Stewards",
    "moderator": "Moderators",
}
STAFF = sorted(GROUPS)
OWN = ("magazine_", "directory_")
# Pages of libraries and lists that the register holds as a group: who gets an answer there.
MORE = {
    "/admin/": STAFF,
    "/admin/account/": STAFF,
    "/admin/images/": ["editor"],
    "/admin/images/add/": ["editor"],
    "/admin/documents/": ["editor"],
    "/admin/redirects/": ["editor"],
    "/admin/directory_listings/": ["steward"],
    "/admin/directory_credentials/": ["steward"],
    "/admin/directory_providers/": ["steward"],
    "/admin/directory_imports/": ["steward"],
    "/admin/directory_listings/new/": [],
    "/admin/users/": [],
    "/admin/users/new/": [],
    "/admin/groups/": [],
    "/admin/groups/new/": [],
    "/admin/clinicians/": [],
    "/admin/clinicians/new/": [],
    "/admin/workflows/list/": [],
    "/admin/workflows/add/": [],
    "/admin/workflows/tasks/index/": [],
    "/admin/collections/": [],
    "/admin/sites/": [],
    "/admin/locales/": [],
}


@pytest.fixture(autouse=True)
def _newsroom(db: None) -> None:
    starter.make_site()
    newsroom.settle_newsroom()


def make_staff(role: str) -> Person:
    if role == "clinician":
        return make_clinician("clinician")
    return make_person(role, GROUPS[role])


def status(client: Client, role: str, address: str) -> int:
    client.force_login(Person.objects.get(username=role))
    return client.get(address).status_code


def test_the_matrix_of_roles_and_routes_is_what_the_register_says(client: Client) -> None:
    page, listing = make_article(), make_listing()
    credential = make_credential(make_provider())
    case = open_case(cause=Cause.EXPIRY, provider=credential.provider, key="one", at=timezone.now())
    ids = {
        "magazine_reviews": [],
        "magazine_sign": [page.pk],
        "magazine_confirm_typing_error": [page.pk],
        "magazine_preview_links": [page.pk],
        "directory_settle_listing": [listing.pk],
        "directory_settle_credential": [credential.pk],
        "directory_cases": [],
        "directory_case": [case.pk],
        "directory_due": [],
        "directory_freshness": [],
        "directory_freshness_of": [listing.pk],
        "directory_reports": [listing.pk],
        "directory_provider": [listing.provider.pk],
    }
    declared = {
        one.name: one.roles
        for one in register().routes
        if one.name.startswith(OWN) and "GET" in one.methods
    }
    assert set(ids) == set(declared)
    table = {reverse(name, args=ids[name]): declared[name] for name in declared} | MORE
    for role in STAFF:
        make_staff(role)

    wrong = [
        (role, address, found)
        for address, allowed in table.items()
        for role in STAFF
        if ((found := status(client, role, address)) == 200) != (role in allowed)
    ]

    assert wrong == []
    assert all(Client().get(address).status_code == 302 for address in table)


def test_only_editors_reach_articles_and_only_in_sections() -> None:
    page = make_article()
    home = page.get_parent().get_parent()

    for role in STAFF:
        may = page.permissions_for_user(person := make_staff(role))
        found = (may.can_edit(), may.can_publish(), may.can_delete(), may.can_unlock())
        at_home = home.permissions_for_user(person)

        is_editor = role == "editor"
        assert found == (is_editor, is_editor, is_editor, False), role
        assert not at_home.can_edit()
        assert not at_home.can_add_subpage()
        assert not at_home.can_publish()


def test_only_editors_publish_in_spite_of_a_finding() -> None:
    may = [role for role in STAFF if make_staff(role).has_perm(publishing.OVERRIDE)]

    assert may == ["editor"]


def rights() -> object:
    """Return everything that says who may do what."""
    people = {
        one.pk: (
            one.is_superuser,
            one.is_active,
            sorted(one.groups.values_list("pk", flat=True)),
            sorted(one.user_permissions.values_list("pk", flat=True)),
        )
        for one in Person.objects.all()
    }
    groups = {
        one.pk: (one.name, sorted(one.permissions.values_list("pk", flat=True)))
        for one in Group.objects.all()
    }
    return (
        people,
        groups,
        sorted(GroupPagePermission.objects.values_list("group", "page", "permission")),
        sorted(GroupCollectionPermission.objects.values_list("group", "collection", "permission")),
        sorted(GroupApprovalTask.groups.through.objects.values_list("groupapprovaltask", "group")),
        sorted(Clinician.objects.values_list("pk", "registration_number")),
    )


def raising(person: Person) -> dict[str, object]:
    """Return what a form that could raise somebody would be sent."""
    everyone = [str(pk) for pk in Group.objects.values_list("pk", flat=True)]
    wanted = ("auth.change_group", "accounts.change_person", "magazine.sign_review")
    every = [str(one.pk) for one in find_permissions(wanted)]
    return {
        "username": person.username,
        "first_name": "A",
        "last_name": "B",
        "email": "a@example.org",
        "name": "Editors",
        "is_superuser": "on",
        "is_active": "on",
        "is_staff": "on",
        "groups": everyone,
        "permissions": every,
        "user_permissions": every,
        "password1": "a long enough password",
        "password2": "a long enough password",
        "person": str(person.pk),
        "shown_name": "Dr Nobody",
        "profession": "clinical_psychologist",
        "register": "gb_hcpc",
        "registration_number": "999",
        "title": "x",
        "active": "on",
        "page_permissions-TOTAL_FORMS": "0",
        "page_permissions-INITIAL_FORMS": "0",
    }


def admin_addresses(value: str) -> list[str]:
    """Return every address of the admin, its blanks filled with `value`; signing out left out."""
    patterns = {pattern for _, pattern in all_routes() if pattern.startswith("admin/")}
    filled = [re.sub(r"<[^>]*>", value, one) for one in patterns if "logout" not in one]
    return sorted(f"/{one}" for one in filled if not re.search(r"[\\^$(]", one))


@pytest.mark.parametrize("role", STAFF)
def test_A7_no_role_raises_itself_by_any_form_of_the_admin(client: Client, role: str) -> None:
    person = make_staff(role)
    client.force_login(person)
    client.raise_request_exception = False  # a form may stumble over such a post
    group = Group.objects.get(name=GROUPS[role])
    before, sent = rights(), raising(person)
    addresses = {*admin_addresses(str(person.pk)), *admin_addresses(str(group.pk))}

    for address in sorted(addresses):
        client.post(address, sent)

    assert len(addresses) > 150
    assert rights() == before


def test_the_sweep_would_find_a_form_that_raises(client: Client) -> None:
    """A superuser's same posts do change rights: the sweep can fail."""
    boss = Person.objects.create_superuser("boss", password="x" * 20)
    person = make_staff("moderator")
    client.force_login(boss)
    before = rights()

    client.post(f"/admin/users/edit/{person.pk}/", raising(person))

    assert rights() != before


def test_settling_roles_is_exact_and_leaves_a_hosts_own_groups_alone() -> None:
    own = Group.objects.create(name="Our own")
    own.permissions.set(find_permissions(("accounts.change_person",)))
    editors = Group.objects.get(name="Editors")
    editors.permissions.add(*find_permissions(("accounts.change_person",)))

    actions.settle_roles()

    assert not editors.permissions.filter(codename="change_person").exists()
    assert own.permissions.filter(codename="change_person").exists()


def test_no_role_holds_a_right_over_people_groups_or_profiles() -> None:
    for role in roles():
        for name in (*role.permissions, *role.in_collections):
            app, _, codename = name.partition(".")
            assert app not in {"auth", "accounts", "audit"}, name
            assert not codename.endswith(("_person", "_group", "_clinician", "_permission"))


def test_an_unknown_permission_is_named() -> None:
    with pytest.raises(FactError, match=r"roles\.toml.*magazine\.fly"):
        find_permissions(("magazine.fly",))


def test_a_clinician_is_in_the_group_and_has_a_profile() -> None:
    cleo = make_clinician()
    without = make_person("ben", "Clinicians")
    outside = make_clinician("dora", "2")
    outside.groups.clear()

    assert [access.is_clinician(one) for one in (cleo, without, outside)] == [True, False, False]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"profession": "wizard"}, "professions"),
        ({"register": "nowhere"}, "does not list"),
        ({"register": "gb_swe"}, "does not list"),
        ({"register": "us_nppes"}, "licence|does not list"),
    ],
)
def test_a_profile_names_a_register_that_lists_the_profession(
    told: dict[str, str], words: str
) -> None:
    profile = make_clinician().clinician
    for name, value in told.items():
        setattr(profile, name, value)

    with pytest.raises(ValidationError, match=words):
        profile.full_clean()


def test_a_superuser_makes_a_clinicians_profile_in_the_admin(client: Client) -> None:
    person = make_person("ben", "Clinicians")
    client.force_login(Person.objects.create_superuser("boss", password="x" * 20))
    said = {
        "person": person.pk,
        "shown_name": "Dr Ben",
        "profession": "clinical_psychologist",
        "register": "gb_hcpc",
        "registration_number": "7",
        "interests": "",
    }

    answer = client.post("/admin/clinicians/new/", said)

    assert answer.status_code == 302, answer.context["form"].errors
    assert access.is_clinician(person)
