"""Builds WordPress exports for tests: invented people, example.org."""

from pathlib import Path
from xml.sax.saxutils import escape

from stepwell.apps.magazine.models import ArticlePage
from tests.apps.magazine.build import make_reference

SPACES = (
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"'
)


def cdata(text: str) -> str:
    """Text as WordPress writes it."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def item(
    number: int = 1,
    *,
    title: str = "A title",
    content: str = "Some text.",
    excerpt: str = "A short summary.",
    kind: str = "post",
    status: str = "publish",
    slug: str | None = None,
    link: str | None = None,
    guid: str | None = None,
    creator: str = "ann",
    date: str = "2020-05-06 10:00:00",
    gmt: str = "2020-05-06 09:00:00",
    parent: int = 0,
    categories: tuple[str, ...] = ("news",),
    tags: tuple[str, ...] = (),
    meta: dict[str, str] | None = None,
    extra: str = "",
) -> str:
    """One <item>."""
    slug = f"post-{number}" if slug is None else slug
    link = f"https://old.example.org/2020/05/{slug}/" if link is None else link
    guid = f"https://old.example.org/?p={number}" if guid is None else guid
    labels = "".join(
        f'<category domain="{domain}" nicename="{escape(one)}">{cdata(one)}</category>'
        for domain, words in (("category", categories), ("post_tag", tags))
        for one in words
    )
    metas = "".join(
        f"<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key>"
        f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"
        for key, value in (meta or {}).items()
    )
    return f"""<item><title>{cdata(title)}</title><link>{escape(link)}</link>
<pubDate>Wed, 06 May 2020 09:00:00 +0000</pubDate><dc:creator>{cdata(creator)}</dc:creator>
<guid isPermaLink="false">{escape(guid)}</guid><content:encoded>{cdata(content)}</content:encoded>
<excerpt:encoded>{cdata(excerpt)}</excerpt:encoded><wp:post_id>{number}</wp:post_id>
<wp:post_date>{cdata(date)}</wp:post_date><wp:post_date_gmt>{cdata(gmt)}</wp:post_date_gmt>
<wp:post_name>{cdata(slug)}</wp:post_name><wp:status>{cdata(status)}</wp:status>
<wp:post_parent>{parent}</wp:post_parent><wp:post_type>{cdata(kind)}</wp:post_type>
{labels}{metas}{extra}</item>
"""


def attachment(number: int, path: str, *, parent: int = 0, alt: str = "", title: str = "A picture"):
    """One picture of the media library."""
    url = f"https://old.example.org/wp-content/uploads/{path}"
    return item(
        number,
        title=title,
        content="",
        excerpt="",
        kind="attachment",
        status="inherit",
        slug=f"picture-{number}",
        guid=url,
        parent=parent,
        categories=(),
        meta={"_wp_attached_file": path, "_wp_attachment_image_alt": alt},
        extra=f"<wp:attachment_url>{cdata(url)}</wp:attachment_url>",
    )


def export(*items: str, head: str = "", spaces: str = SPACES, prolog: str | None = None) -> str:
    """A whole export."""
    prolog = '<?xml version="1.0" encoding="UTF-8" ?>\n' if prolog is None else prolog
    return f"""{prolog}<rss version="2.0" {spaces}>
<channel><title>Old site</title><link>https://old.example.org</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example.org</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login>{cdata("ann")}</wp:author_login>
<wp:author_email>{cdata("ann@example.org")}</wp:author_email>
<wp:author_display_name>{cdata("Ann Example")}</wp:author_display_name></wp:author>
{head}{"".join(items)}</channel></rss>
"""


def write(folder: Path, *items: str, name: str = "export.xml", **options: str) -> Path:
    """A file with an export."""
    path = folder / name
    path.write_text(export(*items, **options), encoding="utf-8")
    return path


def publish(article: ArticlePage) -> None:
    """Publish a draft as an editor would: with a publication that the text rests on."""
    article.references = [make_reference()]
    article.save_revision().publish()
