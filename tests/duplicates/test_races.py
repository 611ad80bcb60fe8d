"""A merge against what happens at the same moment: a scan, a booking, a print run, another merge.

Each race has its control: the same writes, decided on what was read before, show the fault.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from salon.appointments.engine.slots import Slot, tick
from salon.appointments.models import Appointment
from salon.appointments.services.following import follow_attendees
from salon.appointments.services.placing import VisitorQuestion, add_appointment
from salon.appointments.services.settings import get_or_create_settings
from salon.badges import jobs
from salon.badges.models import Attendee, MergedPerson, Printing
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import AttendeeFilter
from salon.duplicates import queries, rules
from salon.duplicates.rules import held_badge
from salon.duplicates.services import Merge, merge_people
from salon.duplicates.services.merging import _take_over
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.words.errors import RuleBroken
from salon.platform.work.jobs import lease_next
from tests.appointments.make import book, check_invariants, make_fair
from tests.badges.people import all_of, badge_of, register_one
from tests.badges.registrations import ORGANISER
from tests.duplicates.people import NOW, everybody
from tests.entrance.people import item, make_station
from tests.factories import act_in, new_key
from tests.jobs import run as run_jobs
from tests.races import race

Pair = tuple[Attendee, Attendee]
ROUNDS = 3


def outcome(act: Callable[[], Any]) -> str:
    try:
        act()
    except RuleBroken as error:
        return type(error).__name__
    return "done"


def planned(edition: Edition, pair: Pair, **choices: Any) -> Callable[[], str]:
    """Return the merge that a page shows now, to be sent later."""
    current_session().rollback()
    ids = tuple(person.id for person in pair)
    merge = Merge(ids, held_badge(queries.badge_uses(ids)).badge_id, **choices)
    number = edition.id

    def send() -> str:
        own = current_session().get_one(Edition, number)
        return outcome(lambda: merge_people(act_in(own, ORGANISER, NOW), merge))

    return send


def unguarded(pair: Pair) -> None:
    """Merge the second into the first without asking how they stand now."""
    first, second = pair
    badge_id = badge_of(first.id).id
    current_session().rollback()
    with transaction() as session:
        _take_over(Act(ORGANISER, NOW), session, second, first, badge_id)


def statuses(edition: Edition) -> Counter[str]:
    return Counter(person.status for person in everybody(edition))


@pytest.mark.race
def test_a_badge_scanned_meanwhile_is_not_replaced(app: Flask, edition: Edition) -> None:
    station, at = make_station(edition), edition.starts_at
    for _ in range(ROUNDS):
        pair = register_one(), register_one()
        code = badge_of(pair[1].id).code
        merge, number = planned(edition, pair), edition.id

        def scan(code: str = code, number: int = number) -> str:
            (result,) = record_scans(station, number, [item(code, scanned_at=at)], at)
            return str(result.verdict)

        merged, verdict = race(app, [merge, scan])
        assert (merged, verdict) in [("OtherBadgeHeld", "accepted"), ("done", "revoked")]
        current_session().expire_all()
        assert pair[1].status == ("replaced" if merged == "done" else "registered")


@pytest.mark.race
def test_a_scan_that_waited_for_a_merge_finds_the_badge(app: Flask, edition: Edition) -> None:
    """PostgreSQL leaves out of its answer a badge that has another holder since it waited."""
    station, at, number = make_station(edition), edition.starts_at, edition.id
    pair = register_one(), register_one()
    badges = [badge_of(person.id) for person in pair]
    code, kept_number = badges[1].code, badges[0].code[:8]
    current_session().rollback()

    def scan() -> list[str]:
        with app.app_context():
            (result,) = record_scans(station, number, [item(code, scanned_at=at)], at)
            holder = result.holder
            return [str(result.verdict), holder.successor if holder else ""]

    with ThreadPoolExecutor(1) as pool:
        with transaction(*pair, *badges) as session:
            _take_over(Act(ORGANISER, NOW), session, pair[1], pair[0], badges[0].id)
            answer = pool.submit(scan)
            if session.get_bind().dialect.name == "postgresql":
                waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
                while not session.scalar(waiting):
                    assert not answer.done()
        assert answer.result() == ["revoked", kept_number]


@pytest.mark.on_both
def test_without_looking_again_the_badge_that_entered_is_refused(edition: Edition) -> None:
    """The control."""
    station, at = make_station(edition), edition.starts_at
    pair = register_one(), register_one()
    code = badge_of(pair[1].id).code
    record_scans(station, edition.id, [item(code, scanned_at=at)], at)
    unguarded(pair)
    (result,) = record_scans(station, edition.id, [item(code, scanned_at=at)], at)
    assert (str(result.verdict), result.presence and result.presence.is_inside) == ("revoked", True)


@pytest.mark.race
def test_a_booking_meanwhile_is_followed_or_refused(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    for hour in range(9, 9 + ROUNDS):
        pair = register_one(), register_one()
        merge, second_id = planned(edition, pair), pair[1].id

        def reserve(second_id: int = second_id, hour: int = hour) -> str:
            visitor = current_session().get_one(Attendee, second_id)
            return outcome(lambda: book(fair, at=fair.at(hour), visitor=visitor))

        merged, booked = race(app, [merge, reserve])
        assert (merged, booked) in [("done", "done"), ("done", "NotRegistered")]
        current_session().rollback()
        own = select(Appointment.attendee_id).where(
            Appointment.attendee_id.in_([person.id for person in pair])
        )
        owners = current_session().scalars(own).all()
        assert owners == ([pair[0].id] if booked == "done" else [])
    check_invariants(edition)


@pytest.mark.on_both
def test_without_the_lock_an_appointment_stays_with_the_replaced(edition: Edition) -> None:
    """The control; the worker then gives it to the kept registration, so that it is not lost."""
    fair = make_fair(edition)
    pair = register_one(), register_one()
    start = tick(fair.at(9))
    slot = Slot(fair.agents["Département"][0].id, fair.stand_id(), start, start + 4)
    unguarded(pair)
    get_or_create_settings(edition)
    facts = (pair[1], fair.theme_id(), slot, VisitorQuestion("La route"))
    with transaction() as session:
        late = add_appointment(Act(ORGANISER, NOW), session, *facts)
    assert late.attendee_id == pair[1].id
    assert follow_attendees(NOW) == 1
    current_session().expire_all()
    assert late.attendee_id == pair[0].id


@pytest.mark.race
def test_a_print_run_meanwhile_prints_no_badge_that_is_replaced(
    app: Flask, edition: Edition, tmp_path: Path
) -> None:
    pair = register_one(), register_one()
    badges = [badge_of(person.id).id for person in pair]
    jobs.ask_print_run(
        act_in(edition, ORGANISER, NOW), AttendeeFilter(), Layout.LABEL_62, new_key()
    )
    merge = planned(edition, pair)
    merged, _ = race(app, [merge, lambda: run_jobs(jobs.PRINT_RUNS, data=tmp_path)])
    if merged == "PrintingUnderWay":
        assert [row.badge_id for row in all_of(Printing)] == badges
        return
    run_jobs(jobs.PRINT_RUNS, data=tmp_path)
    printed = [row.badge_id for row in all_of(Printing)]
    # Printed before, both have been; printed after, one.
    assert merged == "done"
    assert printed in (badges, badges[:1])


@pytest.mark.on_both
def test_what_is_being_printed_is_not_merged(edition: Edition, tmp_path: Path) -> None:
    pair = register_one(), register_one()
    badges = [badge_of(person.id).id for person in pair]
    jobs.ask_print_run(
        act_in(edition, ORGANISER, NOW), AttendeeFilter(), Layout.LABEL_62, new_key()
    )
    leased = lease_next(jobs.PRINT_RUNS)
    assert leased is not None
    assert planned(edition, pair)() == "PrintingUnderWay"
    # The control: the list of badges was read, and one of them is replaced before it is drawn.
    unguarded(pair)
    printed: list[int] = []
    faces = jobs.queries.faces_of(badges, "", jobs.queries.settings_of(edition.id), None, printed)
    assert (len(list(faces)), printed) == (1, badges[:1])


@pytest.mark.race
def test_two_organisers_merge_a_pair_once(app: Flask, edition: Edition) -> None:
    pair = register_one(), register_one()
    merge = planned(edition, pair)
    assert Counter(race(app, [merge] * 4)) == {"done": 1, "AlreadyMerged": 3}
    assert len(current_session().scalars(select(MergedPerson)).all()) == 1
    assert statuses(edition) == {"registered": 1, "replaced": 1}


@pytest.mark.on_both
def test_without_looking_again_two_merges_leave_nobody(edition: Edition) -> None:
    """The control: each organiser keeps the other one."""
    pair = register_one(), register_one()
    badges = [badge_of(person.id).id for person in pair]
    current_session().rollback()
    for kept, former, badge_id in ((0, 1, badges[0]), (1, 0, badges[1])):
        with transaction() as session:
            _take_over(Act(ORGANISER, NOW), session, pair[former], pair[kept], badge_id)
    assert statuses(edition) == {"replaced": 2}
    with pytest.raises(rules.AlreadyMerged):
        merge_people(act_in(edition, ORGANISER, NOW), Merge(tuple(p.id for p in pair), badges[0]))
