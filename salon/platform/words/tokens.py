"""Tokens of private links."""

import secrets


def new_token() -> str:
    """Return 144 random bits that an address may hold."""
    return secrets.token_urlsafe(18)
