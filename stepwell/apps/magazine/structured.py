"""What pages say of themselves to programs: schema.org as JSON-LD, from types of our own.

Nothing is said here that the page does not show. A review is named only while it
stands; without one there is no MedicalWebPage at all.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from django.conf import settings
from django.urls import reverse
from pydantic import Field

from stepwell.apps.magazine.models.authors import Author
from stepwell.apps.magazine.models.rows import ArticleRow
from stepwell.domain.reviews import Standing
from stepwell.lib import schema_org
from stepwell.lib.schema_org import (
    Address,
    BreadcrumbList,
    CollectionPage,
    Node,
    Words,
)

NEWS = "news"  # the section whose articles are news


class Organization(Node):
    """Who publishes, or a team that writes."""

    type_: Literal["Organization"] = Field("Organization", serialization_alias="@type")
    name: Words
    url: Address | None = None


class Person(Node):
    """Who wrote or reviewed."""

    type_: Literal["Person"] = Field("Person", serialization_alias="@type")
    name: Words
    url: Address | None = None
    job_title: str | None = None
    description: str | None = None


class WebSite(Node):
    """The site, on its front page."""

    type_: Literal["WebSite"] = Field("WebSite", serialization_alias="@type")
    name: Words
    url: Address
    publisher: Organization


class ProfilePage(Node):
    """The page of an author."""

    type_: Literal["ProfilePage"] = Field("ProfilePage", serialization_alias="@type")
    name: Words
    url: Address
    main_entity: Person | Organization


class Work(Node):
    """A publication that an article rests on."""

    type_: Literal["CreativeWork"] = Field("CreativeWork", serialization_alias="@type")
    name: Words
    date_published: str
    url: Address | None = None


class WebPage(Node):
    """The page of an article that nobody may call reviewed."""

    type_: Literal["WebPage"] = Field("WebPage", serialization_alias="@type")
    id_: Address = Field(serialization_alias="@id")


class MedicalWebPage(Node):
    """The page of an article that a clinician has read as a whole. Only while that stands."""

    type_: Literal["MedicalWebPage"] = Field("MedicalWebPage", serialization_alias="@type")
    id_: Address = Field(serialization_alias="@id")
    last_reviewed: date
    reviewed_by: Person


class Article(Node):
    """An article, or a piece of news."""

    type_: Literal["Article", "NewsArticle"] = Field(serialization_alias="@type")
    headline: Words
    description: Words
    author: tuple[Person | Organization, ...]
    publisher: Organization
    date_published: datetime
    date_modified: date
    article_section: Words
    keywords: tuple[str, ...] | None = None
    citation: tuple[Work, ...] | None = None
    main_entity_of_page: WebPage | MedicalWebPage


def absolute(path: str) -> str:
    """Return the public address of a path of this site."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def publisher() -> Organization:
    """Return who runs the site."""
    return Organization(name=settings.SITE_NAME, url=absolute(reverse("magazine:home")))


def website() -> WebSite:
    """Return the site itself."""
    home = absolute(reverse("magazine:home"))
    return WebSite(name=settings.SITE_NAME, url=home, publisher=publisher())


def breadcrumb(way: Sequence[tuple[str, str]]) -> BreadcrumbList:
    """Return the way to a page, as the breadcrumb shows it."""
    return schema_org.breadcrumb([(name, absolute(path)) for name, path in way])


def collection(
    name: str, path: str, rows: Sequence[ArticleRow], description: str = ""
) -> CollectionPage:
    """Return a page that lists articles."""
    return CollectionPage(
        name=name,
        url=absolute(path),
        description=description or None,
        main_entity=schema_org.item_list((row.title, absolute(row.url)) for row in rows),
    )


def profile(author: Author) -> ProfilePage:
    """Return the page of an author."""
    url = absolute(author.url)
    who: Person | Organization = (
        Organization(name=author.name, url=url)
        if author.is_team
        else Person(
            name=author.name,
            url=url,
            job_title=author.role or None,
            description=author.about or None,
        )
    )
    return ProfilePage(name=author.name, url=url, main_entity=who)


def article(
    row: ArticleRow,
    standing: Standing,
    tags: Sequence[str],
    references: Sequence[Mapping[str, Any]],
) -> Article:
    """Return an article with the tags and references that its page shows."""
    return Article(
        type_="NewsArticle" if row.section == NEWS else "Article",
        headline=row.title,
        description=row.standfirst,
        author=tuple(_writer(one) for one in row.authors),
        publisher=publisher(),
        date_published=row.published_at,
        date_modified=row.changed_on,
        article_section=row.section_name,
        keywords=tuple(tags) or None,
        citation=tuple(_work(one) for one in references) or None,
        main_entity_of_page=_page(row, standing),
    )


def _page(row: ArticleRow, standing: Standing) -> WebPage | MedicalWebPage:
    """Return the article's page, as a reviewed one only if that may be claimed today."""
    if not standing.may_be_claimed or standing.reviewed_on is None:
        return WebPage(id_=absolute(row.url))
    return MedicalWebPage(
        id_=absolute(row.url),
        last_reviewed=standing.reviewed_on,
        reviewed_by=Person(name=standing.reviewer),
    )


def _writer(one: Mapping[str, Any]) -> Person | Organization:
    kind = Organization if one["is_team"] else Person
    return kind(name=one["name"], url=absolute(reverse("magazine:author", args=[one["slug"]])))


def _work(one: Mapping[str, Any]) -> Work:
    url = one["doi_url"] or one["url"] or one["pmid_url"] or None
    return Work(name=one["title"], date_published=str(one["year"]), url=url)
