"""The room's addresses: neutral words, and no answer is ever part of one."""

from django.urls import path

from stepwell.apps.guide import views

app_name = "guide"
urlpatterns = [
    path("", views.start, name="start"),
    path("step/", views.step, name="step"),
    path("plan/", views.plan, name="plan"),
]
