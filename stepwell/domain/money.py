"""Money in the smallest unit of its currency, as the directory keeps it."""

# Currencies whose unit is not parted in a hundred, and in how many digits it is: ISO 4217.
DIGITS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
         "VUV", "XAF", "XOF", "XPF"),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}  # fmt: skip


def minor(amount: float, currency: str) -> int:
    """Return an amount in the smallest unit: 35.5 GBP is 3550."""
    units: float = 10 ** DIGITS.get(currency, 2)
    return round(amount * units)


def major(units: int, currency: str) -> float:
    """Return a number of smallest units as an amount: 3550 GBP is 35.5."""
    amount: float = units / 10 ** DIGITS.get(currency, 2)
    return int(amount) if amount.is_integer() else amount
