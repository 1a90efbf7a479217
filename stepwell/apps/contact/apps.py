"""The room's name for Django."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """stepwell.apps.contact."""

    name = "stepwell.apps.contact"
    label = "contact"
