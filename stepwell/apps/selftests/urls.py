"""The room's addresses."""

from django.urls import path

from stepwell.apps.selftests import views

app_name = "selftests"
urlpatterns = [
    path("", views.index, name="index"),
    path("licences/", views.licences, name="licences"),
    path("<slug:test_id>/", views.intro, name="intro"),
    path("<slug:test_id>/paper/", views.paper, name="paper"),
]
