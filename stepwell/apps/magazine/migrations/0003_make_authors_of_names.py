"""Data: every name that stood above an article becomes a profile, and a line of the article."""

from django.db import migrations
from django.utils.text import slugify

TEAM = "The editors"


def make_authors(apps, schema_editor):
    """Make one profile per name; rows are made anew by `rebuild_magazine` or the next publish."""
    page_model = apps.get_model("magazine", "ArticlePage")
    author_model = apps.get_model("magazine", "Author")
    byline_model = apps.get_model("magazine", "Byline")
    row_model = apps.get_model("magazine", "ArticleRow")
    line_model = apps.get_model("magazine", "ArticleAuthor")
    authors = {}
    for page in page_model.objects.exclude(author="").order_by("pk"):
        author = authors.get(page.author)
        if author is None:
            slug = f"{slugify(page.author)[:90] or 'author'}"
            if author_model.objects.filter(slug=slug).exists():
                slug = f"{slug}-{page.pk}"
            author = author_model.objects.create(
                name=page.author, slug=slug, is_team=page.author == TEAM
            )
            authors[page.author] = author
        byline_model.objects.create(page=page, author=author, sort_order=0)
        row = row_model.objects.filter(pk=page.pk).first()
        if row is not None:
            row.authors = [{"name": author.name, "slug": author.slug, "is_team": author.is_team}]
            row.save(update_fields=["authors"])
            line_model.objects.create(row=row, author=author, published_at=row.published_at)


class Migration(migrations.Migration):
    dependencies = [("magazine", "0002_know_authors")]

    operations = [migrations.RunPython(make_authors, migrations.RunPython.noop)]
