"""A numbered part of an article: a heading and its text."""

from wagtail.blocks import CharBlock, StructBlock

from stepwell.apps.magazine.blocks.rich_text import text_block


class PartBlock(StructBlock):
    """A heading that stands in the contents list, and the text below it."""

    heading = CharBlock(max_length=120, help_text="Without a number; parts are numbered for you.")
    text = text_block(
        help_text="Write [1] where the first reference belongs, [2] for the second, and so on."
    )

    class Meta:
        icon = "title"
        label = "Part"
        template = "magazine/blocks/part.html"
