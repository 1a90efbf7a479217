"""Letters: kept once, taken back, read by few, settled with a reason, forgotten in time."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, models, transaction
from django.test import Client

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.models import Event
from stepwell.apps.contact import access, actions, codes
from stepwell.apps.contact.models import Letter, SentForm
from stepwell.apps.tasks.actions import run_due
from stepwell.domain.letters import LetterIsSettled, State
from tests.apps.contact.build import CANARY, NOW, TODAY, make_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Person:
    """An editor who may read letters."""
    ada = Person.objects.create(username="ada")
    rights = Permission.objects.filter(codename__in=["read_letter", "access_admin"])
    ada.user_permissions.set(rights)
    return ada


@pytest.fixture
def ben() -> Person:
    """Somebody on the staff who may not."""
    ben = Person.objects.create(username="ben")
    ben.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    return ben


@pytest.fixture
def cleo() -> Person:
    """Somebody who could, and has left."""
    return Person.objects.create(username="cleo", is_active=False, is_superuser=True)


def test_only_an_active_reader_of_letters_may(ada: Person, ben: Person, cleo: Person) -> None:
    assert [access.can_read_letters(one) for one in (ada, ben, cleo)] == [True, False, False]
    for outsider in (ben, cleo):
        with pytest.raises(PermissionDenied):
            access.check_can_read_letters(outsider)


def test_D2_the_database_holds_no_word_of_a_letter() -> None:
    make_letter(message=CANARY, reply_to=f"{CANARY}@example.org", page=f"/news/{CANARY}/")

    with connection.cursor() as cursor:
        for table in ("contact_letter", "contact_sentform", "audit_event"):
            cursor.execute(f"SELECT * FROM {table}")
            assert CANARY not in repr(cursor.fetchall())


def test_D1_a_letter_holds_nothing_else() -> None:
    stored = {field.name for field in Letter._meta.concrete_fields}

    assert stored == {
        "id", "kind", "state", "written_on", "message", "reply_to", "page", "code_hash",
        "settled_on", "settled_by",
    }  # fmt: skip
    assert {field.name for field in SentForm._meta.concrete_fields} == {"key", "sent_on"}
    assert type(Letter._meta.get_field("written_on")) is models.DateField


def test_the_same_code_is_kept_once_and_does_not_come_back() -> None:
    make_letter("aaaa")
    make_letter("aaaa")
    make_letter("bbbb")
    assert Letter.objects.count() == 2

    actions.withdraw_letter(code="AAAA ")
    assert Letter.objects.count() == 1
    actions.keep_letter(
        kind=actions.Kind.QUESTION, message="x", reply_to="", page="", code="aaaa", today=TODAY
    )

    assert Letter.objects.count() == 1


def test_a_code_follows_from_form_and_words() -> None:
    code = codes.code_for("form", ["a", "b"])

    assert code == codes.code_for("form", ["a", "b"])
    assert code not in {codes.code_for("form", ["ab", ""]), codes.code_for("other", ["a", "b"])}
    assert len(code.replace("-", "")) * 5 >= 128
    assert codes.hash_of(code) == codes.hash_of(f" {code.upper().replace('-', ' ')} ")
    assert codes.hash_of("olb") == codes.hash_of("018")


def test_L3_opening_a_letter_is_written_down_each_time(ada: Person, ben: Person) -> None:
    letter = make_letter()

    opened = actions.open_letter(letter_id=letter.pk, by=ada)
    actions.open_letter(letter_id=letter.pk, by=ada)
    with pytest.raises(PermissionDenied):
        actions.open_letter(letter_id=letter.pk, by=ben)

    assert opened == (CANARY, "", "")
    written = Event.objects.values_list("by", "verb", "thing")
    assert list(written) == [(ada.pk, "read", f"letter:{letter.pk}")] * 2


def test_visitors_leave_no_moment_in_the_audit() -> None:
    make_letter("aaaa")
    actions.withdraw_letter(code="aaaa")

    assert not Event.objects.exists()


def test_a_letter_is_settled_with_a_reason(ada: Person, ben: Person) -> None:
    letter = make_letter()
    with pytest.raises(actions.NoReason):
        actions.settle_letter(
            letter_id=letter.pk, state=State.ANSWERED, reason=" ", by=ada, today=TODAY
        )
    with pytest.raises(PermissionDenied):
        actions.settle_letter(
            letter_id=letter.pk, state=State.CLOSED, reason="x", by=ben, today=TODAY
        )

    actions.settle_letter(
        letter_id=letter.pk, state=State.CLOSED, reason="corrected", by=ada, today=TODAY
    )

    letter.refresh_from_db()
    assert (letter.state, letter.settled_on, letter.settled_by) == ("closed", TODAY, ada)
    assert Event.objects.get().reason == "corrected"
    with pytest.raises(LetterIsSettled, match="closed cannot become answered"):
        actions.settle_letter(
            letter_id=letter.pk, state=State.ANSWERED, reason="x", by=ada, today=TODAY
        )


def test_D3_letters_are_forgotten_in_time(settings) -> None:
    settings.CONTACT_KEEP_DAYS = 90
    make_letter("aaaa", written_on=TODAY - timedelta(days=90))
    make_letter("bbbb", written_on=TODAY - timedelta(days=89))

    assert actions.forget_old_letters(now=NOW) == 1
    assert Letter.objects.get().code_hash == codes.hash_of("bbbb")
    assert Event.objects.get().reason == "1 past their time"
    assert actions.forget_old_letters(now=NOW) == 0
    assert actions.forget_old_letters(now=NOW + timedelta(days=1)) == 1
    assert (Letter.objects.count(), SentForm.objects.count()) == (0, 0)


def test_D3_the_task_loop_forgets_letters_by_itself() -> None:
    make_letter("aaaa", written_on=date(2020, 1, 1))

    ran = run_due(lambda: NOW)

    assert ran["contact.forget"]
    assert not Letter.objects.exists()


def test_D3_a_form_is_remembered_for_longer_than_it_can_be_sent() -> None:
    make_letter("aaaa", written_on=TODAY)

    actions.forget_old_letters(now=NOW + timedelta(days=4))
    assert SentForm.objects.count() == 1
    actions.forget_old_letters(now=NOW + timedelta(days=5))
    assert SentForm.objects.count() == 0


@pytest.mark.parametrize(
    "wrong", [{"kind": "poem"}, {"state": "lost"}, {"state": "closed"}, {"settled_on": TODAY}]
)
def test_database_refuses_a_letter_that_cannot_be(wrong: dict[str, object]) -> None:
    letter = make_letter()

    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**wrong)


def test_an_editor_reads_and_settles_in_the_admin(client: Client, ada: Person) -> None:
    letter = make_letter(reply_to="somebody@example.org", page="/news/a/")
    client.force_login(ada)

    listed = client.get("/admin/contact/letters/").content.decode()
    closed = client.get(f"/admin/contact/letters/{letter.pk}/").content.decode()
    assert CANARY not in listed + closed
    assert not Event.objects.exists()  # looking at a closed letter changes nothing
    opened = client.post(f"/admin/contact/letters/{letter.pk}/")
    client.post(
        f"/admin/contact/letters/{letter.pk}/settle/", {"state": "answered", "reason": "wrote back"}
    )

    letter.refresh_from_db()
    assert CANARY in opened.content.decode()
    assert opened["Cache-Control"] == "no-store"
    assert letter.state == "answered"
    assert [event.verb for event in Event.objects.order_by("pk")] == ["read", "made answered"]


def test_markup_in_a_letter_is_shown_as_text(client: Client, ada: Person) -> None:
    letter = make_letter(message="<script>alert(1)</script>", page='/"><b>')
    client.force_login(ada)

    text = client.post(f"/admin/contact/letters/{letter.pk}/").content.decode()

    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_A6_others_on_the_staff_see_no_letters(client: Client, ben: Person) -> None:
    letter = make_letter()
    client.force_login(ben)

    for path in ("", f"{letter.pk}/", f"{letter.pk}/settle/", f"{uuid4()}/"):
        for answer in (client.get, client.post):
            response = answer(f"/admin/contact/letters/{path}")
            assert response.status_code in {302, 403}, path
            assert CANARY not in response.content.decode()
    assert "Letters" not in client.get("/admin/").content.decode()


def test_a_letter_that_does_not_open_says_so(client: Client, ada: Person) -> None:
    one, two = make_letter("aaaa"), make_letter("bbbb", written_on=date(2026, 11, 1))
    Letter.objects.filter(pk=one.pk).update(message=two.message)
    client.force_login(ada)

    text = client.post(f"/admin/contact/letters/{one.pk}/").content.decode()

    assert "This letter does not open." in text
