"""Rules of entry to zones, and of zones themselves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from itertools import pairwise

from salon.entrance.rules.scans import PresenceFacts
from salon.fair.models import ZoneHours
from salon.platform.settings.clock import local, paris
from salon.platform.words import formats
from salon.platform.words.errors import BadInput, RuleBroken

FAIR_CANCELLED = "Le salon est annulé\u00a0: personne n’entre."


class Barred(StrEnum):
    """Reason why a valid badge may not enter here now."""

    DOOR = "door"
    CATEGORY = "category"
    NOT_INVITED = "not_invited"
    TOO_EARLY = "too_early"
    CLOSED = "closed"
    FULL = "full"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """A zone as `fair.models.Zone` describes it; `id` None: the fair itself.

    `hours`: of each day, in the order of time; at least those of one.
    """

    id: int | None
    label: str
    admits: Collection[str] = ()
    is_vip_only: bool = False
    capacity: int | None = None
    hours: Sequence[ZoneHours] = (ZoneHours(),)
    early_admits: Collection[str] = ()
    is_strict: bool = True


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """A door: the categories it admits (none: all), and the zone it leads to."""

    admits: Collection[str] = ()
    zone: ZoneFacts | None = None

    @property
    def counts_in(self) -> int | None:
        """Return the zone inside the fair whose presence a scan here changes; None: the fair's
        own."""
        return self.zone.id if self.zone else None


ANY_DOOR = DoorFacts()


def hours_at(zone: ZoneFacts, at: datetime) -> ZoneHours:
    """Return the hours that apply: those of a later day from its midnight, or from its early entry,
    once the zone has closed on the day before."""
    hours = zone.hours[0]
    for later in zone.hours[1:]:
        if hours.closes_at is None or at < hours.closes_at or at < _begins_at(later):
            break
        hours = later
    return hours


def _begins_at(hours: ZoneHours) -> datetime:
    assert hours.opens_at is not None
    return min(hours.early_from or hours.opens_at, midnight_before(hours.opens_at))


def barred_from(
    zone: ZoneFacts | None, category: str, is_vip: bool, at: datetime, inside: int, is_inside: bool
) -> Barred | None:
    """Return the reason why this badge may not enter the zone at that time, or None.

    `inside`: people in it; a person already inside takes no further place.
    """
    if zone is None:
        return None
    if zone.admits and category not in zone.admits:
        return Barred.CATEGORY
    if zone.is_vip_only and not is_vip:
        return Barred.NOT_INVITED
    hours = hours_at(zone, at)
    if hours.closes_at is not None and at >= hours.closes_at:
        return Barred.CLOSED
    if hours.opens_at is not None and at < hours.opens_at:
        is_early = hours.early_from is not None and at >= hours.early_from
        if not (is_early and category in zone.early_admits):
            return Barred.TOO_EARLY
    if zone.capacity is not None and inside >= zone.capacity and not is_inside:
        return Barred.FULL
    return None


def barred_message(barred: Barred, zone: ZoneFacts | None, at: datetime) -> str:
    """Return the message to the host at the door at that time."""
    if barred == Barred.CANCELLED:
        return FAIR_CANCELLED
    if barred == Barred.DOOR or zone is None:
        return "Ce badge n’entre pas par cette porte. Indiquez l’entrée générale."
    hours = hours_at(zone, at)
    if barred == Barred.TOO_EARLY and hours.opens_at is not None:
        return f"{zone.label}\u00a0: ouvert à ce badge à {formats.hour(hours.opens_at)}."
    if barred == Barred.CLOSED and hours.closes_at is not None:
        return f"{zone.label}\u00a0: fermé depuis {formats.hour(hours.closes_at)}."
    if barred == Barred.FULL:
        return f"{zone.label}\u00a0: complet, {zone.capacity} places prises."
    if barred == Barred.NOT_INVITED:
        return f"{zone.label}\u00a0: réservé aux invités d’honneur."
    return f"{zone.label}\u00a0: ce badge n’y entre pas."


def midnight_before(at: datetime) -> datetime:
    """Return the midnight that began this day; earlier entries no longer count in a zone."""
    return paris(local(at).date(), time())


def occupies_zone(presence: PresenceFacts | None, since: datetime) -> bool:
    """Return whether a badge takes a place now; one that was not seen out yesterday takes none."""
    return presence is not None and presence.is_inside and presence.last_at >= since


class ZoneExists(RuleBroken):
    message = "Une autre zone porte déjà ce nom\u00a0: choisissez-en un autre."


class FairExists(RuleBroken):
    message = "Le salon lui-même a déjà sa zone\u00a0: modifiez-la plutôt."


class StandHasZone(RuleBroken):
    message = "Ce stand a déjà sa zone\u00a0: modifiez-la plutôt."


class ZoneHasDoors(RuleBroken):
    message = (
        "Des portes mènent encore à cette zone\u00a0: menez-les d’abord ailleurs, ou retirez-les."
    )


class DoorExists(RuleBroken):
    message = "Une autre porte a déjà ce code\u00a0: choisissez-en un autre."


class DoorWasScanned(RuleBroken):
    message = (
        "Des badges ont été lus à cette porte\u00a0: elle reste, pour que ces passages se lisent. "
        "Changez son nom ou sa zone."
    )


class DoorHasStations(RuleBroken):
    message = "Une station est réglée sur cette porte\u00a0: révoquez-la, ou enrôlez-la ailleurs."


class HoursInDisorder(BadInput):
    message = "L’ouverture vient avant la fermeture."


class DaysInDisorder(BadInput):
    message = (
        "Dites à quelle heure la zone ouvre et ferme chaque jour\u00a0: elle ouvre après la "
        "fermeture de la veille."
    )


class EarlyWithoutOpening(BadInput):
    message = "Pour laisser entrer avant l’ouverture, dites aussi l’heure d’ouverture."


class EarlyAfterOpening(BadInput):
    message = "L’entrée anticipée vient avant l’ouverture."


class EarlyIncomplete(BadInput):
    message = "Dites qui entre avant l’ouverture, et à partir de quand\u00a0: les deux ou aucun."


class StandMissing(BadInput):
    message = "Dites de quel stand il s’agit."


@dataclass(frozen=True, slots=True)
class ZoneValues:
    """Values of a zone set by an organiser; `kind` is that of `fair.models.ZoneKind`."""

    kind: str
    label: str
    admits: Sequence[str] = ()
    is_vip_only: bool = False
    capacity: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    early_admits: Sequence[str] = ()
    early_from: datetime | None = None
    later_hours: Sequence[ZoneHours] = ()
    is_strict: bool = True
    stand_id: int | None = None


def check_zone(values: ZoneValues) -> None:
    """The hours must be in order, and a stand's zone must name its stand.

    Raises HoursInDisorder, EarlyIncomplete, EarlyWithoutOpening, EarlyAfterOpening, DaysInDisorder,
    StandMissing.
    """
    first = ZoneHours(values.opens_at, values.closes_at, values.early_from)
    days = (first, *values.later_hours)
    if bool(values.early_admits) != any(hours.early_from for hours in days):
        raise EarlyIncomplete
    for hours in days:
        check_hours(hours)
    for hours, later in pairwise(days):
        follows = hours.closes_at and later.opens_at and hours.closes_at <= later.opens_at
        if not follows or hours.day_on == later.day_on:
            raise DaysInDisorder
    if (values.kind == "stand") != (values.stand_id is not None):
        raise StandMissing


def check_hours(hours: ZoneHours) -> None:
    """Raises HoursInDisorder, EarlyWithoutOpening, EarlyAfterOpening."""
    opens, closes, early = hours
    if opens is not None and closes is not None and opens >= closes:
        raise HoursInDisorder
    if early is not None and opens is None:
        raise EarlyWithoutOpening
    if early is not None and opens is not None and early >= opens:
        raise EarlyAfterOpening


def check_zone_has_no_door(count: int) -> None:
    """Raise ZoneHasDoors."""
    if count:
        raise ZoneHasDoors


def check_door_can_go(was_scanned: bool, has_stations: bool) -> None:
    """Raise DoorWasScanned, DoorHasStations."""
    if was_scanned:
        raise DoorWasScanned
    if has_stations:
        raise DoorHasStations
