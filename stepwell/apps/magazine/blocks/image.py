"""A picture inside an article. It has an alternative text or is marked decorative (TRUST W3)."""

from typing import Any

from wagtail.blocks import CharBlock, StructBlock
from wagtail.images.blocks import ImageBlock

from stepwell.apps.magazine import pictures


class FigureBlock(StructBlock):
    """A picture with an optional caption."""

    picture = ImageBlock()  # refuses a picture that is neither described nor decorative
    caption = CharBlock(required=False, max_length=240)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Return what the template needs: the picture's files are made here, at publish."""
        image = value["picture"]
        alt, plain = image.contextual_alt_text or "", bool(image.decorative)
        shown = pictures.picture(image, alt=alt, decorative=plain)
        return {**super().get_context(value, parent_context), "shown": shown}

    class Meta:
        icon = "image"
        label = "Picture"
        template = "magazine/blocks/figure.html"
