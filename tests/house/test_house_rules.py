"""The rules of the house: layout, sizes, words, and what templates may hold."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.conftest import ROOT

PACKAGE = ROOT / "stepwell"
SOURCES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "migrations" not in path.parts and path.name != "__init__.py"
]
TEMPLATES = sorted(PACKAGE.rglob("*.html"))
ROOMS = sorted(path for path in (PACKAGE / "apps").iterdir() if (path / "apps.py").exists())
ROOM_FILES = {
    "models", "queries", "actions", "access", "forms", "presenters", "views", "tasks", "blocks",
    "wagtail_hooks", "apps", "urls", "migrations", "templates", "static", "management",
}  # fmt: skip


VIEWS = [room / "views.py" for room in ROOMS if (room / "views.py").exists()]
# The one page that carries its own, hash-pinned script and style.
SEALED = {"stepwell/apps/selftests/templates/selftests/sealed.html"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_file_is_short(path: Path):
    lines = path.read_text(encoding="utf-8").count("\n")

    assert lines <= 400, f"{lines} lines: split it"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_functions_are_short_and_public_ones_say_what_they_return(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 50, f"{node.name} has {length} lines"
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


def test_nine_of_ten_functions_are_under_25_lines():
    lengths = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]

    assert sum(length <= 25 for length in lengths) / len(lengths) >= 0.9


def test_nothing_is_called_utils():
    assert [name(path) for path in PACKAGE.rglob("*util*") if "static" not in path.parts] == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_room_has_a_readme(room: Path):
    assert (room / "README.md").exists()


@pytest.mark.parametrize("views", VIEWS, ids=name)
def test_views_ask_queries_and_never_tables(views: Path):
    assert ".objects" not in views.read_text(encoding="utf-8")


@pytest.mark.parametrize("views", VIEWS, ids=name)
def test_views_are_functions_under_20_lines(views: Path):
    tree = ast.parse(views.read_text(encoding="utf-8"))

    assert [node.name for node in tree.body if isinstance(node, ast.ClassDef)] == []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 20, node.name


@pytest.mark.parametrize("path", list((PACKAGE / "apps").rglob("access.py")), ids=name)
def test_each_check_has_its_question(path: Path):
    functions = set(re.findall(r"def (\w+)\(", path.read_text(encoding="utf-8")))
    checks = {name.removeprefix("check_") for name in functions if name.startswith("check_can_")}

    assert checks <= functions


@pytest.mark.parametrize("path", [p for p in TEMPLATES if name(p) not in SEALED], ids=name)
def test_P5_template_holds_no_inline_script_style_or_handler(path: Path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or "application/ld+json" in script, script


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_P3_template_loads_nothing_from_other_hosts(path: Path):
    text = path.read_text(encoding="utf-8")

    loaded = re.findall(r"""(?:src|srcset|poster|data)\s*=\s*["'](?:https?:)?//""", text)
    linked = re.findall(r"""<link[^>]+href=["'](?:https?:)?//""", text)
    assert loaded + linked == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_form_works_without_a_script(path: Path):
    for form in re.findall(r"<form[^>]*>", path.read_text(encoding="utf-8")):
        assert "action=" in form, form
        assert "method=" in form, form


def test_style_and_scripts_stay_small():
    look = PACKAGE / "design" / "static" / "design"
    css = sum(path.read_text(encoding="utf-8").count("\n") for path in look.rglob("*.css"))
    js = sum(path.read_text(encoding="utf-8").count("\n") for path in look.glob("*.js"))

    assert css <= 1200
    assert js <= 600


@pytest.mark.parametrize(
    "path", sorted((PACKAGE / "design/static/design/components").glob("*.css")), ids=name
)
def test_colours_stand_in_tokens_only(path: Path):
    found = re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", path.read_text(encoding="utf-8"))

    assert found == []


@pytest.mark.parametrize(
    "path", sorted((PACKAGE / "design/static/design/components").glob("*.css")), ids=name
)
def test_every_component_is_shown_on_the_design_page(client, path: Path):
    names = set(re.findall(r"^  \.([a-z][a-z_-]*)", path.read_text(encoding="utf-8"), re.M))

    text = client.get("/design/").content.decode()

    shown = set(" ".join(re.findall(r'class="([^"]*)"', text)).split())
    assert names & shown, f"none of {sorted(names)} stands on /design/"


PHYSICAL = re.compile(
    r"(?:margin|padding|border)-(?:left|right|top|bottom)\b|(?<![-\w])(?:left|right)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)


def test_W7_styles_know_no_left_and_right():
    styles = sorted(PACKAGE.rglob("*.css"))

    assert styles
    assert {name(path) for path in styles if PHYSICAL.search(path.read_text("utf-8"))} == set()


NETWORK = {
    "socket",
    "ssl",
    "http.client",
    "urllib.request",
    "ftplib",
    "asyncio",
    "requests",
    "httpx",
}


def test_I4_nothing_but_the_private_listener_knows_the_network():
    """An import reads files; whoever needs the network here has to say so in this test."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            else:
                continue
            found |= {(name(path), one) for one in names & NETWORK}

    assert found == {("stepwell/cli/private.py", "socket")}


def own_fields() -> list[tuple[str, str]]:
    """(app label, Model.field) of every stored field of our rooms."""
    found = []
    for model in apps.get_models(include_auto_created=False):
        if not model.__module__.startswith("stepwell."):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.Field) and field.concrete and field.model is model:
                found.append((model._meta.app_label, f"{model.__name__}.{field.name}"))
    return found


@pytest.mark.parametrize(("label", "field"), own_fields(), ids=lambda value: value)
def test_D1_every_stored_field_has_a_class(label: str, field: str):
    classes = vars(apps.get_app_config(label).models_module)["FIELD_CLASSES"]

    assert classes.get(field) in {"A", "B", "C", "D"}


def test_no_file_speaks_of_one_machine():
    pattern = re.compile(
        r"(?<![\w.])/(?:wo" + "rk|ho" + "me)/|" + "pypi" + r"\.org|registry\.npm" + "js"
    )
    skipped = {"package-lock.json"}
    texts = [
        path
        for folder in ("stepwell", "docs", "tests", ".ci", "requirements", "bench")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".md", ".toml", ".html", ".txt", ".in", ".css", ".js", ""}
        and path.is_file()
        and path.name not in skipped
        and "node_modules" not in path.parts
    ]

    hits = [
        name(p) for p in texts if pattern.search(p.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert hits == []
