"""What editors write, as Wagtail pages. Thin: readers are served from the rows."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page

from stepwell.apps.magazine import checking, presenters, rendering, validation
from stepwell.apps.magazine.blocks import ARTICLE_BLOCKS
from stepwell.apps.magazine.findings_panel import FindingsPanel
from stepwell.apps.magazine.forms import ArticleForm, SectionForm
from stepwell.apps.magazine.models.authors import shown_names

REVIEW_DAYS = 91  # a new text is to be reviewed within three months
WELCOME = (
    "Feeling bad, or wanting to grow, and not sure what kind of help fits? Start with what is "
    "going on. You will see which kinds of support fit, who is qualified to give them, and how "
    "private they are."
)


def review_day() -> date:
    """Return the day by which a text begun today is to be reviewed."""
    return timezone.localdate() + timedelta(days=REVIEW_DAYS)


class HomePage(Page):
    """The front page. Its title is the question in the heading."""

    welcome = models.TextField(max_length=400, default=WELCOME)

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("welcome")]
    promote_panels: ClassVar[list[Any]] = []
    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["magazine.SectionPage"]
    template = "magazine/home.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what the preview shows: the front page with these words."""
        words = {"heading": self.title, "welcome": self.welcome}
        return {**super().get_context(request), **presenters.home(words, [], {})}


class SectionPage(Page):
    """One section. Name, hue and address come from facts/sections.toml and do not drift."""

    section = models.SlugField(max_length=60, unique=True)
    intro = models.TextField(max_length=400, blank=True)

    base_form_class = SectionForm
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("section"),
        FieldPanel("intro"),
    ]
    promote_panels: ClassVar[list[Any]] = []
    parent_page_types: ClassVar[list[str]] = ["magazine.HomePage"]
    subpage_types: ClassVar[list[str]] = ["magazine.ArticlePage"]
    template = "magazine/section.html"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Keep the address equal to the section's id: mastheads and rows rely on it."""
        self.slug = self.section
        super().full_clean(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what the preview shows: the head of the section."""
        shown = presenters.section(self.section, self.intro, [])
        return {**super().get_context(request), **shown}


class ArticlePage(Page):
    """One article, as its editors write it."""

    standfirst = models.TextField(
        max_length=220, help_text="One or two sentences, without anything some readers would skip."
    )
    cover_image = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cover_alt = models.CharField(
        "what the picture shows",
        max_length=300,
        blank=True,
        help_text="For readers who do not see it. Empty only for a picture that says nothing.",
    )
    cover_decorative = models.BooleanField("decorative: the picture says nothing", default=False)
    heavy = models.BooleanField(
        "heavy topic",
        default=False,
        help_text="Suicide, abuse, self-harm, eating disorders: never leads to another such text.",
    )
    content_note = models.TextField(
        max_length=400, blank=True, help_text="Shown before the text, and nowhere else."
    )
    helping = models.CharField(
        "says what one can do",
        max_length=3,
        blank=True,
        choices=[("yes", "Yes"), ("no", "No")],
        help_text="Empty: its headings decide. One in three suggestions below a text says so.",
    )
    tags = models.JSONField(default=list, blank=True)
    body = StreamField(ARTICLE_BLOCKS)
    review_planned_on = models.DateField(
        null=True,
        blank=True,
        default=review_day,
        help_text="By when a clinician is to review the text as a whole.",
    )
    no_review_reason = models.CharField(
        "why no review is planned", max_length=200, blank=True, help_text="Instead of a date."
    )

    base_form_class = ArticleForm
    content_panels: ClassVar[list[Any]] = [
        FindingsPanel(),
        *Page.content_panels,
        FieldPanel("standfirst"),
        InlinePanel("bylines", heading="Authors", label="Author", min_num=1),
        MultiFieldPanel(
            [
                FieldPanel("cover_image"),
                FieldPanel("cover_alt"),
                FieldPanel("cover_decorative"),
            ],
            heading="Cover picture",
        ),
        FieldPanel("tags"),
        MultiFieldPanel(
            [FieldPanel("heavy"), FieldPanel("content_note"), FieldPanel("helping")], heading="Care"
        ),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("review_planned_on"), FieldPanel("no_review_reason")], heading="Review"
        ),
        InlinePanel("references", heading="References", label="Reference"),
        FieldPanel("override_reason", permission="magazine.override_publish_checks"),
    ]
    parent_page_types: ClassVar[list[str]] = ["magazine.SectionPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "magazine/article.html"

    @property
    def author(self) -> str:
        """Return the names above the text, as readers see them."""
        return shown_names([one.author.name for one in self.bylines.all()])

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """Publish a revision, now or when its time comes, if the checks are content with it.

        Wagtail's workflow, schedule, bulk action and imports all pass here; the editor's
        own button asks the form (`forms.ArticleForm`).
        """
        checking.check_can_publish(revision.as_object())
        return super().publish(revision, *args, **kwargs)

    def clean(self) -> None:
        """Refuse tags that are not in the vocabulary."""
        super().clean()
        validation.check_tags(self.tags)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what the preview shows: the article as it would be published now."""
        row, text = rendering.draft(self)
        return {**super().get_context(request), **presenters.article(row, text)}


class Reference(Orderable):
    """One publication an article rests on, as an object and not as a line of text."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="references")
    authors = models.CharField(max_length=400)
    title = models.CharField(max_length=400)
    published_in = models.CharField(max_length=240, blank=True)
    year = models.PositiveSmallIntegerField()
    doi = models.CharField("DOI", max_length=200, blank=True, validators=[validation.is_doi])
    pmid = models.CharField(
        "PubMed number", max_length=9, blank=True, validators=[validation.is_pmid]
    )
    url = models.URLField("address", max_length=400, blank=True)

    class Meta(Orderable.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(year__gte=1500, year__lte=2200),
                name="magazine_reference_year_plausible",
            )
        ]

    def __str__(self) -> str:
        return f"{self.authors} ({self.year})"
