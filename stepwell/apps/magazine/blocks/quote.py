"""Words of somebody else, with who said them."""

from wagtail.blocks import CharBlock, StructBlock, TextBlock


class QuoteBlock(StructBlock):
    """A quotation and its speaker."""

    words = TextBlock()
    speaker = CharBlock(max_length=120)

    class Meta:
        icon = "openquote"
        label = "Quotation"
        template = "magazine/blocks/quote.html"
