"""Secrets in messages: sign-in codes and private links, under fixed names.

A secret lets its holder act in the recipient's name. It is written for the recipient alone: pages,
files and the journal show HIDDEN in its place, and the database forgets it once the message has
left. A demonstration, whose mailbox is a page, stores it.
"""

from typing import Any

NAMES = frozenset({"code", "token"})
"""Keys of a message's context, at any depth."""
HIDDEN = "••••••••"


def without_secrets(value: Any, names: frozenset[str] = NAMES) -> Any:
    """Return the value with HIDDEN in the place of each secret."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if item and name in names else without_secrets(item, names)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(item, names) for item in value]
    return value


def has_lost_secrets(value: object) -> bool:
    """Return whether a secret that the message needs was forgotten."""
    if isinstance(value, dict):
        return any(has_lost_secrets(item) for item in value.values())
    if isinstance(value, list):
        return any(has_lost_secrets(item) for item in value)
    return bool(value == HIDDEN)
