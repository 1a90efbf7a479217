"""What a score at or over a cut-off means, in people: Bayes' rule, in whole numbers.

Whole numbers all the way, so that the browser's twin (apps/selftests/sealed/base_rates.js)
cannot round otherwise; tests hold both to the same numbers.
"""

PARTS = 10_000  # a share is counted in ten-thousandths: finer than any source gives one


def in_parts(share: float) -> int:
    """Return a share between 0 and 1 in ten-thousandths."""
    return round(share * PARTS)


def who_have_it(of_100: int, found: int, cleared: int) -> int | None:
    """Return how many of 100 people who score at or over a cut-off have the condition.

    `of_100` is how many of 100 people around have it (the base rate); `found` is the
    sensitivity and `cleared` the specificity, in ten-thousandths. Rounded half up.
    None where nobody would score so high.
    """
    rightly = of_100 * found
    over_the_line = rightly + (100 - of_100) * (PARTS - cleared)
    if over_the_line == 0:
        return None
    return (200 * rightly + over_the_line) // (2 * over_the_line)
