"""Parts of pages that are kept while their values are the same show those values, always."""

from datetime import date

from django.template import Context, Template
from django.utils.safestring import mark_safe

from stepwell.design.templatetags.design import drawn

TAGS = "design/components/_tags.html"


def show(**one: object) -> str:
    return str(drawn(TAGS, tags=[{"name": "rest", "url": "/rest/", **one}]))


def test_other_values_are_another_part() -> None:
    assert show(name="rest") == show(name="rest")
    assert ">rest<" in show(name="rest")
    assert ">sleep<" in show(name="sleep")
    assert "2 articles" in show(count=2)
    assert "1 article<" in show(count=1)


def test_text_that_is_marked_as_safe_is_not_taken_for_the_same_text() -> None:
    for _ in range(2):
        assert "<b>" in show(name=mark_safe("<b>"))
        assert "&lt;b&gt;" in show(name="<b>")


def test_values_without_a_plain_form_are_rendered_every_time() -> None:
    assert "2026" in show(name=date(2026, 11, 24))
    assert "2027" in show(name=date(2027, 11, 24))


def test_a_template_shows_it_unescaped_once() -> None:
    page = Template('{% drawn "design/components/_tags.html" tags=tags %}')
    shown = page.render(Context({"tags": [{"name": "a & b", "url": "/a/"}]}))
    assert '<a href="/a/">a &amp; b</a>' in shown
