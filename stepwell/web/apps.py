"""The door's name for Django, and the checks that run at the start."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class WebConfig(AppConfig):
    """stepwell.web."""

    name = "stepwell.web"
    label = "web"

    def ready(self) -> None:
        """Register the system checks, the regular work, and how migrations wait."""
        from stepwell.lib import migrating
        from stepwell.web import checks, tasks  # noqa: F401  (checks register themselves)

        tasks.register_tasks()
        pre_migrate.connect(migrating.wait_briefly)
        post_migrate.connect(migrating.wait_as_before)
