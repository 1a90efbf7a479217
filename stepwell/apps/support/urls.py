"""The room's addresses: ids of facts, country codes in small letters."""

from django.urls import path

from stepwell.apps.support import views

app_name = "support"
urlpatterns = [
    path("", views.index, name="index"),
    path("choose/", views.choose, name="choose"),
    path("confidentiality/", views.confidentiality, name="confidentiality"),
    path("therapy/", views.therapy, name="therapy"),
    path("professions/", views.professions, name="professions"),
    path("professions/<slug:profession_id>/", views.profession, name="profession"),
    path("professions/<slug:profession_id>/in/<slug:cc>/", views.profession, name="profession_in"),
    path("approaches/", views.approaches, name="approaches"),
    path("approaches/<slug:approach_id>/", views.approach, name="approach"),
    path("<slug:a>/vs/<slug:b>/", views.compare, name="compare"),
    path("<slug:a>/vs/<slug:b>/in/<slug:cc>/", views.compare, name="compare_in"),
    path("<slug:kind_id>/", views.kind, name="kind"),
    path("<slug:kind_id>/in/<slug:cc>/", views.kind, name="kind_in"),
]
