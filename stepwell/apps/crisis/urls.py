"""The room's addresses."""

from django.urls import path

from stepwell.apps.crisis import views

app_name = "crisis"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:cc>/", views.country, name="country"),
]
