"""The room's name for Django."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """stepwell.apps.tasks."""

    name = "stepwell.apps.tasks"
    label = "tasks"
