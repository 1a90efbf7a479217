"""From answers to decision inputs. A missing answer makes an input unknown, never mild."""

from stepwell.domain import guide_facts
from stepwell.domain.answers import NO_FLAG, Answers
from stepwell.domain.decision_inputs import (
    AgeBand,
    BodyTrack,
    CountryPack,
    Degree,
    Earlier,
    Engagement,
    Group,
    GrowthOnly,
    Inputs,
    Privacy,
    Safety,
    worst_distress,
    worst_safety,
)
from stepwell.domain.jurisdictions import pack_of

IMPACT_DEGREES = {
    None: Degree.UNKNOWN,
    "none": Degree.NONE,
    "mild": Degree.SOME,
    "moderate": Degree.MODERATE,
    "severe": Degree.SEVERE,
    "very_severe": Degree.VERY_SEVERE,
}
# Time alone lifts distress to moderate at most; time not known makes distress unknown.
DURATION_DEGREES = {
    None: Degree.UNKNOWN,
    "days": Degree.NONE,
    "weeks": Degree.SOME,
    "months": Degree.MODERATE,
    "years": Degree.MODERATE,
}


def derive(answers: Answers) -> Inputs:
    """Return the decision inputs that the rules run on."""
    return Inputs(
        safety=_safety(answers),
        distress=_distress(answers),
        functioning=IMPACT_DEGREES[answers.impact],
        groups=_groups(answers),
        body=_body(answers),
        growth_only=GrowthOnly.YES if _is_growth_only(answers) else GrowthOnly.NO,
        earlier=Earlier(answers.tried or Earlier.UNKNOWN),
        engagement=_engagement(answers),
        privacy=_privacy(answers),
        age=_age(answers),
        country_pack=CountryPack.KNOWN if pack_of(answers.country) else CountryPack.NOT_KNOWN,
    )


def _safety(answers: Answers) -> Safety:
    if answers.safety is None:
        return Safety.UNKNOWN
    flags = guide_facts.red_flags()
    return worst_safety(flags[flag].safety for flag in answers.flags)


def _distress(answers: Answers) -> Degree:
    if answers.needs is None:
        return _distress_of(Degree.UNKNOWN, answers)
    needs = guide_facts.needs()
    return worst_distress(_distress_of(needs[need].degree, answers) for need in answers.needs)


def _distress_of(weight: Degree, answers: Answers) -> Degree:
    """Return what one need amounts to: its own weight, lifted by impact and by time."""
    if weight is Degree.NONE:
        return Degree.NONE
    return worst_distress(
        [weight, IMPACT_DEGREES[answers.impact], DURATION_DEGREES[answers.duration]]
    )


def _groups(answers: Answers) -> frozenset[Group]:
    if answers.needs is None:
        return frozenset({Group.UNKNOWN})
    named = {guide_facts.needs()[need].group for need in answers.needs} - {Group.NONE}
    return frozenset(named or {Group.NONE})


def _body(answers: Answers) -> frozenset[BodyTrack]:
    needs, goals = guide_facts.needs(), guide_facts.goals()
    tracks = {needs[need].track for need in answers.needs or ()}
    tracks |= {goals[goal].track for goal in answers.goals or ()}
    return frozenset(track for track in tracks if track)


def _is_growth_only(answers: Answers) -> bool:
    needs, goals = guide_facts.needs(), guide_facts.goals()
    return (
        answers.safety == (NO_FLAG,)
        and answers.impact == "none"
        and bool(answers.needs)
        and all(needs[need].growth for need in answers.needs or ())
        and bool(answers.goals)
        and all(goals[goal].growth for goal in answers.goals or ())
    )


def _engagement(answers: Answers) -> Engagement:
    wishes = answers.preferences
    if wishes is None:
        return Engagement.UNKNOWN
    if "self_guided" in wishes:
        both = "group" in wishes
        return Engagement.SELF_GUIDED_AND_GROUP if both else Engagement.SELF_GUIDED
    return Engagement.GROUP if "group" in wishes else Engagement.NO_WISH


def _privacy(answers: Answers) -> Privacy:
    if answers.preferences is None:
        return Privacy.UNKNOWN
    private = "very_private" in answers.preferences
    return Privacy.VERY_PRIVATE if private else Privacy.NO_WISH


def _age(answers: Answers) -> AgeBand:
    """Return the age band; a plan for one's own young child is for a young person."""
    if answers.age_band is None and answers.who_for == "child":
        return AgeBand.CHILD
    return AgeBand(answers.age_band or AgeBand.UNKNOWN)
