"""Addresses of the look: the component page, the style and the script."""

from django.urls import path

from stepwell.design import views

app_name = "design"
urlpatterns = [
    path("", views.components, name="components"),
    path("icon.svg", views.icon, name="icon"),
    path("card-<slug:version>.png", views.card, name="card"),
    path("<slug:version>.css", views.style, name="style"),
    path("<slug:version>.js", views.script, name="script"),
]
