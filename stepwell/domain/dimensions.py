"""The seven dimensions on which every kind of support and every profession is described.

The same seven for both families, so that any two can be laid side by side.
"""

from collections.abc import Iterator
from enum import StrEnum

from stepwell.domain.sources import Cell, FactId, Frozen, Source, Statement, cell


class Dimension(StrEnum):
    """One of the seven; the value is the key in fact files."""

    SCOPE = "scope"
    TRAINING = "training"
    APPROACHES = "approaches"
    CONFIDENTIALITY = "confidentiality"
    FOR_WHOM = "for_whom"
    GOALS = "goals"
    LIMITS = "limits"


NAMES = {
    Dimension.SCOPE: "Scope",
    Dimension.TRAINING: "Training and credentials",
    Dimension.APPROACHES: "Approaches and techniques",
    Dimension.CONFIDENTIALITY: "Confidentiality and ethics",
    Dimension.FOR_WHOM: "Who it is for",
    Dimension.GOALS: "Goals",
    Dimension.LIMITS: "What it is not for",
}

# Training speaks of titles and law, confidentiality of limits: never shown from memory.
STRICT = frozenset({Dimension.TRAINING, Dimension.CONFIDENTIALITY})

INSTEAD = {
    Dimension.SCOPE: "Ask what the help covers before you start.",
    Dimension.TRAINING: "Ask for the training, the register and the number, and look it up.",
    Dimension.APPROACHES: "Ask which methods are used and what speaks for them.",
    Dimension.CONFIDENTIALITY: "Ask who may learn what you say before you tell it.",
    Dimension.FOR_WHOM: "Ask whether they help people in your situation.",
    Dimension.GOALS: "Ask what you can expect to change, and by when.",
    Dimension.LIMITS: "Ask what they do not help with, and where they would send you.",
}


class Dimensions(Frozen):
    """The seven statements about one kind of support or one profession."""

    scope: Statement
    training: Statement
    approaches: Statement
    confidentiality: Statement
    for_whom: Statement
    goals: Statement
    limits: Statement

    def cells(self, source: Source) -> Iterator[tuple[Dimension, Cell]]:
        """Yield each dimension with what a visitor may see of it, in the fixed order."""
        for dimension in Dimension:
            statement: Statement = getattr(self, dimension.value)
            strict = dimension in STRICT
            yield dimension, cell(statement, source, strict=strict, instead=INSTEAD[dimension])


class Basis(StrEnum):
    """What a promise of confidentiality rests on."""

    LAW = "law"
    PROFESSIONAL_CODE = "professional_code"
    LAW_AND_CODE = "law_and_code"
    ORGANISATION_POLICY = "organisation_policy"
    CONTRACT = "contract"
    GROUP_AGREEMENT = "group_agreement"
    NONE_STATED = "none_stated"


BASIS_WORDS = {
    Basis.LAW: "Law",
    Basis.PROFESSIONAL_CODE: "A professional code",
    Basis.LAW_AND_CODE: "Law and a professional code",
    Basis.ORGANISATION_POLICY: "The organisation's own policy",
    Basis.CONTRACT: "A contract and a voluntary code",
    Basis.GROUP_AGREEMENT: "An agreement in the group",
    Basis.NONE_STATED: "None stated",
}


class ConfidentialityLabel(Frozen):
    """The same small table everywhere: what privacy rests on, and where it ends.

    `limits` are ids of facts/confidentiality_limits.toml. Nothing here ever
    says "guaranteed".
    """

    basis: Basis
    who_can_see: Statement
    limits: tuple[FactId, ...]
    records: Statement
    complain: Statement
    source: Source | None = None
