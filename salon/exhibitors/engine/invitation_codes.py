"""Invitation codes: read aloud, copied by hand, not guessed."""

import secrets

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that are read for others: 0 and O, 1, I and L, U and V."""

LENGTH = 8


def new_code() -> str:
    """One of 30⁸ (6.6 × 10¹¹): a thousand codes and a guess a second find one in 20 years."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
