"""Address of an exhibitor in the catalogue: the ASCII words of its name."""

from collections.abc import Collection

from salon.platform.words.slugs import free_slug

RESERVED = frozenset({"inscription", "reglement", "json", "csv", "logo", "plan"})
NAMELESS = "exposant"


def catalogue_slug(name: str, taken_slugs: Collection[str]) -> str:
    """Return the first of `x`, `x-2`, `x-3`… that is neither taken nor reserved."""
    return free_slug(name, RESERVED.union(taken_slugs), NAMELESS)
