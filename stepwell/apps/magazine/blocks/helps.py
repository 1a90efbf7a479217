"""The box that says what helps next: links into the guide, the map, the tests, the directory."""

from wagtail.blocks import CharBlock, ListBlock, StructBlock

from stepwell.apps.magazine.validation import check_link


class HelpLinkBlock(StructBlock):
    """One link: what the reader finds there, and its address on this site or elsewhere."""

    label = CharBlock(max_length=120)
    url = CharBlock(
        max_length=400,
        validators=[check_link],
        help_text="On this site: /guide/. Elsewhere: https://example.org/",
    )

    class Meta:
        icon = "link"
        label = "Link"


class HelpsBlock(StructBlock):
    """Two to four links that lead to help."""

    links = ListBlock(HelpLinkBlock(), min_num=1, max_num=4)

    class Meta:
        icon = "help"
        label = "What helps next"
        template = "magazine/blocks/helps.html"
