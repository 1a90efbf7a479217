"""Writes main files of NPPES of any size: 330 columns of V2, every cell quoted, nobody real.

Numbers start with 2, which no issued number does; names are made of syllables. What
the reading depends on is as in the real file: most cells are empty, the file is not in
the order of its numbers, about one row in four has a second taxonomy, some have
many, and some in a thousand hold a quote or an accent and so take the slow way.

    python -m bench.nppes_files FOLDER ROWS [SEED]
"""

import sys
from pathlib import Path

import numpy as np

CHUNK = 50_000
ALL = 100_000_000  # numbers from 2000000000 on, each with its check digit
STEP = 22_949_823  # odd and no multiple of 5: meets every one of them before one comes again
SYLLABLES = [
    "AN", "BEL", "COR", "DA", "EL", "FEN", "GAR", "HU", "IS", "JO", "KA", "LIN", "MAR",
    "NOR", "OS", "PE", "QUI", "ROS", "STA", "TOR", "UL", "VER", "WIL", "YAN", "ZEM",
]  # fmt: skip
CODES = [
    "101YM0800X", "1041C0700X", "103TC0700X", "2084P0800X", "106H00000X", "225X00000X",
    "235Z00000X", "207Q00000X", "363LF0000X", "183500000X", "122300000X", "152W00000X",
    "163W00000X", "208D00000X", "261QM0801X", "332B00000X",
]  # fmt: skip
STATES = [
    "CA", "NY", "TX", "FL", "PA", "IL", "OH", "GA", "NC", "MI", "NJ", "VA", "WA",
    "AZ", "MA", "TN", "IN", "MO", "MD", "WI", "CO", "MN", "SC", "AL", "LA",
]  # fmt: skip
TAXONOMY = (
    "Healthcare Provider Taxonomy Code_{}",
    "Provider License Number_{}",
    "Provider License Number State Code_{}",
    "Healthcare Provider Primary Taxonomy Switch_{}",
)
DOUBLED = {str(digit): digit * 2 - 9 * (digit > 4) for digit in range(10)}
OTHER = "Other Provider Identifier"


def header() -> list[str]:
    """Return the 330 names of V2, in its order."""
    mailing = "Provider Business Mailing Address {}"
    practice = "Provider Business Practice Location Address {}"
    tail = ["City Name", "State Name", "Postal Code", "Country Code (If outside U.S.)",
            "Telephone Number", "Fax Number"]  # fmt: skip
    official = "Authorized Official "
    return [
        "NPI", "Entity Type Code", "Replacement NPI", "Employer Identification Number (EIN)",
        "Provider Organization Name (Legal Business Name)", "Provider Last Name (Legal Name)",
        "Provider First Name", "Provider Middle Name",
        "Provider Name Prefix Text", "Provider Name Suffix Text", "Provider Credential Text",
        "Provider Other Organization Name", "Provider Other Organization Name Type Code",
        "Provider Other Last Name", "Provider Other First Name", "Provider Other Middle Name",
        "Provider Other Name Prefix Text", "Provider Other Name Suffix Text",
        "Provider Other Credential Text", "Provider Other Last Name Type Code",
        "Provider First Line Business Mailing Address",
        "Provider Second Line Business Mailing Address",
        *(mailing.format(name) for name in tail),
        "Provider First Line Business Practice Location Address",
        "Provider Second Line Business Practice Location Address",
        *(practice.format(name) for name in tail),
        "Provider Enumeration Date", "Last Update Date", "NPI Deactivation Reason Code",
        "NPI Deactivation Date", "NPI Reactivation Date", "Provider Sex Code",
        *(official + name for name in ("Last Name", "First Name", "Middle Name",
                                       "Title or Position", "Telephone Number")),
        *(name.format(n) for n in range(1, 16) for name in TAXONOMY),
        *(f"{OTHER}{name}_{n}" for n in range(1, 51)
          for name in ("", " Type Code", " State", " Issuer")),
        "Is Sole Proprietor", "Is Organization Subpart", "Parent Organization LBN",
        "Parent Organization TIN",
        *(official + name for name in ("Name Prefix Text", "Name Suffix Text", "Credential Text")),
        *(f"Healthcare Provider Taxonomy Group_{n}" for n in range(1, 16)),
        "Certification Date",
    ]  # fmt: skip


