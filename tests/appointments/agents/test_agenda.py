"""An agent's agenda: what is to complete, under way, to come, closed."""

from datetime import UTC, datetime, timedelta

import pytest

from salon.appointments.models import Appointment, AppointmentStatus, Outcome
from salon.appointments.presenters.agenda import agenda_of

NINE = datetime(2026, 10, 1, 7, 0, tzinfo=UTC)
END = NINE + timedelta(minutes=20)
MINUTE = timedelta(minutes=1)
BOOKED, MET = AppointmentStatus.BOOKED, AppointmentStatus.MET


def places_of(now: datetime, **facts: object) -> list[str]:
    """Return the parts of the agenda that hold an appointment at nine."""
    values = {"status": BOOKED, "arrived_at": None, "outcome": None, **facts}
    agenda = agenda_of([Appointment(starts_at=NINE, ends_at=END, **values)], now)
    assert agenda.count == 1
    parts = {
        "to complete": agenda.to_complete,
        "under way": agenda.current,
        "to come": [agenda.following] if agenda.following else [],
        "closed": agenda.closed,
    }
    return [name for name, appointments in parts.items() if appointments]


@pytest.mark.parametrize(
    ("now", "facts", "place"),
    [
        (NINE - MINUTE, {}, "to come"),
        (NINE - MINUTE, {"arrived_at": NINE - 5 * MINUTE}, "under way"),
        (NINE, {}, "under way"),
        (END - MINUTE, {}, "under way"),
        (END, {}, "to complete"),
        (NINE, {"status": MET}, "to complete"),
        (NINE, {"status": MET, "outcome": next(iter(Outcome))}, "closed"),
        (END, {"status": AppointmentStatus.CANCELLED}, "closed"),
        (END, {"status": AppointmentStatus.MISSED}, "closed"),
    ],
)
def test_an_appointment_is_in_one_part_of_the_agenda(
    now: datetime, facts: dict[str, object], place: str
) -> None:
    assert places_of(now, **facts) == [place]
