"""People who sign in: editors, clinicians, stewards, moderators. Readers have no account."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac

from stepwell.domain.professions import professions
from stepwell.domain.registers import STANDING_WORDS, Standing, registers
from stepwell.domain.reviews import signature
from stepwell.lib.sealing import SealedField

FIELD_CLASSES = {
    "Person.id": "C",
    "Person.password": "B",
    "Person.last_login": "C",
    "Person.is_superuser": "C",
    "Person.username": "B",
    "Person.first_name": "B",
    "Person.last_name": "B",
    "Person.email": "B",
    "Person.is_staff": "C",
    "Person.is_active": "C",
    "Person.date_joined": "C",
    "Person.groups": "C",
    "Person.user_permissions": "C",
    "Person.epoch": "C",
    "StaffMail.id": "C",
    "StaffMail.kind": "C",
    "StaffMail.address": "B",
    "StaffMail.text": "B",
    "StaffMail.left_at": "C",
    "Clinician.person": "C",
    "Clinician.shown_name": "D",
    "Clinician.profession": "D",
    "Clinician.register": "D",
    "Clinician.registration_number": "D",
    "Clinician.interests": "D",
}


class Person(AbstractUser):
    """Somebody who works on the site."""

    epoch = models.PositiveIntegerField(
        default=0, db_default=0, editable=False
    )  # raised: all sessions end
    changing: dict[str, Any] = {}  # while it is saved: what was stored before (watching.py)

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """Return the fingerprint that each session of this person carries."""
        said = f"{self.epoch}:{self.password}"
        salt = "stepwell.apps.accounts.session"
        return salted_hmac(salt, said, secret=secret, algorithm="sha256").hexdigest()


class StaffMail(models.Model):
    """A mail that waits to be sent, locked. It is gone once it is sent, or after an hour."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=20)
    address = SealedField()
    text = SealedField()
    left_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.kind


class Clinician(models.Model):
    """What a clinician of this organisation signs with. Readers see it under what they sign."""

    person = models.OneToOneField(
        Person, models.PROTECT, primary_key=True, related_name="clinician"
    )
    shown_name = models.CharField(max_length=120, help_text="As readers see it.")
    profession = models.SlugField(max_length=60)  # a file name under domain/facts/professions/
    register = models.SlugField(max_length=60)  # a file name under domain/facts/registers/
    registration_number = models.CharField(max_length=60)
    interests = models.TextField(
        "declared interests", blank=True, help_text="Where money or office could sway a judgement."
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["register", "registration_number"], name="accounts_clinician_once"
            )
        ]

    def __str__(self) -> str:
        return self.signature

    @property
    def title(self) -> str:
        """Return the name of the profession."""
        return professions()[self.profession].name

    @property
    def register_name(self) -> str:
        """Return the name of the register."""
        return registers()[self.register].name

    @property
    def signature(self) -> str:
        """Return how readers see who signed."""
        return signature(self.shown_name, self.title, self.register_name, self.registration_number)

    def clean(self) -> None:
        """Refuse a profession that is no fact, and a register that does not list it."""
        super().clean()
        if self.profession not in professions():
            raise ValidationError({"profession": "Choose one of the professions."})
        found = registers().get(self.register)
        if found is None or self.profession not in found.professions:
            raise ValidationError(
                {"register": "This register does not list the profession. Choose another one."}
            )
        if found.standing in {Standing.IDENTIFIER, Standing.NOT_OPEN}:
            raise ValidationError({"register": f"{STANDING_WORDS[found.standing]} Choose another."})
