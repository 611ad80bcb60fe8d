"""The state of an appointment at a moment, in the words that every page and file uses."""

from datetime import datetime

from salon.appointments.models.bookings import Appointment, AppointmentStatus
from salon.platform.words.labels import LabelledEnum


class AppointmentState(LabelledEnum):
    """The first that holds, from the end: what became of it, then where its visitor is.

    `docs/glossary.md` has these words, and those that the visitor reads instead.
    """

    BOOKED = "booked", "Confirmé"
    NOT_YET = "not_yet", "Pas encore arrivé"
    IN_FAIR = "in_fair", "À l’intérieur"
    AT_STAND = "at_stand", "Au stand"
    TO_COMPLETE = "to_complete", "À compléter"
    MET = "met", "Reçu"
    MISSED = "missed", "Pas venu"
    TO_CHOOSE = "to_choose", "À choisir de nouveau"
    CANCELLED = "cancelled", "Annulé"

    @property
    def visitor_label(self) -> str:
        """Return the word for the visitor, who completes nothing and knows where they are."""
        if self == AppointmentState.TO_COMPLETE:
            return "Passé"
        if self == AppointmentState.AT_STAND:
            return "Vous êtes attendu au stand"
        awaited = (AppointmentState.NOT_YET, AppointmentState.IN_FAIR)
        return (AppointmentState.BOOKED if self in awaited else self).label


FILTERED = (
    AppointmentState.BOOKED,
    AppointmentState.TO_COMPLETE,
    AppointmentState.MET,
    AppointmentState.MISSED,
    AppointmentState.TO_CHOOSE,
    AppointmentState.CANCELLED,
)
"""States that a list is filtered by: where the visitor is does not count."""


def state_of(appointment: Appointment, now: datetime) -> AppointmentState:
    """Return the state of an appointment; its end, like that of any span, is already past."""
    if appointment.status != AppointmentStatus.BOOKED:
        return AppointmentState(appointment.status.value)
    if appointment.ends_at <= now:
        return AppointmentState.TO_COMPLETE
    if appointment.arrived_at is not None:
        return AppointmentState.AT_STAND
    if appointment.in_hall_at is not None:
        return AppointmentState.IN_FAIR
    return AppointmentState.NOT_YET if appointment.starts_at <= now else AppointmentState.BOOKED
