"""The room's addresses. They come last of all rooms': a section has no prefix."""

from django.urls import path

from stepwell.apps.magazine import feeds, views

app_name = "magazine"

_rss, _atom = feeds.LatestRss(), feeds.LatestAtom()

urlpatterns = [
    path("", views.home, name="home"),
    path("latest/", views.latest, name="latest"),
    path("latest/page/1/", views.first_page, {"name": "latest"}, name="latest_first"),
    path("latest/page/<int:number>/", views.latest, name="latest_page"),
    path("tags/<slug:tag_id>/", views.tag, name="tag"),
    path("tags/<slug:tag_id>/page/1/", views.first_page, {"name": "tag"}, name="tag_first"),
    path("tags/<slug:tag_id>/page/<int:number>/", views.tag, name="tag_page"),
    path("authors/<slug:slug>/", views.author, name="author"),
    path("authors/<slug:slug>/page/1/", views.first_page, {"name": "author"}, name="author_first"),
    path("authors/<slug:slug>/page/<int:number>/", views.author, name="author_page"),
    path("feeds/latest.rss", _rss, name="rss"),
    path("feeds/latest.atom", _atom, name="atom"),
    path("feeds/<slug:section_id>.rss", _rss, name="section_rss"),
    path("feeds/<slug:section_id>.atom", _atom, name="section_atom"),
    path("sitemap.xml", views.sitemap_index, name="sitemap"),
    path("sitemap-articles.xml", views.sitemap_articles, name="sitemap_articles"),
    path("sitemap-news.xml", views.sitemap_news, name="sitemap_news"),
    path("<slug:section_id>/", views.section, name="section"),
    path("<slug:section_id>/page/1/", views.first_page, {"name": "section"}, name="section_first"),
    path("<slug:section_id>/page/<int:number>/", views.section, name="section_page"),
    path("<slug:section_id>/<slug:slug>/", views.article, name="article"),
]
