"""The log of who did what: whatever is done to it behind its back is found; erasing is no break."""

import json
from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps as all_apps
from django.db import DatabaseError, connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit import actions, chain, checkpoints, export, guards
from stepwell.apps.audit.linking import link
from stepwell.apps.audit.models import Event, Head
from stepwell.apps.audit.verifying import verify

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LENGTH = 8


@pytest.fixture
def ada() -> Person:
    return Person.objects.create_user("ada")


@pytest.fixture
def linked(ada: Person) -> Person:
    """Eight events: odd ones by Ada with a reason, even ones by the software without."""
    for number in range(LENGTH):
        by, reason = (ada, f"reason {number}") if number % 2 else (None, "")
        actions.record(by=by, verb="read", thing=f"letter:{number}", reason=reason)
    assert link() == LENGTH
    return ada


def behind_its_back() -> "models.QuerySet[Event]":
    return models.QuerySet(Event)


@pytest.fixture(autouse=True)
def unguarded(db):
    guards.unguard(connection)


def test_L4_a_log_that_nobody_touched_is_whole(linked):
    verdict = verify()

    assert verdict.is_whole
    assert verdict.events == LENGTH
    assert (verdict.erased_who, verdict.erased_why, verdict.waiting) == (0, 0, 0)
    assert list(Event.objects.order_by("position").values_list("position", flat=True)) == [
        *range(1, LENGTH + 1)
    ]


CHANGES = {
    "at": NOW,
    "verb": "wrote",
    "thing": "letter:99",
    "reason": "another",
    "by_id": None,
    "hash": "f" * 64,
    "before": "f" * 64,
    "by_seal": "f" * 64,
    "reason_seal": "f" * 64,
    "by_salt": "f" * 32,
    "reason_salt": "f" * 32,
    "position": 1_000,
}


@pytest.mark.parametrize("position", [2, 4, LENGTH])
@pytest.mark.parametrize("field", CHANGES)
def test_L4_a_change_of_any_field_is_found(linked, field, position):
    behind_its_back().filter(position=position).update(**{field: CHANGES[field]})

    assert not verify().is_whole


@given(data=st.data())
def test_L4_rows_taken_out_swapped_or_put_in_are_found(data):
    with transaction.atomic():
        for number in range(LENGTH):
            actions.record(by=None, verb="read", thing=f"letter:{number}")
        link()
        how = data.draw(st.sampled_from([take_out, swap, put_in]))

        how(data)

        assert not verify().is_whole, how.__name__
        transaction.set_rollback(True)


def take_out(data) -> None:
    some = data.draw(st.sets(st.integers(1, LENGTH), min_size=1))
    raw("DELETE FROM audit_event WHERE position IN ({})".format(",".join(map(str, some))))


def swap(data) -> None:
    one, other = data.draw(st.lists(st.integers(1, LENGTH), min_size=2, max_size=2, unique=True))
    for before, after in ((one, 999), (other, one), (999, other)):
        behind_its_back().filter(position=before).update(position=after)


def put_in(data) -> None:
    """Make room, and put in a row that is hashed as it should be for its place."""
    place = data.draw(st.integers(1, LENGTH + 1))
    for position in range(LENGTH, place - 1, -1):
        behind_its_back().filter(position=position).update(position=position + 1)
    new = Event.objects.create(verb="read", thing="letter:7")
    seals = chain.seal_of("by", None, "a"), chain.seal_of("reason", "", "a")
    last = behind_its_back().filter(position=place - 1).values_list("hash", flat=True).first()
    before = last or chain.START
    behind_its_back().filter(pk=new.pk).update(
        position=place,
        before=before,
        by_salt="a",
        reason_salt="a",
        by_seal=seals[0],
        reason_seal=seals[1],
        hash=chain.hash_of(place, new.pk, new.at, new.verb, new.thing, *seals, before),
    )


def raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_L4_a_person_is_erased_and_the_chain_holds(linked):
    ben = Person.objects.create_user("ben")

    done = actions.erase_person(person=linked, by=ben, reason="left and asked for it")
    link()

    assert done == LENGTH // 2
    verdict = verify()
    assert verdict.is_whole
    assert verdict.erased_who == LENGTH // 2
    assert not Event.objects.filter(by=linked).exists()
    assert Event.objects.get(position=2).who == "somebody (erased)"
    assert Event.objects.get(position=1).who == "the software"
    assert Event.objects.get(verb="erased who").thing == "events:2,4,6,8"
    linked.delete()  # nothing holds the account any more


def test_L4_a_log_being_erased_from_is_whole_before_the_erasure_is_linked(linked):
    actions.erase_person(person=linked, by=None, reason="asked for it")

    assert verify().waiting == 1
    assert verify().is_whole


