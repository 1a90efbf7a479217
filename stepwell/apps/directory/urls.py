"""The room's addresses."""

from django.urls import URLPattern, path

from stepwell.apps.directory import landing_views, views
from stepwell.apps.directory.freshness import views as freshness

app_name = "directory"
urlpatterns: list[URLPattern] = [
    path("", views.search, name="search"),
    path("kinds/", landing_views.kinds, name="kinds"),
    path("kinds/<slug:kind_id>/", landing_views.kind, name="kind"),
    path("kinds/<slug:kind_id>/<slug:cc>/", landing_views.country, name="kind_in"),
    path(
        "kinds/<slug:kind_id>/<slug:cc>/page/<int:number>/",
        landing_views.country,
        name="kind_in_page",
    ),
    path("kinds/<slug:kind_id>/<slug:cc>/<str:slug>/", landing_views.town, name="town"),
    path(
        "kinds/<slug:kind_id>/<slug:cc>/<str:slug>/page/<int:number>/",
        landing_views.town,
        name="town_page",
    ),
    path("<uuid:listing_id>/", views.listing, name="listing"),
    path("<uuid:listing_id>/report/", freshness.report, name="report"),
    path("reported/", freshness.reported, name="reported"),
    path("confirm/<str:token>/", freshness.confirm, name="confirm"),
    path("confirm/<str:token>/<slug:done>/", freshness.confirmed, name="confirmed"),
    path("accuracy/", freshness.accuracy, name="accuracy"),
]
