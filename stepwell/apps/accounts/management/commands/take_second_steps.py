"""`stepwell manage take_second_steps NAME`: for somebody who lost phone, key and codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stepwell.apps.accounts import actions
from stepwell.apps.accounts.models import Person


class Command(BaseCommand):
    """Takes every second step from one account and ends its sessions."""

    help = (
        "Take every second step from an account; its person chooses a new one at the next sign-in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the account and the reason for the log."""
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="How you know that it is them.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what happens next."""
        person = Person.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(f"There is no account {options['username']!r}.")
        taken = actions.take_factors(person=person, by=None, reason=options["reason"])
        self.stdout.write(f"{taken} taken. Whoever has the password chooses a new second step.")
