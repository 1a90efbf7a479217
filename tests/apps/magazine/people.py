"""People of the newsroom, each in their group; `newsroom.settle_newsroom()` comes first."""

from django.contrib.auth.models import Group

from stepwell.apps.accounts.models import Clinician, Person

PASSWORD = "a long enough password"


def make_person(username: str, *groups: str, **told: object) -> Person:
    """Return somebody who signs in, in the groups named."""
    person = Person.objects.create_user(username=username, password=PASSWORD, **told)
    person.groups.set(Group.objects.filter(name__in=groups))
    assert person.groups.count() == len(groups)
    return person


def make_clinician(username: str = "cleo", number: str = "PYL00001") -> Person:
    """Return a clinician with a profile."""
    person = make_person(username, "Clinicians")
    profile = Clinician(
        person=person,
        shown_name=f"Dr {username.title()} Example",
        profession="clinical_psychologist",
        register="gb_hcpc",
        registration_number=number,
    )
    profile.full_clean()
    profile.save()
    return person
