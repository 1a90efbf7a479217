"""Who wrote: profiles that editors keep, the names above an article, the page of an author."""

import pytest
from django.db.models import ProtectedError
from django.test import Client

from stepwell.apps.magazine import actions, queries
from stepwell.apps.magazine.models import ArticleRow, Author
from stepwell.apps.magazine.models.authors import shown_names
from tests.apps.magazine.build import make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("names", "shown"),
    [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")],
)
def test_names_are_shown_as_a_sentence_has_them(names: list[str], shown: str) -> None:
    assert shown_names(names) == shown


def test_several_authors_stand_in_their_order_and_each_has_the_article() -> None:
    page = make_article(authors=["Zoe Z", "Ann A"])

    row = ArticleRow.objects.get(page=page)
    assert row.author == "Zoe Z and Ann A"
    assert [one["slug"] for one in row.authors] == ["zoe-z", "ann-a"]
    for slug in ("zoe-z", "ann-a"):
        author = queries.find_author(slug)
        assert author is not None
        assert [one.row_id for one in queries.written_by(author)] == [page.pk]


def test_the_page_of_an_author_shows_who_they_are_and_what_they_wrote(client: Client) -> None:
    page = make_article(authors=["Ann A"])
    other = make_article(authors=["Ben B"])
    Author.objects.filter(name="Ann A").update(
        role="Health editor", about="Writes on sleep.", interests="Paid by a clinic."
    )

    html = client.get("/authors/ann-a/").content.decode()

    for words in ("Ann A</h1>", "Health editor", "Writes on sleep.", "Paid by a clinic."):
        assert words in html
    assert f'href="{page.url}"' in html
    assert f'href="{other.url}"' not in html
    assert client.get("/authors/nobody/").status_code == 404


def test_a_new_name_is_seen_at_once_and_the_address_stays() -> None:
    page = make_article(authors=["Ann A"])
    author = Author.objects.get(name="Ann A")

    author.name = "Ann B"
    author.save()

    row = ArticleRow.objects.get(page=page)
    assert row.author == "Ann B"
    assert row.authors == [{"name": "Ann B", "slug": "ann-a", "is_team": False}]


def test_a_profile_with_articles_cannot_be_deleted() -> None:
    make_article(authors=["Ann A"])

    with pytest.raises(ProtectedError):
        Author.objects.get(name="Ann A").delete()


def test_a_profile_is_made_once_per_name_or_source_and_keeps_what_editors_wrote() -> None:
    first = actions.author_named("Ann A", about="As imported")
    Author.objects.filter(pk=first.pk).update(about="As edited")

    again = actions.author_named("Ann A", about="As imported")
    imported = actions.author_named("Ann A", source="blog.example.org: 7")

    assert again.pk == first.pk
    assert again.about == "As edited"
    assert imported.pk != first.pk
    assert imported.slug == "ann-a-2"
    assert actions.author_named("Other name", source="blog.example.org: 7").pk == imported.pk
