"""The reference page about the guide's decision inputs, written from the code itself.

`python -m stepwell.domain.guide_reference > docs/reference/guide-inputs.md`
"""

from collections.abc import Iterator
from math import comb

from stepwell.domain.decision_inputs import MANY, UNKNOWN, VALUES, Group
from stepwell.domain.guide_facts import goals, needs, red_flags
from stepwell.domain.guide_rules import rule_set

MEANS = {
    "safety": "the worst sign of danger that was named",
    "distress": "the worst of the needs, with how much it gets in the way and how long it has been",
    "functioning": "how much it gets in the way of the days",
    "groups": "what kind of trouble the needs speak of; several needs can give several",
    "body": "help for the body that needs or goals ask for; any subset",
    "growth_only": "whether wishes to grow are all there is, and everything else is well",
    "earlier": "what earlier help did",
    "engagement": "whether a self-guided way or a group was asked for",
    "privacy": "whether special privacy was asked for",
    "age": "the age of the person the plan is for",
    "country_pack": "whether we hold titles and registers for the country",
}
INTRO = """\
# Decision inputs of the guide

This page is written by `python -m stepwell.domain.guide_reference`; a test keeps it up to date.

The rules of the guide (`domain/facts/guide_rules.toml`, `not_enough_alone.toml`) do not see
answers. They see the decision inputs that `derive` makes of them. *Unknown* is a value of its own:
it never becomes none, no or zero, and every rule that looks at such an input must say what unknown
does."""
COMBINATIONS = """\
## How many combinations

Groups of needs are counted alone and in pairs: {singles} alone (none and unknown among them) and
{pairs} pairs, {groups} in all; the body tracks in all {body} subsets. The exhaustive tests hold
the promises of the guide over the whole product, **{product:,} combinations**. Values that no rule
tells apart give the same result by construction, so the daily test visits the distinct ones; the
long run (`make proof`) visits every single one. Floors of three groups or more are the highest of
each (tested), and whole answer sets with any number of needs are tried at random."""


def inputs_page() -> str:
    """Return the page as Markdown."""
    return "\n".join((INTRO, "", *_inputs(), "", *_combinations(), "", *_facts(), ""))


def counted() -> dict[str, int]:
    """Return how many values of each input the exhaustive tests count."""
    named = len(Group) - 1  # every group but none can stand beside another
    special = {"groups": len(Group) + comb(named, 2), "body": 2 ** len(VALUES["body"])}
    return {name: special.get(name, len(values)) for name, values in VALUES.items()}


def product() -> int:
    """Return how many combinations of inputs the exhaustive tests cover."""
    total = 1
    for count in counted().values():
        total *= count
    return total


def _inputs() -> Iterator[str]:
    yield "| input | what it says | values | how many |"
    yield "| --- | --- | --- | --- |"
    for name, values in VALUES.items():
        shown = ", ".join(f"*{value}*" if value == UNKNOWN else str(value) for value in values)
        count = str(len(values)) if name not in MANY else f"{len(values)}, several at once"
        yield f"| `{name}` | {MEANS[name]} | {shown} | {count} |"


def _combinations() -> Iterator[str]:
    counts = counted()
    yield COMBINATIONS.format(
        singles=len(Group),
        pairs=counts["groups"] - len(Group),
        groups=counts["groups"],
        body=counts["body"],
        product=product(),
    )


def _facts() -> Iterator[str]:
    rules = rule_set()
    yield "## What they are made from"
    yield ""
    yield (
        f"Rules version {rules.version}: {len(rules.level_rules)} rules about the level, "
        f"{len(rules.kind_rules)} about kinds of support, {len(rules.alone_rules)} about what is "
        f"not enough alone. {len(red_flags())} red flags, {len(needs())} needs, "
        f"{len(goals())} goals."
    )
    yield ""
    yield "| need | group | least distress | body track | growth |"
    yield "| --- | --- | --- | --- | --- |"
    for need in needs().values():
        growth = "yes" if need.growth else ""
        yield f"| `{need.id}` | {need.group} | {need.weight} | {need.track or ''} | {growth} |"
    yield ""
    yield "| red flag | safety |"
    yield "| --- | --- |"
    for flag in red_flags().values():
        yield f"| `{flag.id}` | {flag.safety} |"


if __name__ == "__main__":
    print(inputs_page(), end="")
