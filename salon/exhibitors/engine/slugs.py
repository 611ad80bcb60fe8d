"""Address of an exhibitor in the catalogue: the ASCII words of its name."""

import re
from collections.abc import Collection

from salon.platform.texts import folded

RESERVED = frozenset({"inscription", "reglement", "json", "csv", "logo", "plan"})
LONGEST = 60
NAMELESS = "exposant"


def slug_base(name: str) -> str:
    """Return « Éclairage & Cie (34) » → `eclairage-cie-34`; `exposant` when no letter is ASCII."""
    words = re.findall(r"[a-z0-9]+", folded(name))
    return "-".join(words)[:LONGEST].strip("-") or NAMELESS


def free_slug(name: str, taken_slugs: Collection[str]) -> str:
    """Return the first of `x`, `x-2`, `x-3`… that is neither taken nor reserved."""
    base = slug_base(name)
    if base not in taken_slugs and base not in RESERVED:
        return base
    number = 2
    while f"{base}-{number}" in taken_slugs:
        number += 1
    return f"{base}-{number}"
