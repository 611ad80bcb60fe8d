"""Change the frame of an edition's rota and the weights of its soft rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.db import get_or_create
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version
from salon.staffing.actions import StaffingAction
from salon.staffing.models import Rota
from salon.staffing.rules import settings as rules


def get_or_create_rota(edition: Edition) -> Rota:
    """Return the settings row of the edition's rota, created on first use.

    Changes of the rota take a pessimistic lock on it.
    """
    return get_or_create(Rota, edition.id, edition_id=edition.id, version=1, weights={})


@dataclass(frozen=True)
class RotaSettings:
    """What an organiser sets for the rota of an edition; see `Rota`."""

    before_minutes: int = 30
    after_minutes: int = 30
    lunch_is_due: bool = False
    least_stint: int = 2
    weights: Mapping[str, int] = field(default_factory=dict)


def change_settings(act: FairAct, version: int, settings: RotaSettings) -> Rota:
    """Change the settings. Raises StaleVersion, UnknownWeight, UnknownStintLength."""
    rota = get_or_create_rota(act.edition)
    rules.check_weights(settings.weights)
    rules.check_least_stint(settings.least_stint)
    with act.transaction(rota) as session:
        check_version(version, rota.version)
        for name, value in vars(settings).items():
            setattr(rota, name, value)
        rota.weights = dict(settings.weights)
        details = {"lunch_is_due": settings.lunch_is_due, "least_stint": settings.least_stint}
        subject = f"edition:{act.edition.id}"
        write_entry(
            session,
            act.actor,
            StaffingAction.ROTA_SETTINGS_CHANGED,
            subject,
            **details,
            **settings.weights,
        )
    return rota
