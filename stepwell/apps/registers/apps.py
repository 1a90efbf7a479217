"""The room's name for Django."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """stepwell.apps.registers."""

    name = "stepwell.apps.registers"
    label = "registers"
