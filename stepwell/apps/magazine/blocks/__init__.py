"""What an article's text is made of: one kind of block per file."""

from stepwell.apps.magazine.blocks.content_note import ContentNoteBlock
from stepwell.apps.magazine.blocks.helps import HelpsBlock
from stepwell.apps.magazine.blocks.image import FigureBlock
from stepwell.apps.magazine.blocks.part import PartBlock
from stepwell.apps.magazine.blocks.quote import QuoteBlock

ARTICLE_BLOCKS = [
    ("part", PartBlock()),
    ("helps", HelpsBlock()),
    ("content_note", ContentNoteBlock()),
    ("figure", FigureBlock()),
    ("quote", QuoteBlock()),
]

__all__ = [
    "ARTICLE_BLOCKS",
    "ContentNoteBlock",
    "FigureBlock",
    "HelpsBlock",
    "PartBlock",
    "QuoteBlock",
]
