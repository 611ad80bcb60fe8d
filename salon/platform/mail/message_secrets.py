"""Secrets that messages carry: sign-in codes and private links, under names that never vary.

Whoever holds one acts in the recipient's name. They are written for the recipient alone: pages,
files and the journal show HIDDEN in their place, and the database forgets them once the message
has left. A demonstration, whose mailbox is a page, keeps them.
"""

from typing import Any

NAMES = frozenset({"code", "token"})
"""Of a message's context, at any depth."""
HIDDEN = "••••••••"


def without_secrets(value: Any, names: frozenset[str] = NAMES) -> Any:
    """Return the value with HIDDEN in the place of each secret that is there."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if item and name in names else without_secrets(item, names)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(item, names) for item in value]
    return value


def has_lost_secrets(value: Any) -> bool:
    """Return whether a secret that the message needs is gone."""
    if isinstance(value, dict):
        return any(has_lost_secrets(item) for item in value.values())
    if isinstance(value, list):
        return any(has_lost_secrets(item) for item in value)
    return bool(value == HIDDEN)
