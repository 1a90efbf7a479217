"""Which social card stands for which page, and where cards are kept.

An article's card is drawn when it is published. Where its file is missing (a
restored database, another machine) the same picture is drawn again.
"""

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from stepwell.apps.magazine.models.rows import ArticleRow
from stepwell.design import cards
from stepwell.design.cards import Card
from stepwell.domain.sections import Section

FOLDER = "cards"


def of_article(row: ArticleRow, *, noted: bool) -> Card:
    """Return an article's card; a heavy or noted text has the site's, without its title."""
    if row.heavy or noted:
        return Card(settings.SITE_NAME)
    return Card(settings.SITE_NAME, row.title, row.section_name, row.hue)


def of_section(section: Section) -> Card:
    """Return the card of a section."""
    return Card(settings.SITE_NAME, section.name, hue=section.hue)


def address(card: Card, section: str, slug: str = "") -> str:
    """Return the path of a card; other words have another path."""
    name = "magazine:article_card" if slug else "magazine:section_card"
    if not card.title:
        return reverse("design:card", args=[card.version])
    return reverse(name, args=[card.version, section, *([slug] if slug else [])])


def keep(card: Card) -> None:
    """Draw a card and keep its file, unless it is there."""
    if card.title and not default_storage.exists(_path(card)):
        default_storage.save(_path(card), ContentFile(cards.png(card)))


def drop(card: Card) -> None:
    """Remove the file of a card."""
    if card.title:
        default_storage.delete(_path(card))


def content(card: Card) -> bytes:
    """Return the picture, from its file if there is one."""
    try:
        with default_storage.open(_path(card)) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return cards.png(card)


def _path(card: Card) -> str:
    return f"{FOLDER}/{card.version}.png"