def number(place: int) -> str:
    """Return the NPI at a place; two places never have the same."""
    start = f"{200_000_000 + place * STEP % ALL}"
    total = 24 + sum(DOUBLED[digit] for digit in start[0::2]) + sum(map(int, start[1::2]))
    return f"{start}{-total % 10}"


def lines(first: int, rows: int, rng: np.random.Generator) -> list[str]:
    """Return rows from `first` on."""
    draws = rng.integers(0, 2**31, (rows, 12))
    return [line(first + row, draw) for row, draw in enumerate(draws.tolist())]


def line(place: int, d: list[int]) -> str:
    """Return one row of the file."""
    npi = number(place)
    if d[0] % 100 < 3:  # deactivated: a number and a day
        return row_of([npi] + [""] * 38 + [day(d[1])], 290)
    organisation = d[0] % 100 < 24
    last = "".join(SYLLABLES[d[n] % 25] for n in (1, 2, 3))
    first = "".join(SYLLABLES[d[n] % 25] for n in (4, 5))
    state = STATES[d[6] % 25]
    town, postcode = f"{SYLLABLES[d[7] % 25]}{SYLLABLES[d[8] % 25]}TON", f"{d[9] % 10**9:09}"
    if organisation:
        quoted = ' ""EXAMPLE""' if d[10] % 400 == 0 else ""
        who = ["2", "", "<UNAVAIL>", f"{last} {first}{quoted} COUNSELING SERVICES LLC"] + [""] * 15
    else:
        accent = "É" if d[10] % 1000 == 0 else ""
        other = [last[::-1], first] if d[10] % 12 == 0 else ["", ""]
        who = ["1", "", "", "", last + accent, first, "ABCDEL"[d[11] % 6], "", "", "LCSW",
               "", "", *other, "", "", "", "", ""]  # fmt: skip
    address = [f"{d[7] % 9900 + 100} {last} AVE", f"STE {d[8] % 400}", town, state, postcode, "US",
               f"555{d[9] % 10**7:07}", ""]  # fmt: skip
    official = [last, first, "", "OWNER", f"555{d[3] % 10**7:07}"] if organisation else [""] * 5
    start = [npi, *who, *address, *address, day(d[2]), day(d[3]), "", "", "",
             "" if organisation else "MF"[d[4] % 2], *official]  # fmt: skip
    return row_of([*start, *taxonomies(d, state)], 330 - len(start) - 60, day(d[3]))


def taxonomies(d: list[int], state: str) -> list[str]:
    """Return the sixty cells of the taxonomies: one mostly, sometimes two, seldom fifteen."""
    many = 15 if d[5] % 500 == 0 else 2 if d[5] % 4 == 0 else 1
    cells = []
    for n in range(many):
        licence = f"{d[(n + 6) % 12] % 99_999:06}"
        cells += [CODES[(d[6] >> n) % 16], licence, state, "N" if n else "Y"]
    return cells + [""] * (60 - len(cells))


def day(draw: int) -> str:
    """Return a day as the file writes it."""
    return f"{draw % 12 + 1:02}/{draw // 12 % 28 + 1:02}/{2006 + draw // 336 % 20}"


def row_of(cells: list[str], empty: int, last: str = "") -> str:
    """Return a row, filled up with empty cells."""
    return '"' + '","'.join(cells) + '","' + '","'.join([*[""] * (empty - 1), last]) + '"\n'


def write(folder: Path, rows: int, seed: int = 5, *, full: bool = True) -> Path:
    """Write a file of so many rows and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    span = "20050523-20261108" if full else "20261102-20261108"
    path = folder / f"npidata_pfile_{span}.csv"
    rng = np.random.default_rng(seed)
    with path.open("w", encoding="utf-8", newline="", buffering=2**22) as file:
        file.write('"' + '","'.join(header()) + '"\n')
        for first in range(0, rows, CHUNK):
            file.writelines(lines(first, min(CHUNK, rows - first), rng))
    return path


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2]), *map(int, sys.argv[3:])))
