"""Table: what was changed that public pages show, written with the change itself."""

from django.db import models

FIELD_CLASSES = {"Change.id": "C", "Change.key": "C", "Change.at": "C"}


class Change(models.Model):
    """One thing that pages are made from and that is different now.

    It is written in the transaction of the change, so that no crash can part the two,
    and kept for some hours, so that every process and host hears of it.
    """

    key = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return self.key
