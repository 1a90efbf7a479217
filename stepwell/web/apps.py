"""The door's name for Django, and the checks that run at the start."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """stepwell.web."""

    name = "stepwell.web"
    label = "web"

    def ready(self) -> None:
        """Register the system checks and the regular work."""
        from stepwell.web import checks, tasks  # noqa: F401  (checks register themselves)

        tasks.register_tasks()
