"""Builders of small NPPES files with invented people. Their numbers start with 2."""

import csv
from pathlib import Path

from stepwell.domain.credentials import luhn_sum

HEADER = [
    "NPI", "Entity Type Code", "Replacement NPI", "Employer Identification Number (EIN)",
    "Provider Organization Name (Legal Business Name)", "Provider Last Name (Legal Name)",
    "Provider First Name", "Provider Middle Name", "Provider Name Suffix Text",
    "Provider Credential Text", "Provider Other Organization Name", "Provider Other Last Name",
    "Provider Other First Name", "Provider First Line Business Mailing Address",
    "Provider Business Practice Location Address City Name",
    "Provider Business Practice Location Address State Name",
    "Provider Business Practice Location Address Postal Code",
    "Provider Business Practice Location Address Country Code (If outside U.S.)",
    "Provider Business Practice Location Address Telephone Number", "Provider Enumeration Date",
    "Last Update Date", "NPI Deactivation Date", "NPI Reactivation Date", "Provider Sex Code",
    *(name.format(n) for n in range(1, 16) for name in (
        "Healthcare Provider Taxonomy Code_{}", "Provider License Number_{}",
        "Provider License Number State Code_{}", "Healthcare Provider Primary Taxonomy Switch_{}",
    )),
]  # fmt: skip
SHORT = {
    "kind": "Entity Type Code", "organisation": HEADER[4], "last": HEADER[5], "first": HEADER[6],
    "middle": HEADER[7], "town": HEADER[14], "state": HEADER[15], "postcode": HEADER[16],
    "country": HEADER[17], "phone": HEADER[18], "off": HEADER[21], "on": HEADER[22],
    "code": HEADER[24], "licence": HEADER[25], "board": HEADER[26], "switch": HEADER[27],
}  # fmt: skip
PERSON = {
    "kind": "1", "last": "EXAMPLE", "first": "ADA", "town": "SPRINGFIELD", "state": "IL",
    "postcode": "627010001", "country": "US", "phone": "5550100000", "code": "101YM0800X",
    "licence": "180.001234", "board": "IL", "switch": "Y",
}  # fmt: skip


def npi(place: int) -> str:
    """Return the invented number at a place."""
    start = f"{200_000_000 + place}"
    return f"{start}{-luhn_sum(f'80840{start}0') % 10}"


def row(number: str, **told: str) -> dict[str, str]:
    """Return a row: a person, unless something else is told. Names of columns may be short."""
    merged = {**PERSON, **told}
    return {"NPI": number, **{SHORT.get(name, name): value for name, value in merged.items()}}


def bare(number: str, off: str) -> dict[str, str]:
    """Return the row of a deactivated number."""
    return {"NPI": number, SHORT["off"]: off}


def write(path: Path, rows, header=HEADER, encoding="utf-8") -> Path:
    """Write a main file, every cell quoted."""
    with path.open("w", encoding=encoding, newline="") as file:
        out = csv.DictWriter(file, header, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    return path
