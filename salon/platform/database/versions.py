"""Optimistic lock: a form is saved only on the version that it was read at."""

import hashlib
from collections.abc import Mapping
from typing import Any

from salon.platform.words.errors import RuleBroken

Values = Mapping[str, Any]
"""What a page shows and a service saves, by name."""


class StaleVersion(RuleBroken):
    """Somebody else changed the object after it was read; nothing was written."""

    message = (
        "Quelqu’un d’autre vient de modifier ces informations. "
        "Relisez-les, puis validez de nouveau si vos changements tiennent toujours."
    )


def stamp_of(facts: object) -> str:
    """Return a digest of facts that a page showed, to be compared as a version."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def check_version(read: object, current: object) -> None:
    """Raise StaleVersion unless the version, or stamp, that was read is the current one."""
    if read != current:
        raise StaleVersion
