"""Whether two providers may be the same: names, numbers and places compared, with reasons.

Nothing here merges anything. A pair is for a steward to look at. How well it does on a
labelled set stands in docs/proof/duplicates.md; points and thresholds were set on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product

from stepwell.domain.duplicate_words import (
    GENERIC,
    SHARED_HOSTS,
    alike,
    email_key,
    is_initial,
    name_words,
    phone_key,
    street_key,
    web_key,
)
from stepwell.domain.folding import folded
from stepwell.domain.sources import Frozen

POSSIBLE, LIKELY = 50, 70  # points
LARGEST_BLOCK = 40  # what more providers share says nothing, and comparing them all is slow
GENERIC_WEIGHT = 0.3


class Where(Frozen):
    """An address, as far as it is known."""

    country: str = ""
    town: str = ""
    district: str = ""
    street: str = ""


class Described(Frozen):
    """A provider, as far as telling them apart needs it."""

    id: str
    name: str
    is_person: bool = False
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    webs: frozenset[str] = frozenset()
    numbers: frozenset[tuple[str, str]] = frozenset()  # register, number
    places: frozenset[tuple[str, str, str, str]] = frozenset()  # as in Where


class Pair(Frozen):
    """Two that may be the same, how sure that is, and why."""

    first: str
    second: str
    points: int
    reasons: tuple[str, ...]

    @property
    def is_likely(self) -> bool:
        """Say whether it is more than possible."""
        return self.points >= LIKELY


Points = tuple[int, str]


def pairs(providers: Sequence[Described]) -> list[Pair]:
    """Return those that may be the same, the surest first. Near-linear in their number."""
    known = {one.id: one for one in providers}
    scored = (compare(known[one], known[two]) for one, two in candidates(providers))
    found = [pair for pair in scored if pair.points >= POSSIBLE]
    return sorted(found, key=lambda pair: (-pair.points, pair.first, pair.second))


def candidates(providers: Iterable[Described]) -> list[tuple[str, str]]:
    """Return the pairs that share a key, each once."""
    blocks: dict[str, set[str]] = defaultdict(set)
    for one in providers:
        for key in keys(one):
            blocks[key].add(one.id)
    small = (sorted(ids) for ids in blocks.values() if 1 < len(ids) <= LARGEST_BLOCK)
    return sorted({pair for ids in small for pair in combinations(ids, 2)})


def keys(one: Described) -> set[str]:
    """Return what a provider shares with itself under another spelling."""
    words = name_words(one.name)
    telling = [word for word in words if word not in GENERIC and len(word) > 2]
    found = {f"name:{' '.join(sorted(words))}"} if words else set()
    found |= {f"phone:{key}" for phone in one.phones if (key := phone_key(phone)[0])}
    found |= {f"mail:{key}" for email in one.emails if (key := email_key(email))}
    found |= {f"web:{key}" for web in one.webs if (key := web_key(web))}
    found |= {f"number:{register}:{number}" for register, number in one.numbers}
    for _, town, district, street in one.places:
        found |= {f"at:{area}:{word[:4]}" for area in {town, district} for word in telling if area}
        found |= {f"street:{key}:{town}" for key in [street_key(street)] if key}
    if not one.places:
        found |= {f"nowhere:{word}" for word in telling}
    return found


def compare(one: Described, two: Described) -> Pair:
    """Return how sure it is that two are the same; points below nought are nought."""
    told = [
        points
        for points in (
            by_name(one, two),
            by_number(one, two),
            by_phone(one, two),
            by_address(one, two),
            by_place(one, two),
        )
        if points[0]
    ]
    total = max(0, min(100, sum(points for points, _ in told)))
    first, second = sorted((one.id, two.id))
    return Pair(first=first, second=second, points=total, reasons=tuple(words for _, words in told))


def by_name(one: Described, two: Described) -> Points:
    """Compare names: legal forms, titles, case, accents and the order of words do not count."""
    ours, theirs = name_words(one.name), name_words(two.name)
    if not ours or not theirs:
        return 0, ""
    if sorted(ours) == sorted(theirs) or "".join(ours) == "".join(theirs):
        return 45, "the same name"
    if one.is_person and two.is_person:
        return by_person(ours, theirs)
    return by_words(ours, theirs, one.is_person != two.is_person)


def by_words(ours: Sequence[str], theirs: Sequence[str], mixed: bool) -> Points:
    """Compare the names of organisations, or of a person and an organisation (`mixed`)."""
    shared = overlap(ours, theirs)
    whole = weight(ours) + weight(theirs) - shared
    share = shared / whole if whole else 0.0
    least = shared / min(weight(ours), weight(theirs))
    if share >= 0.85:
        return 40, "almost the same name"
    if least >= 0.95 and shared >= 1:
        return 30, "one name within the other"
    if each_has_its_own(ours, theirs):  # East and West, Angst and Sucht: one house, two offers
        return (-30 if mixed else -20 if share < 0.5 else -15), "each name has words of its own"
    return 20, "much the same words in the name"


def each_has_its_own(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Say whether both names have a telling word that the other has not."""

    def own(words: Sequence[str], others: Sequence[str]) -> bool:
        telling = (word for word in words if word not in GENERIC)
        return any(not any(alike(word, other) for other in others) for word in telling)

    return own(ours, theirs) and own(theirs, ours)


