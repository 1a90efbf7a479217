"""The room's name for Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """stepwell.apps.audit."""

    name = "stepwell.apps.audit"
    label = "audit"

    def ready(self) -> None:
        """Have the chain linked and marked."""
        from stepwell.apps.audit import tasks  # models exist only now

        tasks.register_tasks()
