"""Change the frame of an edition's rota and the weights of its soft rules."""

from collections.abc import Mapping

from salon.fair.models import Edition
from salon.platform.database.db import get_or_create, transaction
from salon.platform.database.identity import Identity
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version
from salon.staffing.models import Rota
from salon.staffing.rules import settings as rules


def get_or_create_rota(edition: Edition) -> Rota:
    """Return the settings row of the edition's rota, created on first use.

    Changes of the rota take a pessimistic lock on it.
    """
    return get_or_create(Rota, edition.id, edition_id=edition.id, version=1, weights={})


def change_settings(
    edition: Edition,
    version: int,
    before_minutes: int,
    after_minutes: int,
    weights: Mapping[str, int],
    actor: Identity,
) -> Rota:
    """Change the frame and the weights. Raises StaleVersion, UnknownWeight."""
    rota = get_or_create_rota(edition)
    rules.check_weights(weights)
    with transaction(rota) as session:
        check_version(version, rota.version)
        rota.before_minutes, rota.after_minutes = before_minutes, after_minutes
        rota.weights = dict(weights)
        write_entry(session, actor, "rota.settings_changed", f"edition:{edition.id}", **weights)
    return rota
