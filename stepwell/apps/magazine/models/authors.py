"""Who writes: profiles that editors keep. A profile is no account: no login, no e-mail address."""

from collections.abc import Sequence
from typing import ClassVar

from django.db import models
from django.urls import reverse
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable


class Author(models.Model):
    """A person or a team whose name stands above articles."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(
        "address", max_length=120, unique=True, help_text="The page's address; it stays for ever."
    )
    role = models.CharField(max_length=120, blank=True, help_text="Such as: Health editor.")
    about = models.TextField(max_length=600, blank=True, help_text="A line or two for readers.")
    interests = models.TextField(
        "interests declared",
        max_length=400,
        blank=True,
        help_text="Employers, fees, memberships that readers should know of. Empty: none declared.",
    )
    is_team = models.BooleanField("a team, not one person", default=False)
    source = models.CharField(max_length=200, blank=True, editable=False)  # the import it is from

    panels: ClassVar[list[FieldPanel]] = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("is_team"),
        FieldPanel("role"),
        FieldPanel("about"),
        FieldPanel("interests"),
    ]

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source"],
                condition=~models.Q(source=""),
                name="magazine_author_source_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """Return the path of the author's page."""
        return reverse("magazine:author", args=[self.slug])


class Byline(Orderable):
    """One author of one article; their order is that of the names above the text."""

    page = ParentalKey("magazine.ArticlePage", on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, models.PROTECT, related_name="+")

    panels: ClassVar[list[FieldPanel]] = [FieldPanel("author")]

    def __str__(self) -> str:
        return f"{self.author_id} wrote {self.page_id}"


def shown_names(names: Sequence[str]) -> str:
    """Return names as a reader expects them: A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
