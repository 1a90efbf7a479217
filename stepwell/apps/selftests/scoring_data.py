"""A self-test as the browser scorer reads it: plain numbers, lists and names, ready for JSON."""

from decimal import Decimal
from typing import Any

from stepwell.domain.instrument_figures import Bands, StandardScore
from stepwell.domain.instrument_schema import Instrument, Scale


def scoring_data(instrument: Instrument) -> dict[str, Any]:
    """Return everything sealed/scorer.js needs to score one instrument."""
    return {
        "items": [
            {
                "id": item.id,
                "scored": item.scored,
                "may_not_apply": item.may_not_apply,
                "values": list(instrument.values(item.id)),
            }
            for item in instrument.items
        ],
        "gate": instrument.gate.model_dump() if instrument.gate else None,
        "recodes": instrument.recodes,
        "scales": [_scale(instrument, scale) for scale in instrument.scales],
        "alerts": [alert.model_dump(mode="json") for alert in instrument.alerts],
    }


def number(value: Decimal) -> int | float:
    """Return a decimal as a JSON number; scripts hold the nearest double, as they compute it."""
    return int(value) if value == value.to_integral_value() else float(value)


def _scale(instrument: Instrument, scale: Scale) -> dict[str, Any]:
    rule = instrument.missing_rule(scale)
    return {
        "id": scale.id,
        "items": list(scale.items),
        "parts": list(scale.parts),
        "reversed": list(scale.reversed),
        "recoded": scale.recoded,
        "method": scale.method,
        "transform": scale.transform.model_dump(by_alias=True) if scale.transform else None,
        "digits": scale.digits,
        "lowest": scale.lowest,
        "highest": scale.highest,
        "rule": rule.rule,
        "at_least": rule.at_least,
        "bands": [_bands(bands) for bands in scale.bands],
        "standard_scores": [_standard(one) for one in scale.standard_scores],
    }


def _bands(bands: Bands) -> dict[str, Any]:
    ranges = [
        {"id": one.id, "lowest": number(one.lowest), "highest": number(one.highest)}
        for one in bands.ranges
    ]
    return {"id": bands.id, "ranges": ranges}


def _standard(one: StandardScore) -> dict[str, Any]:
    return {
        "id": one.id,
        "digits": one.digits,
        "centre": one.centre,
        "spread": one.spread,
        "mean": _fraction(one.mean),
        "sd": _fraction(one.sd),
        "table": [[number(raw), number(value)] for raw, value in one.table],
    }


def _fraction(value: Decimal | None) -> tuple[int, int] | None:
    return value.as_integer_ratio() if value is not None else None
