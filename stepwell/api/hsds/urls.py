"""Addresses of the HSDS door, as its specification has them."""

from django.urls import path

from stepwell.api.hsds import views

app_name = "hsds"
urlpatterns = [
    path("", views.base, name="base"),
    path("openapi.json", views.description, name="openapi"),
    path("profile", views.our_profile, name="profile"),
    path("services", views.services, name="services"),
    path("services/<uuid:key>", views.service, name="service"),
    path("service_at_locations", views.service_at_locations, name="service_at_locations"),
    path("service_at_locations/<uuid:key>", views.service_at_location, name="service_at_location"),
    path("organizations", views.organizations, name="organizations"),
    path("organizations/<uuid:key>", views.organization, name="organization"),
    path("taxonomies", views.taxonomies, name="taxonomies"),
    path("taxonomies/<uuid:key>", views.taxonomy, name="taxonomy"),
    path("taxonomy_terms", views.taxonomy_terms, name="taxonomy_terms"),
    path("taxonomy_terms/<uuid:key>", views.taxonomy_term, name="taxonomy_term"),
    path("<path:rest>", views.nothing_here, name="nothing_here"),
]
