"""Names for addresses."""

import pytest

from stepwell.lib.slugs import slug_of


@pytest.mark.parametrize(
    ("parts", "slug"),
    [
        (("Leeds", ""), "leeds"),
        (("Springfield", "Illinois"), "springfield-illinois"),
        (("Berlin", "Berlin"), "berlin"),
        (("Århus", ""), "århus"),
        (("'s-Hertogenbosch", "Noord-Brabant"), "s-hertogenbosch-noord-brabant"),
        (("東京", ""), "東京"),
        (("../..", "<b>"), "b"),
    ],
)
def test_slug_holds_letters_digits_and_hyphens(parts: tuple[str, ...], slug: str) -> None:
    assert slug_of(*parts) == slug
