"""Addresses made of the ASCII words of a name."""

import re
from collections.abc import Collection

from salon.platform.words.texts import folded

LONGEST = 60
NAMELESS = "sans-nom"


def slug_base(name: str, nameless: str = NAMELESS) -> str:
    """Return « Éclairage & Cie (34) » → `eclairage-cie-34`; `nameless` when no letter is ASCII."""
    words = re.findall(r"[a-z0-9]+", folded(name))
    return "-".join(words)[:LONGEST].strip("-") or nameless


def free_slug(name: str, taken_slugs: Collection[str], nameless: str = NAMELESS) -> str:
    """Return the first of `x`, `x-2`, `x-3`… that is not taken."""
    base = slug_base(name, nameless)
    if base not in taken_slugs:
        return base
    number = 2
    while f"{base}-{number}" in taken_slugs:
        number += 1
    return f"{base}-{number}"
