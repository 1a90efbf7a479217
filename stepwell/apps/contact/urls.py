"""The room's addresses."""

from django.urls import path

from stepwell.apps.contact import views

app_name = "contact"
urlpatterns = [
    path("", views.write, name="write"),
    path("send/", views.send, name="send"),
    path("withdraw/", views.withdraw, name="withdraw"),
]
