"""The room's name for Django, and what it listens to."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """stepwell.apps.accounts."""

    name = "stepwell.apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Bind secrets to their people, watch accounts, register the task."""
        from stepwell.apps.accounts import receivers, tasks  # models exist only now

        receivers.connect()
        tasks.register_tasks()
