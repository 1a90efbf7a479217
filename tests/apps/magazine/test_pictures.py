"""Pictures: cleaned on the way in, made ready at publish, never at a page view."""

import io
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pixels
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from stepwell.apps.magazine.models import ArticlePage, ArticleRow
from tests.apps.magazine.build import make_article

pytestmark = pytest.mark.django_db
Image = get_image_model()


def jpeg(width: int = 400, height: int = 250) -> bytes:
    out = io.BytesIO()
    picture = Pixels.radial_gradient("L").resize((width, height)).convert("RGB")
    exif = Pixels.Exif()
    exif[0x010E] = "CANARY"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def make_picture(width: int = 400, height: int = 250) -> Image:
    file = ContentFile(jpeg(width, height), name="my-house.jpg")
    return Image.objects.create(title="A picture", file=file)


def published_with(image: Image, *, alt: str = "Two hills", decorative: bool = False):
    page = make_article(publish=False)
    page.cover_image, page.cover_alt, page.cover_decorative = image, alt, decorative
    page.save_revision().publish()
    return page


def send(name: str, content: bytes):
    """Return the editor's form with one file."""
    return get_image_form(Image)(
        {"title": "A picture", "collection": Collection.get_first_root_node().pk},
        {"file": SimpleUploadedFile(name, content)},
        instance=Image(),
    )


def test_I1_any_writer_stores_a_picture_written_anew_under_a_random_name():
    image = make_picture()

    stored = image.file.open().read()
    assert b"CANARY" not in stored
    assert "my-house" not in image.file.name
    assert len(image.file.name.split("/")[-1]) == 32 + len(".jpg")
    assert (image.width, image.height) == (400, 250)


def test_I1_the_editors_form_stores_a_picture_written_anew():
    form = send("my-house.jpg", jpeg())

    image = form.save() if form.is_valid() else None

    assert image is not None, form.errors
    assert b"CANARY" not in image.file.open().read()
    assert "my-house" not in image.file.name
    assert image.file_size == len(image.file.open().read())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<!doctype html><title>x</title>"),
        ("page.jpg", b"<!doctype html><title>x</title>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("drawing.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("half.jpg", jpeg()[:400]),
        ("picture.html", jpeg()),
    ],
)
def test_I1_the_editors_form_refuses_what_is_no_picture(name, content):
    form = send(name, content)

    assert not form.is_valid()
    assert "file" in form.errors


def test_publishing_writes_the_cover_into_the_row_in_three_formats_and_widths():
    page = published_with(make_picture(1600, 1000))

    cover = ArticleRow.objects.get(pk=page.pk).cover

    assert [one["type"] for one in cover["sources"]] == ["image/avif", "image/webp"]
    for srcset in [cover["srcset"], *(one["srcset"] for one in cover["sources"])]:
        assert [part.split(" ")[-1] for part in srcset.split(", ")] == ["320w", "640w", "1280w"]
    assert (cover["width"], cover["height"], cover["alt"]) == (1280, 800, "Two hills")


def test_each_file_is_what_its_type_says():
    cover = ArticleRow.objects.get(pk=published_with(make_picture(700, 300)).pk).cover

    kinds = {"image/avif": "AVIF", "image/webp": "WEBP"}
    for source in cover["sources"]:
        for part in source["srcset"].split(", "):
            url, width = part.split(" ")
            with default_storage.open(url.removeprefix("/media/")) as file:
                opened = Pixels.open(file)
                assert opened.format == kinds[source["type"]]
                assert f"{opened.width}w" == width


def test_a_small_picture_is_not_blown_up():
    cover = ArticleRow.objects.get(pk=published_with(make_picture(200, 100)).pk).cover

    assert cover["srcset"].endswith(" 200w")
    assert "," not in cover["srcset"]


def test_a_decorative_picture_has_an_empty_alternative_text(client):
    page = published_with(make_picture(), alt="left over", decorative=True)

    words = client.get(f"/growth-psychology/{page.slug}/").content.decode()

    assert 'alt=""' in words
    assert "left over" not in words


def test_a_page_view_makes_no_file_and_no_rendition(client, django_assert_max_num_queries):
    page = published_with(make_picture())
    before = default_storage.listdir("images")[1]
    Image.get_rendition_model().objects.all().delete()

    with django_assert_max_num_queries(8):
        words = client.get(f"/growth-psychology/{page.slug}/").content.decode()
    client.get("/")
    client.get("/growth-psychology/")

    assert "<picture" in words
    assert 'alt="Two hills"' in words
    assert Image.get_rendition_model().objects.count() == 0
    assert set(default_storage.listdir("images")[1]) <= set(before)


def test_a_picture_in_the_text_is_rendered_at_publish(client):
    image = make_picture()
    page = make_article(publish=False)
    value = {"image": image.pk, "alt_text": "A path", "decorative": False}
    figure = {"type": "figure", "value": {"picture": value, "caption": "Up."}}
    part = {"type": "part", "value": {"heading": "One", "text": "<p>Text.</p>"}}
    page.body = json.dumps([part, figure])
    page.save_revision().publish()

    words = client.get(f"/growth-psychology/{page.slug}/").content.decode()

    assert 'alt="A path"' in words
    assert 'loading="lazy"' in words
    assert 'type="image/avif"' in words


def test_a_new_file_for_a_picture_reaches_the_articles_that_show_it(client):
    image = make_picture()
    page = published_with(image)
    before = ArticleRow.objects.get(pk=page.pk).cover["url"]
    data = {"title": "A picture", "collection": Collection.get_first_root_node().pk}
    file = SimpleUploadedFile("new.jpg", jpeg(640, 480))

    form = get_image_form(Image)(data, {"file": file}, instance=Image.objects.get(pk=image.pk))
    assert form.is_valid(), form.errors
    form.save()

    after = ArticleRow.objects.get(pk=page.pk).cover["url"]
    assert after != before
    assert client.get(after).status_code == 200


def test_media_sends_pictures_that_may_be_kept_for_ever_and_run_nothing(client):
    cover = ArticleRow.objects.get(pk=published_with(make_picture()).pk).cover

    response = client.get(cover["url"])

    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/media/",
        "/media/images/",
        "/media/images/none.jpg",
        "/media/documents/secret.pdf",
        "/media/documents/secret.jpg",
        "/media/images/page.html",
        "/media/images/../documents/secret.jpg",
        "/media/images/..%2Fdocuments%2Fsecret.jpg",
        "/media//etc/passwd",
        "/media/images/.hidden.jpg",
    ],
)
def test_media_sends_nothing_else(client, path):
    for name in ("documents/secret.pdf", "documents/secret.jpg", "images/page.html"):
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(b"secret"))

    response = client.get(path)

    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"


def test_an_article_without_a_picture_keeps_its_cover_art(client):
    page = make_article()

    words = client.get(f"/growth-psychology/{page.slug}/").content.decode()

    assert ArticleRow.objects.get(pk=page.pk).cover == {}
    assert '<svg class="cover"' in words
    assert ArticlePage.objects.get(pk=page.pk).review_planned_on is not None
