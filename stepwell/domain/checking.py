"""All facts at once: are they in order, and how was each checked?"""

from collections.abc import Callable, Mapping

from stepwell.domain import (
    approaches,
    claim_facts,
    credentials,
    crisis,
    crisis_word_facts,
    day_starts,
    guidance,
    instruments,
    missing_tests,
    notices,
    professions,
    promises,
    sign_off,
    support,
    synonyms,
    taxonomy_roles,
    wording,
)
from stepwell.domain.errors import FactError
from stepwell.domain.sources import Checked

Counts = Mapping[str, Mapping[Checked, int]]
PARTS: tuple[tuple[Callable[[], None], Callable[[], Counts]], ...] = (
    (support.check, support.counts),
    (professions.check, professions.counts),
    (approaches.check, approaches.counts),
    (guidance.check, guidance.counts),
    (crisis.check, crisis.counts),
    (instruments.check, instruments.counts),
    (missing_tests.check, missing_tests.counts),
    (credentials.check, credentials.counts),
    (claim_facts.check, claim_facts.counts),
    (wording.check, wording.counts),
    (notices.check, dict),
    (promises.check, dict),
    (synonyms.check, synonyms.counts),
    (crisis_word_facts.check, crisis_word_facts.counts),
    (taxonomy_roles.check, taxonomy_roles.counts),
    (day_starts.check, day_starts.counts),
    (sign_off.check, dict),
)


def look() -> tuple[list[str], dict[str, Mapping[Checked, int]]]:
    """Return what is wrong (file, key and repair), and the counts of what could be read."""
    problems: list[str] = []
    counts: dict[str, Mapping[Checked, int]] = {}
    for verify, count in PARTS:
        try:
            verify()
            counts |= count()
        except FactError as error:
            problems.append(str(error))
    return problems, counts
