"""Addresses of pages that belong to no room or join several."""

from django.urls import path, re_path

from stepwell.web import media, sitemaps, views

app_name = "web"
urlpatterns = [
    re_path(media.PATTERN, media.media, name="media"),
    path("search/", views.search, name="search"),
    path("search/as-you-type/", views.search_as_you_type, name="search_as_you_type"),
    path("exit/", views.leave, name="exit"),
    path("about/", views.about, name="about"),
    path("about/what-this-is/", views.what_this_is, name="what_this_is"),
    path("about/privacy/", views.privacy, name="privacy"),
    path("about/disclaimer/", views.disclaimer, name="disclaimer"),
    path("about/sitemap/", views.sitemap, name="sitemap"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemap-pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemap-towns-<int:number>.xml", sitemaps.towns, name="sitemap_towns"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path(".well-known/gpc.json", views.gpc, name="gpc"),
    path(".well-known/change-password", views.change_password, name="change_password"),
]
