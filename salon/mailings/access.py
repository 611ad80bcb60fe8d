"""Who may write to an audience, and who reads what was written to it."""

from salon.mailings.queries.audiences import AUDIENCES
from salon.platform.database.identity import Domain
from salon.platform.web.access import held_domains, holds

WRITERS = tuple(sorted({audience.domain for audience in AUDIENCES.values()}))
READERS = (*WRITERS, Domain.MESSAGES)
"""Those with the right of the messages read what was sent, and write to nobody."""


def may_write_to(audience: str) -> bool:
    """Return whether the signed-in organiser may write to an audience."""
    return not held_domains().isdisjoint({AUDIENCES[audience].domain, Domain.ALL})


def readable_audiences() -> list[str]:
    """Return the audiences whose mailings the signed-in organiser may read."""
    return [key for key, audience in AUDIENCES.items() if holds(audience.domain, Domain.MESSAGES)]
