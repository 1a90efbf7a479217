"""Labelled advertisements, as editors book them."""

from typing import ClassVar

from django.core.validators import URLValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel


class Notice(models.Model):
    """One advertisement: words and a link, no picture and no code."""

    title = models.CharField(max_length=80)
    text = models.CharField(max_length=200)
    link = models.URLField(
        max_length=400, blank=True, validators=[URLValidator(schemes=["https", "http"])]
    )
    sponsor = models.CharField(max_length=120, help_text="Who pays for it, as readers are told.")
    from_on = models.DateField("first day")
    until_on = models.DateField("last day", null=True, blank=True)
    on_front = models.BooleanField("on the first page", default=False)
    sections = models.JSONField(default=list, blank=True)  # ids of facts/sections.toml
    active = models.BooleanField(default=True)

    panels: ClassVar[list[FieldPanel | MultiFieldPanel]] = [
        FieldPanel("title"),
        FieldPanel("text"),
        FieldPanel("link"),
        FieldPanel("sponsor"),
        MultiFieldPanel([FieldPanel("from_on"), FieldPanel("until_on")], heading="When"),
        MultiFieldPanel([FieldPanel("on_front"), FieldPanel("sections")], heading="Where"),
        FieldPanel("active"),
    ]

    class Meta:
        ordering: ClassVar[list[str]] = ["-from_on", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gte=models.F("from_on")),
                name="magazine_notice_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.sponsor})"
