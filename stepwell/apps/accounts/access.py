"""Who somebody is on the staff."""

from stepwell.apps.accounts.models import Clinician, Person

CLINICIANS = "Clinicians"


def is_clinician(person: Person) -> bool:
    """Say whether somebody is in the group of clinicians and has a profile to sign with."""
    return (
        person.groups.filter(name=CLINICIANS).exists()
        and Clinician.objects.filter(person=person).exists()
    )
