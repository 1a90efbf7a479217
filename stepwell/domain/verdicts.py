"""One sentence on how two kinds of support, or two professions, differ. Made from the facts."""

from stepwell.domain.jurisdictions import Protection, pack_of
from stepwell.domain.professions import Profession
from stepwell.domain.sources import Cell, CellState
from stepwell.domain.support import Family, KindOfSupport, Psychotherapy

DEPENDS = "depending on the country and the licence"
WHAT_IT_DOES = {
    Family.TALKING: "works by talking with a trained person",
    Family.PRACTICAL: "helps with daily life",
    Family.BODY: "works through the body",
    Family.CREATIVE: "works by making and doing",
    Family.MEDICAL: "is medical care",
    Family.URGENT: "is help for right now",
    Family.PEERS: "rests on people who have been there",
    Family.SELF_DIRECTED: "is work you do yourself",
    Family.GROWTH: "is for growing and reaching goals",
    Family.COMMUNITY: "is about community and belonging",
}
PSYCHOTHERAPY = "psychotherapy"
SETTINGS = frozenset({Family.MEDICAL, Family.COMMUNITY, Family.URGENT})
STRENGTH = (Protection.NO, Protection.PARTLY, Protection.YES)
BOTH_TITLES = {
    Protection.YES: "protects each title by itself",
    Protection.PARTLY: "protects both titles only in part",
    Protection.NO: "protects neither title",
}
TWO_TITLES = {
    frozenset({Protection.YES, Protection.NO}): "protects the title {more} but not {less}",
    frozenset({Protection.YES, Protection.PARTLY}): (
        "protects the title {more}, and {less} only in part"
    ),
    frozenset({Protection.PARTLY, Protection.NO}): (
        "protects the title {more} in part, and {less} not at all"
    ),
}
UNTITLED = frozenset({Protection.UNKNOWN, Protection.NOT_A_TITLE})


def on_kinds(a: KindOfSupport, b: KindOfSupport) -> str:
    """Return how two kinds differ: psychotherapy or not, how they work, treatment or not."""
    return f"{_capital(_psychotherapy(a, b))}: {_how_they_work(a, b)}."


def on_professions(a: Profession, b: Profession, country: str | None) -> str:
    """Answer "is a the same as b?": the titles in this country, diagnosing, prescribing."""
    clauses = [
        _titles(a, b, country),
        _may(a, b, a.diagnosing(), b.diagnosing(), "make a diagnosis"),
        _may(a, b, a.prescribing(), b.prescribing(), "prescribe medicine"),
    ]
    return f"No: {'; '.join(clause for clause in clauses if clause)}."


def protection(profession_id: str, country: str | None) -> Protection:
    """Return what the law says about a title; UNKNOWN where a visitor may not see it."""
    pack = pack_of(country)
    if pack is None or pack.title(profession_id).state is not CellState.CHECKED:
        return Protection.UNKNOWN
    return pack.titles[profession_id].protected


def place(name: str) -> str:
    """Return a country's name as it stands after "in": "the United Kingdom", "Ireland"."""
    return f"the {name}" if name.startswith("United") else name


def _psychotherapy(a: KindOfSupport, b: KindOfSupport) -> str:
    if PSYCHOTHERAPY in (a.id, b.id):
        return _beside_psychotherapy(b if a.id == PSYCHOTHERAPY else a)
    if a.is_psychotherapy is b.is_psychotherapy:
        return _alike(a, b)
    if Psychotherapy.MAY in (a.is_psychotherapy, b.is_psychotherapy):
        return f"{_standing(a)}, while {_standing(b)}"
    one, other = (a, b) if a.is_psychotherapy is Psychotherapy.YES else (b, a)
    return f"{one.in_sentence} is psychotherapy, {other.in_sentence} is not"


def _alike(a: KindOfSupport, b: KindOfSupport) -> str:
    if a.is_psychotherapy is Psychotherapy.NO:
        return f"neither {a.in_sentence} nor {b.in_sentence} is psychotherapy"
    if a.is_psychotherapy is Psychotherapy.YES:
        return f"{a.in_sentence} and {b.in_sentence} are both psychotherapy"
    verb = "include" if _is_a_setting(a) and _is_a_setting(b) else "be or include"
    return f"{a.in_sentence} and {b.in_sentence} may each {verb} psychotherapy, {DEPENDS}"


