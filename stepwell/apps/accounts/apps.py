"""The room's name for Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """stepwell.apps.accounts."""

    name = "stepwell.apps.accounts"
    label = "accounts"
