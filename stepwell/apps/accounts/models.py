"""People who sign in: editors, clinicians, stewards, moderators. Readers have no account."""

from django.contrib.auth.models import AbstractUser

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
}


class Person(AbstractUser):
    """Somebody who works on the site."""

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
