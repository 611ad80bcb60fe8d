"""Rules of the queue of a stand."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from salon.appointments.models import Appointment, AppointmentStatus, TicketStatus
from salon.fair.models import EditionDay
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import hour
from salon.platform.words.labels import LabelledEnum

SOON = timedelta(minutes=5)
"""An agent is warned before a call when an appointment begins within this time."""


class Gesture(LabelledEnum):
    """The acts that an agent may record on a number of the queue."""

    CALL = "call", "appelé"
    SERVE = "serve", "reçu"
    MISS = "miss", "pas là"
    PUT_BACK = "put_back", "replacé"
    LEAVE = "leave", "retiré de la file"


STATUSES = {
    Gesture.CALL: (TicketStatus.WAITING,),
    Gesture.SERVE: (TicketStatus.WAITING, TicketStatus.CALLED),
    Gesture.MISS: (TicketStatus.CALLED,),
    Gesture.PUT_BACK: (TicketStatus.CALLED, TicketStatus.MISSED),
    Gesture.LEAVE: (TicketStatus.WAITING, TicketStatus.CALLED),
}
"""Statuses of a number that allow each gesture."""

HONOURABLE = (AppointmentStatus.BOOKED, AppointmentStatus.TO_CHOOSE, AppointmentStatus.MISSED)


class QueueClosed(RuleBroken):
    message = "On ne prend un numéro que pendant l’ouverture du salon."


class BadgeUnknown(RuleBroken):
    status = 422
    message = (
        "Ce code n’est pas celui d’un badge de cette édition. Relisez-le, ou laissez le champ vide."
    )


class NobodyWaits(RuleBroken):
    message = "Personne n’attend\u00a0: la file est vide."


class StillCalling(RuleBroken):
    """An agent calls one number at a time."""


class AppointmentSoon(RuleBroken):
    """The agent is warned of a near appointment, and may call all the same."""


class NumberChanged(RuleBroken):
    """Another agent changed this number first."""


class NothingToUndo(RuleBroken):
    message = "Il n’y a plus rien à annuler\u00a0: ce numéro a changé depuis."


class NotLate(RuleBroken):
    message = (
        "L’heure de ce rendez-vous n’est pas passée\u00a0: la personne est attendue à son heure."
    )


class NoLongerExpected(RuleBroken):
    message = "Ce rendez-vous est annulé ou terminé. La personne peut prendre un numéro."


def is_open(days: Iterable[EditionDay], now: datetime) -> bool:
    """Return whether the fair is open: numbers are taken only then."""
    return any(day.opens_at <= now < day.closes_at for day in days)


def check_is_open(days: Iterable[EditionDay], now: datetime) -> None:
    """Numbers are taken while the fair is open. Raises QueueClosed."""
    if not is_open(days, now):
        raise QueueClosed


def check_gesture(gesture: Gesture, number: int, status: TicketStatus) -> None:
    """The status of the number allows the gesture. Raises NumberChanged."""
    if status not in STATUSES[gesture]:
        raise NumberChanged(
            f"Le numéro {number} a changé entre-temps\u00a0: {status.label.lower()}. "
            "Relisez la file avant de recommencer."
        )


def check_calls_nobody(number: int | None) -> None:
    """The agent has settled the number they called before. Raises StillCalling."""
    if number is not None:
        raise StillCalling(
            f"Dites d’abord si le numéro {number} est reçu ou n’est pas là. "
            "Ensuite, appelez le suivant."
        )


def check_is_free(starts_at: datetime | None, visitor_place: str, now: datetime) -> None:
    """No appointment of the agent is under way or near. Raises AppointmentSoon."""
    if starts_at is not None:
        verb = "a commencé à" if starts_at <= now else "commence à"
        raise AppointmentSoon(f"Votre rendez-vous avec {visitor_place} {verb} {hour(starts_at)}.")


def check_is_late(appointment: Appointment, now: datetime) -> None:
    """The appointment has begun and was not held. Raises NoLongerExpected, NotLate."""
    if appointment.status not in HONOURABLE:
        raise NoLongerExpected
    if now < appointment.starts_at:
        raise NotLate
