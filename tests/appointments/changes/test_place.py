"""What is to come and what is under way follows the fair to another place."""

from datetime import timedelta

import pytest

from salon.appointments.services.place import AppointmentsPlaceFollower
from salon.fair.models import Edition
from salon.platform.database.consequences import Fate, PlaceChange
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from tests.appointments.make import book, make_fair


@pytest.mark.parametrize(("minutes", "follows"), [(-1, True), (10, True), (20, False)])
def test_an_appointment_follows_the_place_until_its_end(
    edition: Edition, minutes: int, follows: bool
) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9))
    sequence = appointment.sequence
    change = PlaceChange(
        edition_id=edition.id,
        actor=SYSTEM,
        at=fair.at(9) + timedelta(minutes=minutes),
        former_label="Parc des Expositions",
        is_past=False,
    )
    with transaction() as session:
        (consequence,) = AppointmentsPlaceFollower().follow(session, change)
    current_session().rollback()
    assert (consequence.fate, len(consequence.names)) == (Fate.UPDATED, follows)
    assert appointment.sequence == sequence + follows
