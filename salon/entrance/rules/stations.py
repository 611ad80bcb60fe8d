"""Rules of stations."""

from datetime import datetime, timedelta

from salon.platform.words.errors import RuleBroken
from salon.platform.words.labels import LabelledEnum


class StationExists(RuleBroken):
    """`free_name`: one that would do."""

    def __init__(self, name: str, free_name: str) -> None:
        super().__init__(
            f"Une station porte déjà le nom «\u00a0{name}\u00a0»\u00a0: "
            f"«\u00a0{free_name}\u00a0» est libre. Vous pouvez aussi révoquer l’ancienne."
        )


class StationState(LabelledEnum):
    """Whether a device may still scan as this station."""

    TO_ENROL = "to_enrol", "À enrôler"
    IN_SERVICE = "in_service", "En service"
    EXPIRED = "expired", "À enrôler de nouveau"
    REVOKED = "revoked", "Révoquée"


def state_of(
    enrolled_at: datetime | None, revoked_at: datetime | None, lifetime: timedelta, now: datetime
) -> StationState:
    """Return the state of a station; `now` is the world's. It expires `lifetime` after its
    enrolment."""
    if revoked_at is not None:
        return StationState.REVOKED
    if enrolled_at is None:
        return StationState.TO_ENROL
    return StationState.IN_SERVICE if now < enrolled_at + lifetime else StationState.EXPIRED
