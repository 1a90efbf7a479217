"""The importers' name for Django: they have a page in the admin, and no tables."""

from django.apps import AppConfig


class ImportersConfig(AppConfig):
    """stepwell.importers."""

    name = "stepwell.importers"
    label = "importers"
