"""The neutral addresses of the sealed pages: a number, never a name."""

from django.urls import path

from stepwell.apps.selftests import views

app_name = "sealed"
urlpatterns = [path("<int:code>/", views.answer, name="answer")]