def test_L4_reasons_are_erased_and_the_chain_holds(linked):
    assert actions.erase_reasons(positions=[2, 3, 4], by=None, reason="named somebody") == 3
    link()

    verdict = verify()
    assert verdict.is_whole
    assert verdict.erased_why == 3
    assert Event.objects.get(position=4).reason == ""


def test_L4_an_erasure_that_the_log_does_not_name_is_a_break(linked):
    behind_its_back().filter(position=2).update(by=None, by_salt="")

    assert verify().broken == ("who did event 2 was taken out and nothing says so",)


def test_L4_nobody_can_try_names_against_what_was_erased(linked):
    actions.erase_person(person=linked, by=None, reason="asked for it")

    event = Event.objects.get(position=2)

    assert event.by_salt == ""
    assert event.by_seal != chain.seal_of("by", linked.pk, "")


def test_L4_an_end_that_was_cut_off_with_its_head_is_found_by_the_checkpoint(linked, checkpoints):
    made = import_module("stepwell.apps.audit.checkpoints").write(NOW)
    raw(f"DELETE FROM audit_event WHERE position > {LENGTH - 2}")
    last = Event.objects.get(position=LENGTH - 2)
    Head.objects.update(count=last.position, hash=last.hash)

    verdict = verify()

    assert made is not None
    assert made.length == LENGTH
    assert checkpoints.stat().st_mode & 0o777 == 0o600
    assert len(verdict.broken) == 1
    assert "the end was cut off" in verdict.broken[0]


def test_L4_a_chain_made_anew_is_found_by_the_checkpoint(linked):
    checkpoints.write(NOW)
    behind_its_back().filter(position=3).update(verb="wrote")
    behind_its_back().update(position=None)
    Head.objects.all().delete()
    link()

    assert verify().broken == (
        f"event {LENGTH} is not what the checkpoint of {NOW.isoformat()} saw",
    )


def test_checkpoints_are_only_added_and_a_line_cut_short_is_no_checkpoint(linked, checkpoints):
    room = import_module("stepwell.apps.audit.checkpoints")
    room.write(NOW)
    first = checkpoints.read_bytes()
    checkpoints.write_bytes(first + b'{"at": "20')
    actions.record(by=None, verb="read", thing="letter:9")

    room.write(NOW)

    assert checkpoints.read_bytes().startswith(first)
    assert [one.length for one in room.read()] == [LENGTH, LENGTH + 1]
    assert verify().is_whole


def test_what_was_recorded_before_there_was_a_chain_is_linked_by_the_migration(ada):
    for number in range(3):
        Event.objects.create(by=ada, verb="read", thing=f"letter:{number}")

    import_module("stepwell.apps.audit.migrations.0003_link_what_is_there").link_all(all_apps, None)

    assert verify().is_whole
    assert verify().events == 3


def test_the_database_refuses_by_itself(linked):
    guards.guard(connection)

    assert guards.is_guarded(connection)
    for statement in (
        "DELETE FROM audit_event",
        "UPDATE audit_event SET verb = 'wrote'",
        "UPDATE audit_event SET reason = 'another'",
        "UPDATE audit_event SET reason = ''",
        "UPDATE audit_event SET by_id = NULL WHERE by_id IS NOT NULL",
        "UPDATE audit_event SET position = position + 100",
        "UPDATE audit_event SET by_salt = 'x'",
    ):
        with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
            raw(statement)
    actions.record(by=linked, verb="read", thing="letter:9", reason="still")
    assert link() == 1
    assert actions.erase_person(person=linked, by=None, reason="asked for it") == LENGTH // 2 + 1
    assert actions.erase_reasons(positions=[2], by=None, reason="asked for it") == 1


def test_the_model_refuses_too(linked):
    with pytest.raises(TypeError):
        Event.objects.filter(position=2).update(verb="wrote")
    with pytest.raises(TypeError):
        Event.objects.all().delete()
    with pytest.raises(TypeError):
        Event.objects.get(position=2).save()
    with pytest.raises(TypeError):
        Event.objects.get(position=2).delete()


def test_the_export_is_enough_to_check_the_chain_elsewhere(linked):
    before = chain.START
    for line in export.lines():
        one = json.loads(line)
        assert one["before"] == before
        seals = one["by_seal"], one["reason_seal"]
        at = datetime.fromisoformat(one["at"])
        before = chain.hash_of(
            one["position"], one["pk"], at, one["verb"], one["thing"], *seals, before
        )
        assert one["hash"] == before
        assert chain.is_sealed_by(seals[0], "by", one["by_id"], one["by_salt"])


@given(st.sets(st.integers(1, 10_000)))
def test_packed_positions_unpack_to_the_same_and_fit(positions):
    texts = chain.packed(positions)

    assert all(len(f"events:{text}") <= 120 for text in texts)
    assert {one for text in texts for some in chain.unpacked(text) for one in some} == positions
