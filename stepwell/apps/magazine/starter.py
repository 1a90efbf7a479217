"""Loads the starter articles: original texts that a new network begins with.

All files are checked before anything is written. Loading again changes nothing
but what a newer file brings, and never what an editor changed, unpublished or
deleted.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from pydantic import Field
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale, Page, Revision, Site

from stepwell.apps.magazine import actions, queries, rendering, validation
from stepwell.apps.magazine.blocks.rich_text import clean
from stepwell.apps.magazine.models import (
    ArticleDates,
    ArticlePage,
    Byline,
    HomePage,
    Reference,
    SectionPage,
    StarterLoad,
)
from stepwell.apps.magazine.vocabulary import sections_by_id
from stepwell.domain import loading
from stepwell.domain.errors import FactError
from stepwell.domain.sources import FactId, Frozen, Text

FOLDER = Path(__file__).parent / "starter"
TEAM = "The editors"  # the one author of starter articles that is not a person
TEAM_WORDS = "The people who look after this site. The articles it began with carry this name."
_MARK = re.compile(r"\[(\d{1,2})\]")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class StarterHelp(Frozen):
    """One link of the "what helps" box."""

    label: Annotated[Text, Field(max_length=120)]
    url: Text


class StarterPart(Frozen):
    """One numbered part; `body` is HTML and is cleaned before it is stored."""

    heading: Annotated[Text, Field(max_length=120)]
    body: Text


class StarterReference(Frozen):
    """One publication."""

    authors: Annotated[Text, Field(max_length=400)]
    title: Annotated[Text, Field(max_length=400)]
    published_in: Annotated[str, Field(max_length=240)] = ""
    year: Annotated[int, Field(ge=1500, le=2200)]
    doi: str = ""
    pmid: str = ""
    url: str = ""


class StarterArticle(Frozen):
    """One file."""

    title: Annotated[Text, Field(max_length=255)]
    standfirst: Annotated[Text, Field(max_length=220)]
    author: Annotated[Text, Field(max_length=120)]
    published_on: date
    tags: tuple[FactId, ...]
    heavy: bool = False
    content_note: Annotated[str, Field(max_length=400)] = ""
    helps: Annotated[tuple[StarterHelp, ...], Field(max_length=4)] = ()
    parts: Annotated[tuple[StarterPart, ...], Field(min_length=1)]
    references: tuple[StarterReference, ...] = ()


@dataclass(frozen=True)
class StarterFile:
    """A file that was read and checked: where it belongs and what it says."""

    section: str
    slug: str
    article: StarterArticle
    hash: str


def load(folder: Path = FOLDER) -> Mapping[str, int]:
    """Load every starter article of `folder`; return how many were created, updated, ... .

    Raises FactError, naming file, key and repair, before anything is written.
    """
    files = read(folder)
    done: Counter[str] = Counter({"created": 0, "updated": 0, "unchanged": 0, "kept": 0})
    with transaction.atomic():
        places = make_site()
        for file in files:
            done[_load_one(file, places[file.section])] += 1
    return done


def read(folder: Path = FOLDER) -> list[StarterFile]:
    """Return every file of `folder`, checked, the earliest first."""
    files = [_read_one(path) for path in sorted(folder.glob("*/*.toml"))]
    return sorted(files, key=lambda file: (file.article.published_on, file.section, file.slug))


def make_site() -> dict[str, SectionPage]:
    """Make the front page and the sections where they are missing; return the sections by id."""
    home = HomePage.objects.first() or _make_home()
    for section in sections_by_id().values():
        if not SectionPage.objects.filter(section=section.id).exists():
            page = SectionPage(title=section.name, slug=section.id, section=section.id)
            home.add_child(instance=page)
    return {page.section: page for page in SectionPage.objects.all()}


def _make_home() -> HomePage:
    root = Page.get_first_root_node() or _make_root()
    home = HomePage(title=queries.HEADING, slug="front")
    root.add_child(instance=home)
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        where = urlsplit(settings.SITE_URL)
        site = Site(hostname=where.hostname, port=where.port or 80, is_default_site=True)
    welcome = site.root_page if site.root_page_id else None
    site.root_page, site.site_name = home, settings.SITE_NAME
    site.save()
    if welcome and welcome.content_type.model_class() is Page and welcome.is_leaf():
        welcome.delete()  # Wagtail's own "welcome to your new site"
    return home


def _make_root() -> Page:
    code = get_supported_content_language_variant(settings.LANGUAGE_CODE)
    Locale.objects.get_or_create(language_code=code)
    return Page.add_root(title="Root", slug="root")


def _read_one(path: Path) -> StarterFile:
    section, name = path.parent.name, f"{path.parent.name}/{path.name}"
    try:
        article = loading.read(path, StarterArticle)
    except FactError as error:
        raise FactError(f"{section}/{error}") from error
    if section not in sections_by_id():
        raise FactError(f"{name}: the folder is no section. Move the file into a section's folder.")
    if not _SLUG.fullmatch(path.stem):
        raise FactError(f"{name}: the name is no address. Use small letters, figures and hyphens.")
    for key, problem in _problems(article):
        raise FactError(f"{name}: {key}: {problem}")
    return StarterFile(section, path.stem, article, hashlib.sha256(path.read_bytes()).hexdigest())


def _problems(article: StarterArticle) -> Iterator[tuple[str, str]]:
    """Yield what the schema cannot see: key, and what is wrong with the repair."""
    checks: list[tuple[str, Callable[[Any], None], Any]] = [
        ("tags", validation.check_tags, article.tags)
    ]
    for at, link in enumerate(article.helps):
        checks.append((f"helps.{at}.url", validation.check_link, link.url))
    for at, one in enumerate(article.references):
        checks += [
            (f"references.{at}.{key}", check, value)
            for key, check, value in (
                ("doi", validation.is_doi, one.doi),
                ("pmid", validation.is_pmid, one.pmid),
                ("url", validation.check_web_address, one.url),
            )
            if value
        ]
    for key, check, value in checks:
        try:
            check(value)
        except ValidationError as error:
            yield key, " ".join(error.messages)
    yield from _bad_parts(article)


def _bad_parts(article: StarterArticle) -> Iterator[tuple[str, str]]:
    known = len(article.references)
    for at, part in enumerate(article.parts):
        if not strip_tags(clean(part.body)).strip():
            yield f"parts.{at}.body", "nothing is left after cleaning. Write the text in <p>."
        for mark in _MARK.findall(part.body):
            if not 1 <= int(mark) <= known:
                yield f"parts.{at}.body", f"[{mark}] has no reference. Add it, or correct the mark."


def _load_one(file: StarterFile, section: SectionPage) -> str:
    """Load one file; return what was done."""
    known = StarterLoad.objects.filter(section=file.section, slug=file.slug).first()
    if known is None:
        if section.get_children().filter(slug=file.slug).exists():
            return "kept"  # an editor's own page lives at this address
        return _create(file, section)
    if known.file_hash == file.hash:
        return "unchanged"
    if known.page is None or known.page.latest_revision_id != known.revision_id:
        return "kept"
    return _update(file, known, known.page) if known.page.live else "kept"


def _create(file: StarterFile, section: SectionPage) -> str:
    page = ArticlePage(slug=file.slug, live=False, **_fields(file.article))
    page.references = _references(file.article)
    page.bylines = _bylines(file.article)
    section.add_child(instance=page)
    published_at = timezone.make_aware(datetime.combine(file.article.published_on, time()))
    ArticleDates.objects.create(
        page=page,
        published_at=published_at,
        changed_on=file.article.published_on,
        text_hash=rendering.hash_of(page),
    )
    revision: Revision = page.save_revision()
    StarterLoad.objects.create(
        section=file.section,
        slug=file.slug,
        page=page,
        revision_id=revision.pk,
        file_hash=file.hash,
    )
    revision.publish()
    return "created"


def _update(file: StarterFile, known: StarterLoad, page: ArticlePage) -> str:
    for name, value in _fields(file.article).items():
        setattr(page, name, value)
    page.references, page.bylines = _references(file.article), _bylines(file.article)
    revision = page.save_revision()
    known.revision_id, known.file_hash = revision.pk, file.hash
    known.save(update_fields=["revision_id", "file_hash"])
    revision.publish()
    return "updated"


def _fields(article: StarterArticle) -> dict[str, Any]:
    body: list[dict[str, Any]] = [
        {"type": "part", "value": {"heading": part.heading, "text": clean(part.body)}}
        for part in article.parts
    ]
    if article.helps:
        links = [link.model_dump() for link in article.helps]
        body.append({"type": "helps", "value": {"links": links}})
    return {
        "title": article.title,
        "standfirst": article.standfirst,
        "tags": list(article.tags),
        "heavy": article.heavy,
        "content_note": article.content_note,
        "body": json.dumps(body),
    }


def _bylines(article: StarterArticle) -> list[Byline]:
    team = article.author == TEAM
    about = TEAM_WORDS if team else ""
    return [Byline(author=actions.author_named(article.author, is_team=team, about=about))]


def _references(article: StarterArticle) -> list[Reference]:
    return [
        Reference(sort_order=at, **one.model_dump()) for at, one in enumerate(article.references)
    ]
