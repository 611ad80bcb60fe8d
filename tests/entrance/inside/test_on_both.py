"""Visitors in the hall are noted beside the scans, on SQLite and PostgreSQL."""

from datetime import timedelta

from salon.appointments.models import Appointment
from salon.appointments.services.booking import cancel_appointment
from salon.entrance.models import Direction
from salon.entrance.services.scans import record_scans
from salon.entrance.services.visitors_inside import record_visitors_inside
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from tests.appointments.make import PUBLIC, book, check_invariants, make_fair, make_visitor
from tests.entrance.people import item, make_station
from tests.statements import statements

MINUTE = timedelta(minutes=1)


def test_who_entered_today_is_noted_on_their_appointments(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    station = make_station(edition)
    inside, left, absent = (make_visitor(edition) for _ in range(3))
    appointments = [book(fair, at=fair.at(hour), visitor=inside) for hour in (10, 15)]
    cancelled = book(fair, at=fair.at(16), visitor=inside)
    cancel_appointment(Act(PUBLIC, fair.before), cancelled)
    others = [book(fair, at=fair.at(11), visitor=value) for value in (left,)]
    others.append(book(fair, at=fair.at(14), visitor=absent))

    def scan(code: str, minute: int, direction: Direction = Direction.IN) -> None:
        at = fair.at(9, minute)
        scan_item = item(code, scanned_at=at, direction=direction)
        record_scans(station, edition.id, [scan_item], at)

    assert record_visitors_inside(fair.at(9)) == 0
    scan(inside.badges[0].code, 1)
    scan(left.badges[0].code, 2)
    scan(left.badges[0].code, 3, Direction.OUT)
    version, now = appointments[0].version, fair.at(9, 4)
    with statements() as first:
        assert record_visitors_inside(now) == 2
    with statements() as idle:
        assert record_visitors_inside(now) == 0
    counts = [sum("BEGIN" not in item for item in sent) for sent in (first, idle)]
    assert counts == [4, 2]
    current_session().rollback()
    current_session().expire_all()
    assert [appointment.in_hall_at for appointment in appointments] == [fair.at(9, 1)] * 2
    assert [value.in_hall_at for value in (cancelled, *others)] == [None] * 3
    assert appointments[0].version == version
    scan(inside.badges[0].code, 5, Direction.OUT)
    assert record_visitors_inside(fair.at(9, 6)) == 0
    current_session().rollback()
    current_session().expire_all()
    assert [appointment.in_hall_at for appointment in appointments] == [None] * 2
    check_invariants(edition)


def test_another_days_entry_and_another_days_appointment_are_not_todays(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    station = make_station(edition)
    visitor = make_visitor(edition)
    appointment: Appointment = book(fair, at=fair.at(10), visitor=visitor)
    scan_item = item(visitor.badges[0].code, scanned_at=fair.before)
    record_scans(station, edition.id, [scan_item], fair.before)
    assert record_visitors_inside(fair.before + MINUTE) == 0
    assert record_visitors_inside(fair.at(9)) == 0
    second_scan = item(visitor.badges[0].code, scanned_at=fair.at(9, 10))
    record_scans(station, edition.id, [second_scan], fair.at(9, 10))
    assert record_visitors_inside(fair.at(9, 11)) == 1
    current_session().rollback()
    current_session().refresh(appointment)
    assert appointment.in_hall_at == fair.at(9, 10)
