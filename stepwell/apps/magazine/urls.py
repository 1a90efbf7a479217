"""The room's addresses. They come last of all rooms: a section has no prefix."""

from django.urls import path, register_converter

from stepwell.apps.magazine import feeds, preview_views, views

app_name = "magazine"


class Figures:
    """A number with as many figures as its class says, so that a month has one address."""

    regex = "[0-9]+"

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)

    def to_url(self, value: object) -> str:
        """Return the figures; they come with their leading zero."""
        return str(value)


class Year(Figures):
    """Four figures."""

    regex = "[0-9]{4}"


class Month(Figures):
    """Two figures."""

    regex = "[0-9]{2}"


register_converter(Year, "year")
register_converter(Month, "month")

_FEEDS = {"rss": feeds.Rss(), "atom": feeds.Atom()}
_FEED_PATHS = {
    "": "latest",
    "section_": "<slug:section_id>",
    "tag_": "tags/<slug:tag_id>",
    "author_": "authors/<slug:author_slug>",
}

urlpatterns = [
    path("", views.home, name="home"),
    path("latest/", views.latest, name="latest"),
    path("latest/page/1/", views.first_page, {"name": "latest"}, name="latest_first"),
    path("latest/page/<int:number>/", views.latest, name="latest_page"),
    path("tags/", views.tag_index, name="tags"),
    path("tags/<slug:tag_id>/", views.tag, name="tag"),
    path("tags/<slug:tag_id>/page/1/", views.first_page, {"name": "tag"}, name="tag_first"),
    path("tags/<slug:tag_id>/page/<int:number>/", views.tag, name="tag_page"),
    path("authors/", views.author_index, name="authors"),
    path("authors/<slug:slug>/", views.author, name="author"),
    path("authors/<slug:slug>/page/1/", views.first_page, {"name": "author"}, name="author_first"),
    path("authors/<slug:slug>/page/<int:number>/", views.author, name="author_page"),
    path("archive/", views.archive, name="archive"),
    path("archive/<year:year>/<month:month>/", views.archive_month, name="month"),
    path(
        "archive/<year:year>/<month:month>/page/<int:number>/",
        views.archive_month,
        name="month_page",
    ),
    *(
        path(f"feeds/{where}.{form}", feed, name=f"{name}{form}")
        for name, where in _FEED_PATHS.items()
        for form, feed in _FEEDS.items()
    ),
    path("cards/<slug:version>/<slug:section_id>.png", views.section_card, name="section_card"),
    path(
        "cards/<slug:version>/<slug:section_id>/<slug:slug>.png",
        views.article_card,
        name="article_card",
    ),
    path("sitemap-lists.xml", views.sitemap_lists, name="sitemap_lists"),
    path("sitemap-articles-<int:number>.xml", views.sitemap_articles, name="sitemap_articles"),
    path("sitemap-news.xml", views.sitemap_news, name="sitemap_news"),
    path("preview/<str:token>/", preview_views.preview, name="preview"),
    path("about/sponsors/", views.sponsors, name="sponsors"),
    path("<slug:section_id>/", views.section, name="section"),
    path("<slug:section_id>/page/1/", views.first_page, {"name": "section"}, name="section_first"),
    path("<slug:section_id>/page/<int:number>/", views.section, name="section_page"),
    path("<slug:section_id>/<slug:slug>/", views.article, name="article"),
]