def _beside_psychotherapy(other: KindOfSupport) -> str:
    if other.is_psychotherapy is Psychotherapy.YES:
        return f"{other.in_sentence} is one form of psychotherapy"
    return _standing(other)


def _standing(kind: KindOfSupport) -> str:
    verb = "include" if _is_a_setting(kind) else "be"
    return {
        Psychotherapy.YES: f"{kind.in_sentence} is psychotherapy",
        Psychotherapy.MAY: f"{kind.in_sentence} may {verb} psychotherapy, {DEPENDS}",
        Psychotherapy.NO: f"{kind.in_sentence} is not psychotherapy",
    }[kind.is_psychotherapy]


def _is_a_setting(kind: KindOfSupport) -> bool:
    """Return whether a kind is a service or a course, in which several things are given."""
    return kind.family in SETTINGS or kind.in_sentence.startswith(("a ", "an "))


def _how_they_work(a: KindOfSupport, b: KindOfSupport) -> str:
    treatment = "and is treatment" if a.clinical != b.clinical else ""
    none = "and is not treatment" if a.clinical != b.clinical else ""
    if a.family is not b.family:
        left = f"{a.in_sentence} {WHAT_IT_DOES[a.family]} {treatment if a.clinical else none}"
        right = f"{b.in_sentence} {WHAT_IT_DOES[b.family]} {treatment if b.clinical else none}"
        return f"{left.strip()}, {right.strip()}"
    if a.clinical != b.clinical:
        treating, other = (a, b) if a.clinical else (b, a)
        return f"{treating.in_sentence} is treatment, {other.in_sentence} is not"
    if a.levels != b.levels:
        return f"{a.in_sentence} fits {_steps(a)}, {b.in_sentence} fits {_steps(b)}"
    return "they differ in what happens and in who gives them, as the rows show"


def _steps(kind: KindOfSupport) -> str:
    """Return the levels in words; level 0 is the ground before the five steps."""
    low, high = kind.levels[0], kind.levels[-1]
    if high == 0:
        return "keeping well"
    if low == high:
        return f"step {low} of help"
    start = "from keeping well up to step" if low == 0 else f"steps {low} to"
    return f"{start} {high} of help"


def _titles(a: Profession, b: Profession, country: str | None) -> str:
    pack = pack_of(country)
    if pack is None:
        return "they are two professions, and which titles the law protects differs by country"
    where = place(pack.name)
    left, right = protection(a.id, country), protection(b.id, country)
    if UNTITLED & {left, right}:
        return f"they are two professions, and in {where} not both are titles that we could check"
    if left is right:
        return f"in {where} the law {BOTH_TITLES[left]}"
    more, less = (a, b) if STRENGTH.index(left) > STRENGTH.index(right) else (b, a)
    words = TWO_TITLES[frozenset({left, right})]
    return f"in {where} the law {words.format(more=more.in_sentence, less=less.in_sentence)}"


def _may(a: Profession, b: Profession, left: Cell, right: Cell, act: str) -> str:
    """Return who may do `act`, or "" where one of the answers is neither yes nor no."""
    answers = (_yes_or_no(left), _yes_or_no(right))
    if None in answers:
        return ""
    rule = "" if {left.text, right.text} <= {"Yes.", "No."} else "as a rule "
    if answers[0] == answers[1]:
        return f"{rule}{'both' if answers[0] else 'neither'} may {act}"
    able, other = (a, b) if answers[0] else (b, a)
    return f"{rule}{able.with_article} may {act}, {other.with_article} may not"


def _yes_or_no(told: Cell) -> bool | None:
    """Return the answer of a cell that begins with "Yes." or "No.", else None."""
    if told.state is not CellState.CHECKED:
        return None
    return {"Yes": True, "No": False}.get(told.text.partition(".")[0])


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
