"""A picture inside an article. It has an alternative text or is marked decorative (TRUST W3)."""

from wagtail.blocks import CharBlock, StructBlock
from wagtail.images.blocks import ImageBlock


class FigureBlock(StructBlock):
    """A picture with an optional caption."""

    picture = ImageBlock()  # refuses a picture that is neither described nor decorative
    caption = CharBlock(required=False, max_length=240)

    class Meta:
        icon = "image"
        label = "Picture"
        template = "magazine/blocks/figure.html"
