"""Money in the smallest unit of its currency, as the directory keeps it."""

import re
from decimal import Decimal

# Currencies whose unit is not parted in a hundred, and in how many digits it is: ISO 4217.
DIGITS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
         "VUV", "XAF", "XOF", "XPF"),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}  # fmt: skip
SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD", "A$": "AUD", "C$": "CAD", "CHF": "CHF"}
MOST = 2_000_000_000  # minor units
AMOUNT = re.compile(r"[0-9]{1,3}(?:[ ',.][0-9]{3})*(?:[.,][0-9]{1,3})?|[0-9]+(?:[.,][0-9]{1,3})?")


def minor(amount: float, currency: str) -> int:
    """Return an amount in the smallest unit: 35.5 GBP is 3550."""
    units: float = 10 ** DIGITS.get(currency, 2)
    return round(amount * units)


def major(units: int, currency: str) -> float:
    """Return a number of smallest units as an amount: 3550 GBP is 35.5."""
    amount: float = units / 10 ** DIGITS.get(currency, 2)
    return int(amount) if amount.is_integer() else amount


def currency_in(text: str) -> str:
    """Return the currency that a text names without doubt, or "". A bare $ names none."""
    for sign, code in SIGNS.items():
        if sign in text:
            return code
    found = re.search(r"\b(EUR|GBP|USD|AUD|CAD|NZD|CHF|SEK|NOK|DKK|JPY|PLN)\b", text.upper())
    return found[1] if found else ""


def read_amount(text: str, currency: str) -> int | None:
    """Return an amount in minor units, or None where a text is no single amount.

    "80", "80.50", "80,50", "1,200.00" and "1.200,00" are; "80-120" and "from 80" are not.
    """
    bare = re.sub(r"[€£$]|\b[A-Za-z]{3}\b", "", text).strip()
    bare = re.sub(r"^[ACU]S?(?=[0-9])", "", bare).strip()
    if not AMOUNT.fullmatch(bare):
        return None
    digits = re.sub(r"[ ']", "", bare)
    last = max(digits.rfind("."), digits.rfind(","))
    decimals = len(digits) - last - 1 if last >= 0 else 0
    exact = DIGITS.get(currency, 2)
    # Three digits after the only sign are thousands, unless the currency has thousandths.
    if last >= 0 and (decimals != 3 or (exact == 3 and len(re.findall(r"[.,]", digits)) == 1)):
        whole, part = re.sub(r"[.,]", "", digits[:last]), digits[last + 1 :]
    else:
        whole, part = re.sub(r"[.,]", "", digits), ""
    value = Decimal(f"{whole}.{part or 0}").scaleb(exact)
    found = int(value)
    return found if found == value and found <= MOST else None


def written(amount: int, currency: str) -> str:
    """Return minor units as a plain number, such as 80.50."""
    exact = DIGITS.get(currency, 2)
    return f"{Decimal(amount).scaleb(-exact):.{exact}f}"
