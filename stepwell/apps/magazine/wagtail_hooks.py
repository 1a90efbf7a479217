"""The editors' side of the room."""

from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from stepwell.apps.magazine.blocks.rich_text import FEATURES


@hooks.register("register_rich_text_features", order=1_000)
def offer_only_the_allow_list(features: FeatureRegistry) -> None:
    """Keep every rich text field to our allow-list: no embeds, no pictures from elsewhere."""
    features.default_features[:] = FEATURES
