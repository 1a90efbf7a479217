"""Cover art."""

from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from stepwell.design.covers import cover


def test_the_same_text_gives_the_same_picture():
    assert cover("A title", 38) == cover("A title", 38)
    assert cover("A title", 38) != cover("Another", 38)


@given(st.text(), st.integers(0, 359))
def test_any_text_gives_a_picture_under_1500_bytes(seed, hue):
    template = Template("{% load covers %}{% cover seed hue %}")

    drawn = template.render(Context({"seed": seed, "hue": hue}))

    assert len(drawn.encode()) < 1500
    assert "nan" not in drawn