def by_person(ours: Sequence[str], theirs: Sequence[str]) -> Points:
    """Compare the names of two people: a shared family name alone says little."""
    first, second = ours[0], theirs[0]
    same_last = alike(ours[-1], theirs[-1])
    # Robert and Roberta differ by a letter and are two people.
    one_given = first == second or (
        alike(first, second) and not first.startswith(second) and not second.startswith(first)
    )
    if same_last and one_given:
        return 40, "almost the same name"
    if same_last and (is_initial(first, second) or is_initial(second, first)):
        return 30, "the same family name, and the first letter of the given name"
    if set(ours) <= set(theirs) or set(theirs) <= set(ours):
        return (30, "one name within the other") if min(len(ours), len(theirs)) > 1 else (0, "")
    return -40, "other people's names"


def weight(words: Iterable[str]) -> float:
    """Return how much the words of a name tell; "counselling" tells little."""
    return sum(GENERIC_WEIGHT if word in GENERIC else 1.0 for word in words)


def overlap(ours: Iterable[str], theirs: Sequence[str]) -> float:
    """Return the weight of the words in both, spelling slips allowed."""
    left, total = list(theirs), 0.0
    for word in ours:
        match = next((other for other in left if alike(word, other)), None)
        if match is not None:
            left.remove(match)
            total += weight([word])
    return total


def by_number(one: Described, two: Described) -> Points:
    """Compare numbers of registers: one licence belongs to one holder."""
    if one.numbers & two.numbers:
        return 60, "the same number in a register"
    shared = {register for register, _ in one.numbers} & {register for register, _ in two.numbers}
    return (-30, "other numbers in the same register") if shared else (0, "")


def by_phone(one: Described, two: Described) -> Points:
    """Compare phone numbers by their last nine digits; an extension parts people."""
    best: Points = (0, "")
    for (ours, our_end), (theirs, their_end) in product(
        map(phone_key, one.phones), map(phone_key, two.phones)
    ):
        if ours and ours == theirs:
            parted = our_end and their_end and our_end != their_end
            told = (10, "one phone number, other extensions") if parted else (30, "the same phone")
            best = max(best, told)
    return best


def by_address(one: Described, two: Described) -> Points:
    """Compare e-mail and web addresses; what thousands share (gmail.com) says nothing."""
    mails = {key for email in one.emails if (key := email_key(email))} & {
        key for email in two.emails if (key := email_key(email))
    }
    if mails:
        return 30, "the same e-mail address"
    webs = {web_key(web) for web in one.webs} & {web_key(web) for web in two.webs} - {""}
    if webs - {""}:
        return 25, "the same web address"
    hosts = hosts_of(one) & hosts_of(two)
    return (15, f"the same domain {min(hosts)}") if hosts else (0, "")


def hosts_of(one: Described) -> set[str]:
    """Return the domains of somebody's own."""
    found = {web_key(web).partition("/")[0] for web in one.webs} - SHARED_HOSTS
    found |= {email_key(email, domain=True) for email in one.emails}
    return found - {""}


def by_place(one: Described, two: Described) -> Points:
    """Compare addresses. Places apart speak against it, unless one of the two is nowhere."""
    if not one.places or not two.places:
        return 0, ""
    return max(map(by_two_places, *zip(*product(one.places, two.places), strict=True)))


def by_two_places(ours: tuple[str, str, str, str], theirs: tuple[str, str, str, str]) -> Points:
    """Compare two places."""
    if ours[0] != theirs[0]:
        return -25, "other countries"
    same_town = "".join(folded(ours[1])) == "".join(folded(theirs[1]))
    same_district = bool(ours[2]) and ours[2] == theirs[2]
    our_street, their_street = street_key(ours[3]), street_key(theirs[3])
    if our_street and our_street == their_street and (same_town or same_district):
        return 25, "the same street and number"
    if our_street and their_street and (same_town or same_district):
        return -10, "other streets in the same town"
    if same_district:
        return 15, "the same postcode district"
    if same_town:
        return (5 if ours[2] and theirs[2] else 10), "the same town"
    return -20, "other towns"


def told(pair: Pair) -> str:
    """Return a pair's reasons as a sentence for a steward."""
    sure = "Likely" if pair.is_likely else "Possibly"
    return f"{sure} the same ({pair.points} of 100): {', '.join(pair.reasons)}."


def each_with(pairs: Iterable[Pair], one: str) -> Iterator[tuple[str, Pair]]:
    """Yield who may be the same as one provider."""
    for pair in pairs:
        if one in {pair.first, pair.second}:
            yield (pair.second if pair.first == one else pair.first), pair
