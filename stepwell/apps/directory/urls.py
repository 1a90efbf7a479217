"""The room's addresses."""

from django.urls import URLPattern, path

from stepwell.apps.directory import views

app_name = "directory"
urlpatterns: list[URLPattern] = [
    path("", views.search, name="search"),
    path("kinds/<slug:kind_id>/", views.kind, name="kind"),
    path("<uuid:listing_id>/", views.listing, name="listing"),
]
