"""The room's name for Django."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """stepwell.apps.directory."""

    name = "stepwell.apps.directory"
    label = "directory"
