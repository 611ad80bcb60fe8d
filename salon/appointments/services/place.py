"""Follow a change of place: appointments keep their time, their events name the new place."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from salon.appointments.models import BookingSettings
from salon.appointments.services.days import appointment_name, live_appointments
from salon.fair.models import Edition
from salon.platform.consequences import Consequence, Consequences, Fate, PlaceChange
from salon.platform.db import current_session


class AppointmentsPlaceFollower:
    """Visitors are told with the rest of their visit."""

    name = "appointments"

    def gates(self, edition_id: int) -> Sequence[Any]:
        settings = current_session().get(BookingSettings, edition_id)
        return [settings] if settings is not None else []

    def follow(self, session: Session, change: PlaceChange) -> Consequences:
        edition = session.get_one(Edition, change.edition_id)
        live = live_appointments(session, edition)
        appointments = [each for each in live if each.ends_at > change.at]
        for appointment in appointments:
            appointment.sequence += 1
        names = [appointment_name(appointment) for appointment in appointments]
        return [Consequence(Fate.UPDATED, "Rendez-vous dans les agendas", names)]
