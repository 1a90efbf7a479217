"""A plain Wagtail site over the same articles: pages of the tree, bodies rendered at a view."""

from typing import Any

from django.template import engines
from wagtail.models import Page

from stepwell.apps.magazine.models import ArticlePage, HomePage

LISTED, SHOWN = 5, "-first_published_at"
BASE = """<!doctype html><html lang="en"><head><title>{{ page.title }}</title></head><body>
<nav>{% for one in nav %}<a href="{{ one.url_path }}">{{ one.title }}</a>{% endfor %}</nav>"""
ARTICLE = """<h1>{{ page.title }}</h1><p>{{ page.standfirst }}</p><p>{{ page.author }}</p>
{{ page.body }}
<ol>{% for one in page.references.all %}<li>{{ one.authors }} {{ one.title }} {{ one.doi }}</li>
{% endfor %}</ol>{% if before %}<a href="{{ before.url_path }}">{{ before.title }}</a>{% endif %}
{% if after %}<a href="{{ after.url_path }}">{{ after.title }}</a>{% endif %}
<ul>{% for one in related %}<li><a href="{{ one.url_path }}">{{ one.title }}</a></li>{% endfor %}
</ul></body></html>"""
HOME = """<h1>{{ page.title }}</h1>{% for section, articles in sections %}
<h2>{{ section.title }}</h2><ul>{% for one in articles %}
<li><a href="{{ one.url_path }}">{{ one.title }}</a><p>{{ one.standfirst }}</p></li>{% endfor %}
</ul>
{% endfor %}</body></html>"""


def _nav() -> Any:
    return list(HomePage.objects.get().get_children().live())


def _rendered(template: str, shown: dict[str, Any]) -> str:
    return str(engines["django"].from_string(BASE + template).render(shown))


def plain_article(number: int) -> str:
    """Return the page of an article."""
    page = Page.objects.get(pk=number).specific
    beside = ArticlePage.objects.child_of(page.get_parent()).live().exclude(pk=page.pk)
    shown = {
        "page": page,
        "nav": _nav(),
        "before": beside.filter(path__lt=page.path).order_by("-path").first(),
        "after": beside.filter(path__gt=page.path).order_by("path").first(),
        "related": list(beside.order_by(SHOWN)[:LISTED]),
    }
    return _rendered(ARTICLE, shown)


def plain_home() -> str:
    """Return the front page."""
    nav = _nav()
    sections = [
        (one, list(ArticlePage.objects.child_of(one).live().order_by(SHOWN)[:LISTED]))
        for one in nav
    ]
    return _rendered(HOME, {"page": HomePage.objects.get(), "nav": nav, "sections": sections})
