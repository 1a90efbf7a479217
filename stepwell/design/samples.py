"""Sample data for the component page. Invented, and plainly so."""

from datetime import date
from typing import Any

from stepwell.domain.sources import Cell, CellState, Checked, Source

SOURCE = Source(
    citation="An example of a source (2026)",
    url="https://example.org/source",
    checked=Checked.SECONDARY,
    checked_on=date(2026, 11, 1),
    review_due=date(2027, 11, 1),
)


def _cell(text: str, state: CellState = CellState.CHECKED) -> Cell:
    return Cell(text=text, state=state, source=SOURCE)


PICTURE = {
    "alt": "Two hills, invented for this page",
    "url": "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 40'%3E"
    "%3Crect width='64' height='40' fill='%23cfe3e8'/%3E%3Cpath d='M0 40 18 14 36 40zM24 40 46 8 "
    "64 40z' fill='%230b3a47'/%3E%3C/svg%3E",
    "srcset": "",
    "width": 640,
    "height": 400,
    "sources": [],
}


def _article(title: str, hue: int) -> dict[str, Any]:
    return {
        "title": title,
        "url": "#",
        "hue": hue,
        "standfirst": "One or two sentences that say what you will learn.",
        "published_on": date(2026, 11, 12),
        "published": "12 November 2026",
        "minutes": 6,
        "why": "Also about rest",
    }


def context() -> dict[str, Any]:
    """Return everything that the component page shows."""
    return {
        "crumbs": [("Home", "/"), ("Design", "/design/"), ("Components", "")],
        "article": _article("A lead article", 135),
        "picture": PICTURE,
        "articles": [_article("An article in a list", hue) for hue in (18, 38, 262)],
        "tags": [{"name": "rest", "url": "#", "count": 3}, {"name": "friends", "url": "#"}],
        "steps": _levels(),
        "rows": [
            {"name": "Scope", "first": _cell("Talking"), "second": _cell("Doing"), "differs": True},
            {
                "name": "Training and credentials",
                "first": _cell("A register"),
                "second": _cell("We could not check this. Ask.", CellState.UNKNOWN),
                "differs": True,
            },
            {
                "name": "Goals",
                "first": _cell("Feeling better", CellState.RECALLED),
                "second": _cell("Feeling better"),
                "differs": False,
            },
        ],
        "label": _label(),
        "marks": [True] * 6 + [False] * 4,
        "problems": [("sample-field", "Choose an answer, or skip the question.")],
        "source": SOURCE,
        "notice": {
            "title": "Sing with us on Mondays",
            "text": "An invented choir looks for voices. Nobody has to read music.",
            "link": "",
            "sponsor": "Example Choir",
        },
        "listings": _listings(),
        "funnel": _funnel(),
        "checks": _checks(),
        "wishes": [
            {"words": words, "without": "sample="}
            for words in ("Counselling", "Up to 40 km from Springfield", "In Urdu")
        ],
        "reviews": _reviews(),
    }


def _levels() -> list[dict[str, Any]]:
    names = ["Keeping well", "On your own", "A little help", "A course of help"]
    names += ["Several professionals", "Urgent help"]
    return [{"number": number, "name": name} for number, name in enumerate(names)]


def _label() -> dict[str, Any]:
    return {
        "title": "Confidentiality: an example",
        "basis": "Law and a professional code",
        "who_can_see": _cell("The person you talk to"),
        "limits": [_cell("If your life is in danger"), _cell("If a court orders it")],
        "records": _cell("Notes are kept"),
        "complain": _cell("To the register"),
    }


def _listings() -> list[dict[str, Any]]:
    """Return a card of a checked listing with its score, and one of an example."""
    facts = [
        ("Cost", "Free"),
        ("New people", "Takes new people (said on 20 November 2026)"),
        ("Languages", "English, Urdu"),
    ]
    card = {
        "url": "#",
        "name": "Example Counselling, Springfield",
        "kind": "Counselling",
        "place": "Springfield",
        "fictional": True,
        "checked": False,
        "check": "Nobody here has checked a licence or title of this provider.",
        "facts": facts,
    }
    part = {"name": "Near", "points": 3, "most": 3, "told": "There, or up to 5 km away"}
    checked = {
        "fictional": False,
        "checked": True,
        "check": "The register itself has confirmed it. On 2 November 2026.",
        "distance": "There, or up to 5 km away",
        "asked": "It is counselling, as you asked.",
        "why": [part],
        "points": 3,
        "most": 18,
    }
    return [{**card, **checked}, card]


def _funnel() -> list[dict[str, Any]]:
    rows = [("1,200 listings in all", 1200), ("800 are another kind of support", 400)]
    rows += [("260 are too far away", 140), ("90 name other languages only", 50)]
    return [
        {
            "words": words,
            "left": f"{left:,} left" if left < rows[0][1] else "",
            "start": 50 - left / 24,
            "width": left / 12,
        }
        for words, left in rows
    ]


def _checks() -> list[dict[str, Any]]:
    return [
        {
            "register": "An example register",
            "look_up": "https://example.org/register",
            "number": "EX 1234",
            "jurisdiction": "GB",
            "checked": True,
            "state": "Checked.",
            "level": "The register itself has confirmed it.",
            "checked_on": "2 November 2026",
            "next_check_on": "2 November 2027",
            "expires_on": "31 July 2028",
            "conditions": "An example of a condition.",
        },
        {
            "register": "Another register",
            "number": "EX 99",
            "jurisdiction": "GB",
            "checked": False,
            "state": "Named by the provider. Nobody has checked it yet.",
        },
    ]


def _reviews() -> list[dict[str, Any]]:
    """Return a badge of each kind: not yet, current, overdue, changed since."""
    signed = {
        "reviewer": "Dr Ada Example, clinical psychologist (an example register, 0000)",
        "reviewed_on": date(2026, 3, 3),
        "review_due": date(2029, 3, 3),
        "interests": "",
    }
    pieces = [
        {"kind": "same", "text": "Rest for"},
        {"kind": "gone", "text": "two"},
        {"kind": "new", "text": "three"},
        {"kind": "same", "text": "days."},
    ]
    folded = [{"kind": "gone", "text": ""}, {"kind": "new", "text": "Other words."}]
    return [
        {"badge": "none", "starter": True},
        {"badge": "current", "starter": False, **signed, "interests": "Sits on a board."},
        {"badge": "overdue", "starter": False, **signed, "review_due": date(2026, 9, 3)},
        {
            "badge": "changed",
            "starter": False,
            "earlier_reviewer": signed["reviewer"],
            "earlier_on": signed["reviewed_on"],
            "more": 2,
            "changes": [
                {"label": "Part", "folded": "", "pieces": pieces},
                {"label": "Content note", "folded": "What it speaks of", "pieces": folded},
            ],
        },
    ]
