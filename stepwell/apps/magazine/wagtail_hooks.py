"""The editors' side of the room."""

from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from stepwell.apps.magazine import notice_hooks, preview_hooks, publish_hooks, review_hooks
from stepwell.apps.magazine.blocks.rich_text import FEATURES
from stepwell.apps.magazine.models import Author

__all__ = [
    "notice_hooks",
    "preview_hooks",
    "publish_hooks",
    "review_hooks",
]  # imported for their hooks


class AuthorViewSet(SnippetViewSet):
    """The profiles of authors, in the editors' menu."""

    model = Author
    icon = "user"
    menu_label = "Authors"
    add_to_admin_menu = True
    list_display = ("name", "role", "source")
    search_fields = ("name", "role")


register_snippet(AuthorViewSet)


@hooks.register("register_rich_text_features", order=1_000)
def offer_only_the_allow_list(features: FeatureRegistry) -> None:
    """Keep every rich text field to our allow-list: no embeds, no pictures from elsewhere."""
    features.default_features[:] = FEATURES
