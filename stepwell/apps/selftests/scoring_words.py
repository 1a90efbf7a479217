"""How one scale is scored by hand, in sentences, from the definition that the scorers read."""

from collections.abc import Iterator, Sequence

from stepwell.domain.instrument_schema import Instrument, Scale, Wording

PLACES = ("a whole number", "one decimal place", "two decimal places", "three decimal places",
          "four decimal places")  # fmt: skip


def how_to_score(instrument: Instrument, scale: Scale, wording: Wording) -> Iterator[str]:
    """Yield the steps from the printed numbers to the points of one scale."""
    if scale.parts:
        mean = ", and divide by how many there are" if scale.method == "mean" else ""
        yield f"Add the scores of {joined([wording.scales[part] for part in scale.parts])}{mean}."
    else:
        yield from _turned(instrument, scale)
        yield from _looked_up(instrument, scale)
        yield _added(instrument, scale)
    if scale.transform:
        yield _line(scale)
    if scale.transform or (scale.method == "mean" and len(scale.items) != 1):
        yield f"Round to {PLACES[scale.digits]}, a half upwards."
    yield f"The result lies between {scale.lowest} and {scale.highest}."
    if scale.items:
        yield _gaps(instrument, scale)


def joined(words: Sequence[str]) -> str:
    """Return words as a list for reading: a, b and c."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _added(instrument: Instrument, scale: Scale) -> str:
    """Return the sentence that adds or averages what the questions count."""
    words = questions_for_reading(_numbers(instrument, scale.items))
    if len(scale.items) == 1:
        return f"The number for {words} is the result."
    mean = ", and divide by how many of them you answered" if scale.method == "mean" else ""
    return f"Add the numbers for {words}{mean}."


def _numbers(instrument: Instrument, items: Sequence[str]) -> list[int]:
    return [number for number, item in enumerate(instrument.items, 1) if item.id in items]


def questions_for_reading(numbers: Sequence[int]) -> str:
    """Return the numbers of questions for reading, runs of three or more shortened."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts: list[str] = []
    for run in runs:
        parts += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(one) for one in run]
    return f"question{'s' if len(numbers) > 1 else ''} {joined(parts)}"


def _turned(instrument: Instrument, scale: Scale) -> Iterator[str]:
    """Yield how reversed items count, one sentence for each set of answers."""
    by_ends: dict[int, list[str]] = {}
    for item in scale.reversed:
        values = instrument.values(item)
        by_ends.setdefault(min(values) + max(values), []).append(item)
    for ends, items in by_ends.items():
        words = questions_for_reading(_numbers(instrument, items))
        yield f"For {words}, count {ends} minus the number beside your answer instead."


def _looked_up(instrument: Instrument, scale: Scale) -> Iterator[str]:
    for table in dict.fromkeys(scale.recoded.values()):
        items = [item for item, name in scale.recoded.items() if name == table]
        counts = joined([f"{value} as {p}" for value, p in instrument.recodes[table].items()])
        yield f"For {questions_for_reading(_numbers(instrument, items))}, count {counts}."


def _line(scale: Scale) -> str:
    assert scale.transform is not None
    (low, high), (new_low, new_high) = scale.transform.start, scale.transform.end
    return (
        f"Then move the result along a line: {low} becomes {new_low} and {high} becomes "
        f"{new_high}. (Take away {low}, multiply by {new_high - new_low}, divide by "
        f"{high - low}, add {new_low}.)"
    )


def _gaps(instrument: Instrument, scale: Scale) -> str:
    rule, many = instrument.missing_rule(scale), len(scale.items)
    if many == 1:
        return "Without an answer to it there is no score."
    if rule.at_least in {None, many}:
        return "With one of these questions left out there is no score."
    enough = f"at least {rule.at_least} of the {many} questions"
    return {
        "prorate": f"With {enough} answered, divide the sum by how many you answered and "
        f"multiply it by {many}; with fewer there is no score.",
        "mean_of_answered": f"With fewer than {rule.at_least} of the {many} questions answered "
        "there is no score.",
        "zero": f"With {enough} answered, a question left out counts as 0; with fewer there is "
        "no score.",
    }[rule.rule]
