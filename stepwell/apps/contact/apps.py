"""The room's name for Django."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """stepwell.apps.contact."""

    name = "stepwell.apps.contact"
    label = "contact"

    def ready(self) -> None:
        """Have old letters deleted in time."""
        from stepwell.apps.contact import tasks  # models exist only now

        tasks.register_tasks()
