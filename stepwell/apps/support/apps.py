"""The room's name for Django."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """stepwell.apps.support."""

    name = "stepwell.apps.support"
    label = "support"
