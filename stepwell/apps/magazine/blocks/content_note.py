"""A passage that some readers will want to skip, folded behind a short note."""

from wagtail.blocks import CharBlock, StructBlock

from stepwell.apps.magazine.blocks.rich_text import text_block


class ContentNoteBlock(StructBlock):
    """Names the topic and folds the text. What is folded never leaves the page."""

    topic = CharBlock(max_length=120, help_text="What the folded text speaks of, in a few words.")
    text = text_block()

    class Meta:
        icon = "warning"
        label = "Content note with folded text"
        template = "magazine/blocks/content_note.html"
