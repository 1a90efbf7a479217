"""What a listing says of itself, and what a person may ask for: the words of the directory.

How the two are compared is in stepwell.domain.matching.
"""

from datetime import date
from enum import StrEnum

from stepwell.domain.credentials import Held, Level
from stepwell.domain.places import DISTANCES_KM, Point
from stepwell.domain.sources import Frozen

MOST_NEEDS = 5  # a listing that names more names none: who ticks everything says nothing


class Reach(StrEnum):
    """How somebody wants to meet the help."""

    EITHER = ""
    IN_PERSON = "no"
    REMOTE = "yes"


class Cost(StrEnum):
    """What it costs, as far as the provider says."""

    FREE = "free"
    LOW = "low"
    PAID = "paid"
    UNKNOWN = "unknown"


class Accepting(StrEnum):
    """Whether new people are taken."""

    YES = "yes"
    WAITING_LIST = "waiting_list"
    NO = "no"
    UNKNOWN = "unknown"


class Consent(StrEnum):
    """On whose word a listing is shown."""

    CLAIMED = "claimed"  # the provider looks after it
    CONSENTED = "consented"  # the provider agreed to being listed
    ORGANISATION = "organisation"  # an organisation publishes its own service
    NONE = "none"  # nobody agreed: kept, never shown


class Format(StrEnum):
    """How and with whom it is given."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"
    TEXT = "text"
    ONE_TO_ONE = "one_to_one"
    GROUP = "group"
    SELF_GUIDED = "self_guided"


class Access(StrEnum):
    """What makes it possible to come and take part."""

    STEP_FREE = "step_free"
    HEARING_LOOP = "hearing_loop"
    SIGN_LANGUAGE = "sign_language"
    EASY_READ = "easy_read"
    QUIET_SPACE = "quiet_space"
    HOME_VISITS = "home_visits"


class Payer(StrEnum):
    """Who pays, where it is not the person alone."""

    HEALTH_SERVICE = "health_service"
    PUBLIC_INSURANCE = "public_insurance"
    PRIVATE_INSURANCE = "private_insurance"
    EMPLOYER = "employer"


class SafeContact(StrEnum):
    """What a provider promises about getting in touch, so that nobody else learns of it."""

    WITHHELD_NUMBER = "withheld_number"  # calls show no number
    NEUTRAL_SENDER = "neutral_sender"  # letters, mails and texts do not say what it is about
    NO_VOICEMAIL = "no_voicemail"  # leaves no message unless that was agreed


REMOTE_FORMATS = frozenset({Format.VIDEO, Format.PHONE, Format.TEXT})


class Standing(StrEnum):
    """Whether a listing is offered at all."""

    ACTIVE = "active"
    HIDDEN = "hidden"  # by a steward, with a reason
    WITHDRAWN = "withdrawn"  # gone from its source


class Candidate(Frozen):
    """A listing, as far as matching needs it."""

    id: str
    kind: str
    standing: Standing = Standing.ACTIVE
    consent: Consent = Consent.CLAIMED
    excluded: bool = False  # its provider is on an exclusion list
    fictional: bool = False
    confirmed_on: date | None = None
    credentials: tuple[Held, ...] = ()
    country: str = ""  # of its place; "" when it has none
    place: int | None = None
    point: Point | None = None
    remote: bool = False
    serves: frozenset[str] = frozenset()  # countries whose people are served remotely
    languages: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    goals: frozenset[str] = frozenset()
    approaches: frozenset[str] = frozenset()
    access: frozenset[str] = frozenset()
    payers: frozenset[str] = frozenset()
    cost: Cost = Cost.UNKNOWN
    accepting: Accepting = Accepting.UNKNOWN
    accepting_on: date | None = None
    shuffle_key: int = 0


class Preferences(Frozen):
    """What a person asks for. Whatever is left empty is not asked for."""

    kind: str = ""
    need: str = ""
    goal: str = ""
    approach: str = ""
    country: str = ""
    places: frozenset[int] = frozenset()  # the places that what they typed names
    near: tuple[Point, ...] = ()  # where those places are
    within_km: int = DISTANCES_KM[-1]
    reach: Reach = Reach.EITHER
    format: str = ""
    language: str = ""
    access: str = ""
    payer: str = ""
    low_cost: bool = False
    accepting: bool = False
    level: Level = Level.DECLARED  # how far a credential has to have been checked, at least

    @property
    def has_place(self) -> bool:
        """Say whether a place was asked for."""
        return bool(self.places or self.near)
