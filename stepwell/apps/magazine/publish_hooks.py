"""The editors' side of publishing: overrides, copies, and what could not be published in time."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page

from stepwell.apps.magazine import checking, publishing, queries, scheduling
from stepwell.apps.magazine.models import ArticlePage


@hooks.register("before_publish_page")
def write_down_override(request: HttpRequest, page: Page) -> None:
    """Write down the override of an article that had no place in the tree when it was typed."""
    given = getattr(page, "override_given", None)
    if given:
        publishing.override(by=request.user, page=page, findings=given[0], reason=given[1])


@hooks.register("before_copy_page")
def check_copies(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to publish a copy of an article that may not be published itself."""
    published = request.method == "POST" and {"publish_copies", "alias"} & set(request.POST)
    article = page.specific
    if not published or not isinstance(article, ArticlePage):
        return None
    found = checking.unanswered(article)
    if not found:
        return None
    messages.error(request, str(checking.PublishRefused(article, found)))
    return redirect("wagtailadmin_pages:edit", article.pk)


@hooks.register("register_log_actions")
def tell_overrides(actions: LogActionRegistry) -> None:
    """Show overrides in the history of their article."""

    actions.register_action(
        scheduling.REFUSED, "Keep a scheduled draft", "Not published when its time came"
    )

    @actions.register_action(publishing.LOGGED_AS)
    class OverrideFormatter(LogFormatter):
        label = "Publish in spite of findings"

        def format_message(self, log_entry: Any) -> str:
            told = log_entry.data
            return f"Published in spite of {', '.join(told['checks'])}: {told['reason']}"


class KeptBack(Component):
    """Tells editors which scheduled articles the checks kept back."""

    name, order = "kept_back", 40
    template_name = "magazine/admin/kept_back.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Return the articles that are still waiting."""
        return {"pages": queries.kept_back()}


@hooks.register("construct_homepage_panels")
def show_kept_back(request: HttpRequest, panels: list[Component]) -> None:
    """Show scheduled articles that were not published, on the front page of the admin."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        panels.append(KeptBack())
