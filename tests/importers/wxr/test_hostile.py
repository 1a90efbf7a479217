"""What somebody could hide in an export or an archive: nothing runs, leaks or grows."""

# ruff: noqa: E501 - an attack is one line

import io
import resource
import stat
import time
import zipfile
from pathlib import Path

import pytest
from html5lib import HTMLParser

from stepwell.apps.magazine import rendering
from stepwell.importers.article_runs import import_wxr
from stepwell.importers.records import ImportRefused
from stepwell.importers.wxr import media
from stepwell.importers.wxr.read import read
from tests.importers.wxr.build import export, item, write
from tests.importers.wxr.test_edge_cases import FIXTURES, NOW, page

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><circle/></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=' data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='https://e.example/\"onmouseover=alert(1) x=\"'>x</a>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<details open ontoggle=alert(1)><summary><img src=x onerror=alert(1)></summary>y</details>",
    "<blockquote>q<cite><script>alert(1)</script>&lt;img src=x onerror=alert(1)&gt;</cite></blockquote>",
    "<h2><img src=x onerror=alert(1)>&lt;script&gt;alert(1)&lt;/script&gt;</h2>text",
    "<figure><img src='/wp-content/uploads/x.jpg'><figcaption>&lt;script&gt;alert(1)</figcaption></figure>",
    "<form action='javascript:alert(1)'><button>go</button></form>",
    "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<object data='javascript:alert(1)'></object><embed src='javascript:alert(1)'>",
    "<style>@import 'javascript:alert(1)'</style><p style='background:url(javascript:alert(1))'>x</p>",
    "<!-- --!><script>alert(1)</script> -->",
    "[caption]<img src=x onerror=alert(1)><script>alert(1)</script>[/caption]",
    '[gallery ids="1\\"><script>alert(1)</script>"]',
    "[embed]javascript:alert(1)[/embed]",
    '<!-- wp:embed {"url":"javascript:alert(1)"} /-->',
    '<!-- wp:acme/x {"a":"<script>alert(1)</script>"} --><p onclick=alert(1)>x</p><!-- /wp:acme/x -->',
    "<p>\x3cscript\x3ealert(1)\x3c/script\x3e</p>",
    "<a href='https://e.example/?a=1&amp;b=<script>alert(1)</script>'>x</a>",
    "<table><tr><td><script>alert(1)</script>&lt;img src=x onerror=alert(1)&gt;</td></tr></table>",
]


def runs_nothing(html: str) -> bool:
    """Say whether a browser would find nothing to run in it."""
    tree = HTMLParser(namespaceHTMLElements=False).parseFragment(html)
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        if node.tag in {
            "script",
            "iframe",
            "object",
            "embed",
            "base",
            "meta",
            "form",
            "svg",
            "math",
        }:
            return False
        for name, value in node.attrib.items():
            scheme = "".join(str(value).split()).lower()
            if name.startswith("on") or scheme.startswith(("javascript:", "data:", "vbscript:")):
                return False
    return True


def test_the_check_itself_finds_what_runs():
    assert not runs_nothing("<p onclick=x>y</p>")
    assert not runs_nothing("<a href='java\tscript:alert(1)'>x</a>")
    assert runs_nothing("<p><a href='https://e.example/'>x</a></p>")


@pytest.mark.django_db
def test_I2_nothing_that_runs_survives_the_way_into_a_page(tmp_path):
    posts = [
        item(n, title=f"{attack} t", content=f"<p>Words</p>{attack}", excerpt=attack)
        for n, attack in enumerate(ATTACKS, 1)
    ]
    import_wxr([write(tmp_path, *posts)], clock=lambda: NOW)

    for number, attack in enumerate(ATTACKS, 1):
        _, text = rendering.draft(page(number))
        assert runs_nothing(text.body), attack


@pytest.mark.parametrize("name", ["xxe", "billion-laughs"])
def test_I3_entities_are_refused_at_once(name: str):
    started = time.monotonic()

    with (FIXTURES / f"{name}.xml").open("rb") as stream, pytest.raises(ImportRefused):
        list(read(stream, "x.xml"))

    assert time.monotonic() - started < 5


def test_I3_tags_that_stand_deep_in_each_other_are_refused(tmp_path):
    path = write(tmp_path, item(1, extra="<a>" * 100_000 + "</a>" * 100_000))

    with path.open("rb") as stream, pytest.raises(ImportRefused, match="deep in each other"):
        list(read(stream, "x.xml"))


def test_I3_a_large_export_is_read_in_little_memory(tmp_path):
    path = tmp_path / "large.xml"
    whole = export("MARK")
    before, after = whole.split("MARK")
    piece = item(1, content="word " * 20_000)
    with path.open("w") as out:
        out.write(before)
        for _ in range(600):
            out.write(piece)
        out.write(after)
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with path.open("rb") as stream:
        count = sum(1 for _ in read(stream, "large.xml"))

    assert path.stat().st_size > 55_000_000
    assert count == 602
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) / 1024 < 40


def archive(folder: Path, **files: bytes) -> Path:
    path = folder / "media.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return path


def test_a_picture_is_found_in_an_archive(tmp_path):
    path = archive(tmp_path, **{"wp-content/uploads/2020/a.jpg": b"bytes"})

    assert media.open_media(path).read("2020/a.jpg") == b"bytes"
    assert media.open_media(path).read("../a.jpg") is None


@pytest.mark.parametrize("name", ["../out.jpg", "/etc/out.jpg", "a/../../out.jpg", "..\\out.jpg"])
def test_I3_an_archive_that_climbs_out_is_refused(tmp_path, name):
    with pytest.raises(ImportRefused, match="climbs out"):
        media.open_media(archive(tmp_path, **{name: b"x"}))


def test_I3_an_archive_with_a_link_is_refused(tmp_path):
    info = zipfile.ZipInfo("uploads/link.jpg")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = tmp_path / "media.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(info, "/etc/passwd")

    with pytest.raises(ImportRefused, match="link"):
        media.open_media(path)


def test_I3_an_archive_that_grows_absurdly_is_refused_and_nothing_is_unpacked(tmp_path):
    with pytest.raises(ImportRefused, match="grows more than 100 times"):
        media.open_media(archive(tmp_path, **{"uploads/bomb.jpg": b"\0" * 30_000_000}))


def test_I3_an_archive_in_an_archive_is_never_opened(tmp_path):
    inner = archive(tmp_path, **{"uploads/a.jpg": b"x"}).read_bytes()

    found = media.open_media(archive(tmp_path, **{"uploads/inner.zip": inner}))

    assert found.read("a.jpg") is None


def test_I3_an_archive_with_too_many_files_is_refused_before_its_list_is_read(tmp_path):
    path = archive(tmp_path, **{"uploads/a.jpg": b"x"})
    raw = bytearray(path.read_bytes())
    at = raw.rfind(b"PK\x05\x06")
    raw[at + 10 : at + 12] = b"\xff\xff"
    path.write_bytes(raw)

    with pytest.raises(ImportRefused, match="too many files"):
        media.open_media(path)


def test_I3_a_link_in_a_folder_leads_nowhere(tmp_path):
    (tmp_path / "uploads").mkdir()
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (tmp_path / "uploads" / "a.jpg").symlink_to(tmp_path / "secret.jpg")

    assert media.open_media(tmp_path / "uploads").read("a.jpg") is None


def test_I3_an_export_that_ends_in_half_a_character_is_refused_in_words():
    with pytest.raises(ImportRefused):
        list(read(io.BytesIO(b"\xff\xfe@"), "export.xml"))
