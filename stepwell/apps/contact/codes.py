"""The code with which somebody takes a letter back without an account.

It follows from the form and from what was written in it, under the site's secret:
the same form with the same words gives the same code, so that sending twice stores
once, and other words are another letter. The database keeps its hash only.
"""

import re
from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha256

from django.utils.crypto import salted_hmac

LENGTH = 28  # letters of 5 bits: 140 bits
GROUP = 4
_LOOK_ALIKES = str.maketrans("018", "olb")  # the alphabet is a-z and 2-7


def code_for(nonce: str, words: Iterable[str]) -> str:
    """Return the code of a form with these words, in groups for reading."""
    whole = "\x00".join([nonce, *words])
    digest = salted_hmac("contact.code", whole, algorithm="sha256").digest()
    plain = b32encode(digest).decode().lower()[:LENGTH]
    return "-".join(plain[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def hash_of(code: str) -> str:
    """Return what the database keeps of a code, however it was typed."""
    plain = re.sub(r"[^a-z2-7]", "", code.lower().translate(_LOOK_ALIKES))
    return sha256(plain.encode()).hexdigest()
