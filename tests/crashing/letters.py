"""Stores letters and says after each that it is stored; traced by a test of power cuts.

`python -m tests.crashing.letters HOW_MANY [SYNCHRONOUS]`
"""

import os
import sys

import django

IN_LETTERS = str.maketrans("0123456789", "abcdefghij")


def main() -> None:
    """Store letters as the contact form does."""
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from stepwell.apps.contact.actions import keep_letter
    from stepwell.apps.contact.codes import hash_of
    from stepwell.domain.letters import Kind

    if len(sys.argv) > 2:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={sys.argv[2]}")
    for number in range(int(sys.argv[1])):
        code = f"{number:05}".translate(IN_LETTERS)  # of a code only letters count
        said = "words " * (1 + number % 300)
        keep_letter(
            kind=Kind.QUESTION,
            message=said,
            reply_to="",
            page="",
            code=code,
            today=timezone.localdate(),
        )
        os.write(1, f"ACK {hash_of(code)}\n".encode())


if __name__ == "__main__":
    main()
