"""Made-up self-tests: small ones for each rule alone, and one that uses every rule at once."""

from pathlib import Path
from typing import Any

from stepwell.domain import instrument_checks, loading
from stepwell.domain.instrument_schema import Instrument

EVERYTHING = Path(__file__).parent / "everything"  # a host's folder with one made-up test
SOURCE = {
    "citation": "Made up for a test",
    "checked": "read",
    "checked_on": "2026-11-23",
    "review_due": "2027-11-23",
}
ALL_REQUIRED = {"rule": "all_required", "published": "made up"}


def make_scale(items: str = "a b c d", **keys: Any) -> dict[str, Any]:
    """Return a scale over items named by letters; ends are filled in by make_instrument."""
    members = {} if "parts" in keys else {"items": items.split()}
    return {"id": "total", "about": "made up", "lowest": 0, "highest": 0, **members, **keys}


def make_instrument(
    *scales: dict[str, Any],
    items: str = "a b c d",
    values: tuple[int, ...] = (0, 1, 2, 3, 4),
    missing: dict[str, Any] | None = None,
    **keys: Any,
) -> Instrument:
    """Return an instrument with the items of that string and the ends its scales reach."""
    raw = {
        "id": "made-up",
        "code": 99,
        "licence": {
            "kind": "public-domain",
            "standing": "owner",
            "owner": "nobody",
            "terms": "made up",
            "cleared": True,
            "evidence": [{"words": "free", "where": "here", "seen_on": "2026-11-23"}],
        },
        "options": {"answers": values},
        "items": [{"id": name, "options": "answers"} for name in items.split()],
        "scales": [dict(scale) for scale in scales or (make_scale(),)],
        "missing_answers": missing or ALL_REQUIRED,
        "source": SOURCE,
        "youngest_age": 18,
        "repeat_after_days": 0,
        "examples": [],
        "doi": "",
        **keys,
    }
    words = ("name", "short_name", "measures", "measures_not", "made_by", "published_in")
    raw |= dict.fromkeys((*words, "for_whom", "time_frame"), "made up")
    return _with_ends(raw)


def _with_ends(raw: dict[str, Any]) -> Instrument:
    draft = loading.parse(raw, Instrument, where="made up")
    for scale, part in zip(draft.scales, raw["scales"], strict=True):
        low, high = instrument_checks.ends(draft, scale)
        part |= {"lowest": int(low), "highest": int(high)}
    made = loading.parse(raw, Instrument, where="made up")
    assert list(instrument_checks.problems(made)) == []
    return made
