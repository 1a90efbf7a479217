"""Feeds the readers of imports whatever a fuzzer thinks of: each file is read, or refused in words.

`python -m tests.fuzz.readers wxr|hsds|nppes|csv FOLDER -max_total_time=600 -rss_limit_mb=1024`

The folder keeps what the fuzzer found worth keeping; it begins with files of our own builders.
Needs the packages of requirements/fuzz.txt in an environment of its own.
"""

import csv
import importlib
import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stepwell.domain.errors import DomainError

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ROOT / "stepwell/importers/starter"


def use_up(found: Any) -> None:
    """Read to the end; a refusal in words is a good end."""
    try:
        for _ in found:
            pass
    except DomainError:
        pass


def read_wxr(data: bytes) -> None:
    """The export of a WordPress site."""
    from stepwell.importers.wxr.read import read

    use_up(read(io.BytesIO(data), "export.xml"))


def read_hsds(data: bytes) -> None:
    """A file of the Human Services Data Specification."""
    from stepwell.importers.hsds.read import read

    file = SCRATCH / "services.json"
    file.write_bytes(data)
    use_up(read(file))


def read_nppes(data: bytes) -> None:
    """The main file of the register of the United States."""
    from stepwell.importers.mirror.archive import member_of_file
    from stepwell.importers.nppes.child import Job, here
    from stepwell.importers.nppes.fetch import recognise

    path = SCRATCH / "npidata.csv"
    path.write_bytes(data)
    try:
        file = recognise(member_of_file(path), full=True)
    except DomainError:
        return
    if file is None or file.part.name != "MAIN":
        return
    shape = (file.width, list(file.names), list(file.wanted), list(file.seldom))
    use_up(here(Job(path, "", len(data), *shape, skip=0, shaped=True, next_id=1)))


def read_csv(data: bytes) -> None:
    """Listings as a spreadsheet writes them."""
    from stepwell.importers.fetch import decode
    from stepwell.importers.listings.mapping import read_mapping
    from stepwell.importers.listings.read import read

    try:
        text = decode(data, "listings.csv", "utf-8")
    except DomainError:
        return
    use_up(read(text, "listings.csv", read_mapping(SHIPPED / "listings.map.toml")))


READERS: dict[str, Callable[[bytes], None]] = {
    "wxr": read_wxr,
    "hsds": read_hsds,
    "nppes": read_nppes,
    "csv": read_csv,
}
SCRATCH = Path(tempfile.gettempdir())


def seeds(name: str) -> list[bytes]:
    """Return good files of each kind, from what we ship and from the tests' own builders."""
    if name == "hsds":
        return [
            (SHIPPED / "network.hsds.json").read_bytes()[:20_000],
            b'[{"id": "1", "name": "x"}]',
        ]
    if name == "csv":
        return [(SHIPPED / "listings.csv").read_bytes()[:8_000]]
    if name == "nppes":
        build = importlib.import_module("tests.importers.nppes.files")
        file = io.StringIO()
        out = csv.DictWriter(file, build.HEADER, quoting=csv.QUOTE_ALL, restval="")
        out.writeheader()
        out.writerows(build.row(build.npi(place)) for place in range(3))
        return [file.getvalue().encode()]
    words = "<h2>One</h2><p>Words <a href='/x/'>on</a></p>[gallery ids='1']"
    return [
        f'<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content='
        f'"http://purl.org/rss/1.0/modules/content/"><channel><wp:wxr_version>1.2</wp:wxr_version>'
        f"<item><title>One</title><content:encoded><![CDATA[{words}]]></content:encoded>"
        f"<wp:post_id>1</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
        f"</item></channel></rss>".encode()
    ]


def main() -> None:
    """Run the fuzzer over one reader."""
    import atheris
    import django

    global SCRATCH
    name, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (folder / f"seed-{number}").write_bytes(seed)
    SCRATCH = Path(tempfile.mkdtemp())
    with atheris.instrument_imports(include=["stepwell.importers", "stepwell.domain"]):
        django.setup()
        READERS[name](seeds(name)[0])
    atheris.Setup([sys.argv[0], *sys.argv[3:], str(folder)], READERS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
