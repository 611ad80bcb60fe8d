"""Follow a change of place: appointments keep their time, their events name the new place."""

from sqlalchemy.orm import Session

from salon.appointments.models import BookingSettings
from salon.appointments.services.days import appointment_name, live_appointments
from salon.fair.models import Edition
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    Fate,
    Follower,
    PlaceChange,
)


class AppointmentsPlaceFollower(Follower[PlaceChange]):
    """Visitors are told with the rest of their visit."""

    name = "appointments"
    gate = BookingSettings

    def follow(self, session: Session, change: PlaceChange) -> Consequences:
        edition = session.get_one(Edition, change.edition_id)
        live = live_appointments(session, edition)
        appointments = [appointment for appointment in live if appointment.ends_at > change.at]
        for appointment in appointments:
            appointment.sequence += 1
        names = [appointment_name(appointment) for appointment in appointments]
        return [Consequence(Fate.UPDATED, "Rendez-vous dans les agendas", names)]
