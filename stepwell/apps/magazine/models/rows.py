"""What readers are shown, kept at publish: narrow tables instead of walks through the page tree.

Everything but ArticleDates and StarterLoad can be made again from the pages
(`actions.rebuild`).
"""

from datetime import date
from typing import ClassVar

from django.db import models
from django.urls import get_script_prefix
from django.utils import timezone

from stepwell.apps.magazine.vocabulary import section_of
from stepwell.domain.reviews import ReviewState
from stepwell.domain.tags import Tag, known
from stepwell.lib.constraints import both_or_neither


class ArticleDates(models.Model):
    """The dates of an article, each with one meaning. Kept apart from drafts and revisions."""

    page = models.OneToOneField(
        "magazine.ArticlePage", models.CASCADE, primary_key=True, related_name="dates"
    )
    published_at = models.DateTimeField()  # first published; never moves again
    changed_on = models.DateField()  # the last publish that changed a word
    text_hash = models.CharField(max_length=64)  # of what was last published

    def __str__(self) -> str:
        return f"{self.page_id}: published {self.published_at:%Y-%m-%d}"


class ArticleRow(models.Model):
    """One published article, as lists show it."""

    page = models.OneToOneField(
        "magazine.ArticlePage", models.CASCADE, primary_key=True, related_name="row"
    )
    section = models.CharField(max_length=60)
    slug = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    standfirst = models.CharField(max_length=220)
    author = models.CharField(max_length=400)  # the names as they are shown
    authors = models.JSONField(default=list)  # name, slug and is_team of each
    published_at = models.DateTimeField()
    changed_on = models.DateField()
    reviewed_on = models.DateField(null=True)  # this very text, as a whole
    review_due = models.DateField(null=True)  # when it has to be reviewed again
    review_state = models.CharField(  # as it was at publish; review_standing() knows today
        max_length=8, choices=[(one, one) for one in ReviewState], default=ReviewState.NONE
    )
    reviewer = models.CharField(max_length=400, blank=True)  # as shown; empty unless current
    minutes = models.PositiveSmallIntegerField()
    tags = models.JSONField(default=list)
    cover = models.JSONField(default=dict)  # as pictures.picture() gives it; empty: cover art
    heavy = models.BooleanField(default=False)
    helping = models.BooleanField(default=False)  # says what one can do
    starter = models.BooleanField(default=False)  # written for the starter network
    on_front = models.BooleanField(default=False)  # among the newest of its section

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["section", "slug"], name="magazine_articlerow_address"),
            both_or_neither("reviewed_on", "review_due"),
            models.CheckConstraint(
                condition=models.Q(review_state="current", review_due__isnull=False)
                & ~models.Q(reviewer="")
                | ~models.Q(review_state="current") & models.Q(review_due=None, reviewer=""),
                name="magazine_articlerow_dated_if_reviewed",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["section", "-published_at", "-page"], name="magazine_row_section"),
            models.Index(fields=["-published_at", "-page"], name="magazine_row_latest"),
            models.Index(
                fields=["section", "-published_at", "-page"],
                name="magazine_row_light",
                condition=models.Q(heavy=False),
            ),
            models.Index(
                fields=["on_front"],
                name="magazine_row_front",
                condition=models.Q(on_front=True),
            ),
            models.Index(fields=["review_state", "review_due"], name="magazine_row_review"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def url(self) -> str:
        """Return the article's path. Not by reverse(): a front page asks for dozens."""
        return f"{get_script_prefix()}{self.section}/{self.slug}/"

    @property
    def section_name(self) -> str:
        """Return the name of the section."""
        return section_of(self.section).name

    @property
    def hue(self) -> int:
        """Return the hue of the section, an angle in degrees."""
        return section_of(self.section).hue

    @property
    def published_on(self) -> date:
        """Return the day of first publication."""
        return timezone.localtime(self.published_at).date()

    @property
    def month(self) -> date:
        """Return the first day of the month of first publication."""
        return self.published_on.replace(day=1)

    @property
    def chosen_tags(self) -> tuple[Tag, ...]:
        """Return the article's tags with their names."""
        return known(self.tags)


class ArticleText(models.Model):
    """The rest of a published article: what its own page shows."""

    row = models.OneToOneField(ArticleRow, models.CASCADE, primary_key=True, related_name="text")
    content_note = models.TextField(blank=True)
    body = models.TextField()  # HTML, rendered at publish
    contents = models.JSONField(default=list)  # [anchor, heading] of each part
    references = models.JSONField(default=list)  # one object per reference
    review = models.JSONField(default=dict)  # declared interests; or the text reviewed, if another

    def __str__(self) -> str:
        return f"text of {self.row_id}"


class ArticleTag(models.Model):
    """One tag of one published article."""

    row = models.ForeignKey(ArticleRow, models.CASCADE, related_name="+")
    tag = models.CharField(max_length=60)
    published_at = models.DateTimeField()  # as in the row, so that one index serves the page

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["row", "tag"], name="magazine_articletag_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["tag", "-published_at", "-row"], name="magazine_tag_latest")
        ]

    def __str__(self) -> str:
        return f"{self.row_id}: {self.tag}"


class ArticleAuthor(models.Model):
    """One author of one published article."""

    row = models.ForeignKey(ArticleRow, models.CASCADE, related_name="+")
    author = models.ForeignKey("magazine.Author", models.CASCADE, related_name="+")
    published_at = models.DateTimeField()  # as in the row, so that one index serves the page

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["row", "author"], name="magazine_articleauthor_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["author", "-published_at", "-row"], name="magazine_author_latest")
        ]

    def __str__(self) -> str:
        return f"{self.row_id}: {self.author_id}"


class RelatedArticle(models.Model):
    """One suggestion below an article, chosen at publish."""

    row = models.ForeignKey(ArticleRow, models.CASCADE, related_name="+")
    to = models.ForeignKey(ArticleRow, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    shared = models.JSONField(default=list)  # tags both share; none: the same section

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["row", "position"], name="magazine_related_position"),
            models.CheckConstraint(
                condition=~models.Q(row=models.F("to")), name="magazine_related_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row_id} to {self.to_id}"


class TagCount(models.Model):
    """How many published articles carry a tag."""

    tag = models.CharField(max_length=60, primary_key=True)
    articles = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.tag}: {self.articles}"


class SectionTagCount(models.Model):
    """How many published articles of a section carry a tag."""

    section = models.CharField(max_length=60)
    tag = models.CharField(max_length=60)
    articles = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["section", "tag"], name="magazine_sectiontag_once")
        ]

    def __str__(self) -> str:
        return f"{self.section}, {self.tag}: {self.articles}"


class MonthCount(models.Model):
    """How many published articles a month has; readers find them in the archive."""

    month = models.DateField(primary_key=True)  # its first day
    articles = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.articles}"


class StarterLoad(models.Model):
    """What became of one starter article, so that loading again never undoes an editor's work."""

    section = models.CharField(max_length=60)
    slug = models.CharField(max_length=255)
    page = models.OneToOneField(
        "magazine.ArticlePage", models.SET_NULL, null=True, related_name="starter_load"
    )
    revision_id = models.BigIntegerField()  # the one we published; a later one is an editor's
    file_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["section", "slug"], name="magazine_starterload_once")
        ]

    def __str__(self) -> str:
        return f"{self.section}/{self.slug}"
