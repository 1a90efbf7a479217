"""The room's addresses."""

from django.urls import URLPattern, path

from stepwell.apps.directory import views
from stepwell.apps.directory.freshness import views as freshness

app_name = "directory"
urlpatterns: list[URLPattern] = [
    path("", views.search, name="search"),
    path("kinds/<slug:kind_id>/", views.kind, name="kind"),
    path("<uuid:listing_id>/", views.listing, name="listing"),
    path("<uuid:listing_id>/report/", freshness.report, name="report"),
    path("reported/", freshness.reported, name="reported"),
    path("confirm/<str:token>/", freshness.confirm, name="confirm"),
    path("confirm/<str:token>/<slug:done>/", freshness.confirmed, name="confirmed"),
    path("accuracy/", freshness.accuracy, name="accuracy"),
]
