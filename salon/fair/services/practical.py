"""Changes of the practical information: how to come, and what to know on the spot."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from salon.fair.models import Edition
from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.submissions import digest_of
from salon.platform.versions import check_version


@dataclass(frozen=True)
class PracticalInformation:
    """`access`: a line per fact, also printed on the folded badge; `sections`: {title, text}."""

    address: str
    access: str
    sections: Sequence[dict[str, str]]


def practical_information_of(edition: Edition) -> PracticalInformation:
    return PracticalInformation(edition.address, edition.access, edition.practical)


def stamp_of(information: PracticalInformation) -> str:
    """Return a digest that changes with any of the texts (optimistic lock)."""
    return digest_of(asdict(information))


def change_practical_information(
    edition: Edition, stamp_read: str, information: PracticalInformation, actor: Identity
) -> None:
    """Replace the practical information. Raises StaleVersion."""
    with transaction(edition) as session:
        current = practical_information_of(edition)
        check_version(stamp_read, stamp_of(current))
        if current == information:
            return
        edition.address, edition.access = information.address, information.access
        edition.practical = list(information.sections)
        write_entry(session, actor, "edition.practical_changed", f"edition:{edition.id}")
