"""Invitation codes: easy to read aloud and to copy by hand, hard to guess."""

import secrets

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that are read for others: 0 and O, 1, I and L, U and V."""

LENGTH = 8


def new_code() -> str:
    """Return one of 30⁸ (6.6 × 10¹¹) codes.

    With a thousand issued, a guess a second finds one in 20 years.
    """
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
