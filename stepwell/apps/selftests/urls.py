"""The room's addresses."""

from django.urls import path

from stepwell.apps.selftests import views

app_name = "selftests"
urlpatterns = [
    path("", views.index, name="index"),
    path("licences/", views.licences, name="licences"),
    path("about/<slug:tag_id>/", views.by_tag, name="by_tag"),
    path("for/<slug:need_id>/", views.by_need, name="by_need"),
    path("<slug:test_id>/", views.intro, name="intro"),
    path("<slug:test_id>/paper/", views.paper, name="paper"),
]
