"""Who may enter a zone, and when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from salon import formats


class Barred(StrEnum):
    """Why a valid badge may not enter here now."""

    DOOR = "door"
    CATEGORY = "category"
    NOT_INVITED = "not_invited"
    TOO_EARLY = "too_early"
    CLOSED = "closed"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """A zone as `fair.models.Zone` describes it; `id` None: the fair itself."""

    id: int | None
    label: str
    admits: Collection[str] = ()
    is_vip_only: bool = False
    capacity: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    early_admits: Collection[str] = ()
    early_from: datetime | None = None
    is_strict: bool = True


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """A door: the categories it admits (none: all), and the zone it leads to."""

    admits: Collection[str] = ()
    zone: ZoneFacts | None = None

    @property
    def counts_in(self) -> int | None:
        """The zone inside the fair whose presence a scan here changes; None: the fair's own."""
        return self.zone.id if self.zone else None


ANY_DOOR = DoorFacts()


def barred_from(
    zone: ZoneFacts | None, category: str, is_vip: bool, at: datetime, inside: int, is_inside: bool
) -> Barred | None:
    """Why this badge may not enter the zone at that time, if it may not.

    `inside`: how many are in it; who is in it already takes no place.
    """
    if zone is None:
        return None
    if zone.admits and category not in zone.admits:
        return Barred.CATEGORY
    if zone.is_vip_only and not is_vip:
        return Barred.NOT_INVITED
    if zone.closes_at is not None and at >= zone.closes_at:
        return Barred.CLOSED
    if zone.opens_at is not None and at < zone.opens_at:
        is_early = zone.early_from is not None and at >= zone.early_from
        if not (is_early and category in zone.early_admits):
            return Barred.TOO_EARLY
    if zone.capacity is not None and inside >= zone.capacity and not is_inside:
        return Barred.FULL
    return None


def barred_message(barred: Barred, zone: ZoneFacts | None) -> str:
    """What the host at the door reads."""
    if barred == Barred.DOOR or zone is None:
        return "Ce badge n’entre pas par cette porte. Indiquez l’entrée générale."
    if barred == Barred.TOO_EARLY and zone.opens_at is not None:
        return f"{zone.label}\u00a0: ouvert à ce badge à {formats.hour(zone.opens_at)}."
    if barred == Barred.CLOSED and zone.closes_at is not None:
        return f"{zone.label}\u00a0: fermé depuis {formats.hour(zone.closes_at)}."
    if barred == Barred.FULL:
        return f"{zone.label}\u00a0: complet, {zone.capacity} places prises."
    if barred == Barred.NOT_INVITED:
        return f"{zone.label}\u00a0: réservé aux invités d’honneur."
    return f"{zone.label}\u00a0: ce badge n’y entre pas."
