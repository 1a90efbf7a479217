"""Every address of the site. Each route is declared in routes.toml."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from stepwell.apps.accounts import views as accounts

handler400 = "stepwell.web.errors.bad_request"
handler403 = "stepwell.web.errors.forbidden"
handler404 = "stepwell.web.errors.not_found"
handler500 = "stepwell.web.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("support/", include("stepwell.apps.support.urls")),
    path("guide/", include("stepwell.apps.guide.urls")),
    path("help-now/", include("stepwell.apps.crisis.urls")),
    path("find/", include("stepwell.apps.directory.urls")),
    path("self-tests/", include("stepwell.apps.selftests.urls")),
    path("q/", include("stepwell.apps.selftests.sealed_urls")),
    path("contact/", include("stepwell.apps.contact.urls")),
    path("design/", include("stepwell.design.urls")),
    path("staff/", include("stepwell.apps.accounts.urls")),
    # One sign-in: Wagtail's own two, which ask for a password alone, lead to it.
    path("admin/login/", accounts.to_sign_in, name="admin_sign_in"),
    path("_util/login/", accounts.to_sign_in, name="readers_sign_in"),
    path("admin/logout/", accounts.sign_out, name="admin_sign_out"),
    path("admin/", include(admin_urls)),
    path("documents/", include(document_urls)),
    path("hsds/", include("stepwell.api.hsds.urls")),
    path("", include("stepwell.api.urls")),
    path("", include("stepwell.web.urls")),
    path("", include("stepwell.apps.magazine.urls")),
    path("", include(wagtail_urls)),
]
