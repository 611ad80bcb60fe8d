"""Packs planned and made once; paper typed back as scans, once, into the same inbox."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from salon.accounts.models import Station, StationKind
from salon.accounts.queries import stations_of
from salon.accounts.rules import NotADevice
from salon.accounts.services.stations import offer_enrolment
from salon.badges import services as badges
from salon.badges.models import Badge
from salon.entrance.models import Direction
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition, EditionDay
from salon.fair.queries import get_public_edition
from salon.paper import jobs, queries, rules
from salon.paper.engine.short_codes import short_code
from salon.paper.models import PaperPack, PaperPage, Reason
from salon.paper.services.typing_back import (
    State,
    TypedLine,
    get_or_create_station,
    tick_lines,
    type_codes,
)
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.files.uploads import save_file, upload
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import now as fair_now
from salon.platform.settings.clock import real_now
from salon.platform.storage.folder import FolderStore
from salon.stored_files import remove_orphans
from tests.entrance.people import NINE, item, make_badge, make_station, presences, scans
from tests.factories import act_in, make_account, make_edition, new_key
from tests.jobs import run as run_jobs
from tests.paper.people import (
    at,
    conflicts,
    make_crowd,
    make_pack,
    pages_of,
    path_of,
    pointing,
)
from tests.races import ROUNDS, race

OPENING = at(9)


@pytest.fixture
def today(edition: Edition) -> Edition:
    """Return the current edition, held on the day of NINE."""
    with transaction() as session:
        session.get_one(Edition, edition.id).days[0].day_on = NINE.date()
    return edition


def all_packs() -> list[PaperPack]:
    current_session().rollback()
    return list(current_session().scalars(select(PaperPack).order_by(PaperPack.id)))


def typed(
    edition: Edition, *codes: str, hour: int = 9, minute: int = 15, **more: object
) -> list[TypedLine]:
    now = more.pop("now", at(18))
    assert isinstance(now, datetime)
    sheet = pointing(hour, minute, **more)  # type: ignore[arg-type]
    typed_lines = type_codes(act_in(edition, SYSTEM, now), codes, sheet)
    current_session().rollback()
    return typed_lines


def states(lines: list[TypedLine]) -> list[State]:
    return [line.state for line in lines]


# The pack


@pytest.mark.parametrize(
    ("before", "reasons"),
    [
        (timedelta(hours=24, minutes=1), []),
        (timedelta(hours=24), [Reason.DAY_BEFORE]),
        (timedelta(hours=3), [Reason.DAY_BEFORE]),
        (timedelta(hours=2), [Reason.TWO_HOURS_BEFORE]),
        (timedelta(minutes=1), [Reason.TWO_HOURS_BEFORE]),
        (timedelta(0), []),
        (-timedelta(hours=1), []),
    ],
)
def test_a_pack_is_planned_before_an_opening(
    today: Edition, before: timedelta, reasons: list[Reason]
) -> None:
    assert jobs.plan_packs(OPENING - before) == len(reasons)
    assert [(pack.reason, pack.planned_for) for pack in all_packs()] == [
        (reason, OPENING) for reason in reasons
    ]


@pytest.mark.on_both
def test_each_pack_is_planned_once(today: Edition) -> None:
    for hours in (24, 23, 2, 1):
        jobs.plan_packs(OPENING - timedelta(hours=hours))
        jobs.plan_packs(OPENING - timedelta(hours=hours))
    assert [pack.reason for pack in all_packs()] == [Reason.DAY_BEFORE, Reason.TWO_HOURS_BEFORE]


@pytest.mark.on_both
def test_each_day_has_its_packs(today: Edition) -> None:
    with transaction() as session:
        first = today.days[0]
        session.add(
            EditionDay(
                edition_id=today.id,
                day_on=first.day_on + timedelta(days=1),
                opens=first.opens,
                closes=first.closes,
            )
        )
    current_session().expire_all()
    assert jobs.plan_packs(OPENING + timedelta(minutes=1)) == 1
    (pack,) = all_packs()
    assert pack.planned_for == OPENING + timedelta(days=1)


@pytest.mark.race
def test_two_workers_plan_and_make_one_pack(app: Flask, today: Edition) -> None:
    make_crowd(today, 3)
    now = OPENING - timedelta(hours=24)
    for _ in range(ROUNDS):
        planned = race(app, [lambda: jobs.plan_packs(now)] * 2)
        assert sum(planned) == 1
        outcomes = race(app, [lambda: run_jobs(jobs.PAPER_PACKS)] * 2)
        assert sum(outcomes) == 1
        (pack,) = all_packs()
        assert pack.status == "done"
        assert len(pages_of(pack)) == pack.pages == 6
        with transaction() as session:
            for page in session.scalars(select(PaperPage)):
                session.delete(page)
            session.flush()
            session.delete(session.get_one(PaperPack, pack.id))


def test_without_an_edition_nothing_is_planned(app: Flask) -> None:
    assert jobs.plan_packs(fair_now()) == 0


def test_a_pack_is_asked_once_and_not_while_one_is_made(today: Edition) -> None:
    key = new_key()
    first = jobs.ask_pack(act_in(today, SYSTEM, NINE), key)
    assert jobs.ask_pack(act_in(today, SYSTEM, NINE), key) == first
    assert jobs.ask_pack(act_in(today, SYSTEM, NINE), new_key()) == first
    assert len(all_packs()) == 1


@pytest.mark.on_both
def test_a_pack_keeps_its_file_its_pages_and_tells_the_organisers(
    app: Flask, today: Edition
) -> None:
    make_account(role=Role.ORGANISER, email="olivia@amf34.example")
    crowd = make_crowd(today, 50)
    pack = make_pack(app, today)
    assert (pack.status, pack.done, pack.total) == ("done", pack.pages, pack.pages)
    assert path_of(app, pack).read_bytes().startswith(b"%PDF")
    assert path_of(app, pack).stat().st_mode & 0o777 == 0o600
    on_pages = [item for page in pages_of(pack) for item in page]
    assert sorted(on_pages) == sorted(2 * [badge.id for badge in crowd])
    (message,) = current_session().scalars(
        select(Message).where(Message.kind == "paper_pack_ready")
    )
    assert message.recipient == "olivia@amf34.example"
    assert "Élodie" not in str(message.context)
    assert "rnal" not in str(message.context)


@pytest.mark.on_both
def test_a_pack_is_no_orphan(app: Flask, today: Edition) -> None:
    """Its file lies with the documents of exhibitors, which are swept."""
    pack = make_pack(app, today)
    data = app.config["SALON"].data
    orphan = save_file(FolderStore(data), b"perdu", ".pdf")
    assert remove_orphans(FolderStore(data), real_now() + timedelta(days=30)) == 1
    assert path_of(app, pack).is_file()
    assert not (data / upload(orphan)).exists()


@pytest.mark.on_both
def test_a_full_disk_is_said(app: Flask, today: Edition) -> None:
    make_crowd(today, 2)
    jobs.ask_pack(act_in(today, SYSTEM, NINE), new_key())
    data = app.config["SALON"].data
    (data / "uploads").write_text("a file where the folder should be")
    assert run_jobs(jobs.PAPER_PACKS) == 1
    (pack,) = all_packs()
    assert (pack.status, pack.leased_until) == ("failed", None)


# Typing back


def test_a_code_is_an_entry_at_the_hour_written(today: Edition) -> None:
    badge = make_badge(today)
    (line,) = typed(today, short_code(badge.id))
    assert line.state == State.NOTED
    (scan,) = scans()
    assert (scan.badge_id, scan.happened_at, scan.scanned_at) == (badge.id, at(9, 15), at(9, 15))
    assert (scan.door, scan.direction, scan.was_let_in) == ("A", "in", True)
    presence = presences()[badge.id]
    assert (presence.is_inside, presence.first_entry_at) == (True, at(9, 15))
    assert conflicts() == []


def test_an_exit_is_typed_too(today: Edition) -> None:
    badge = make_badge(today)
    typed(today, short_code(badge.id))
    (line,) = typed(today, short_code(badge.id), hour=11, direction=Direction.OUT)
    assert line.state == State.NOTED
    assert not presences()[badge.id].is_inside
    assert conflicts() == []


def test_a_badge_seen_at_two_doors_is_two_lines(today: Edition) -> None:
    badge = make_badge(today)
    for door in ("A", "X"):
        (line,) = typed(today, short_code(badge.id), door=door)
        assert line.state != State.KNOWN
    assert [scan.door for scan in scans()] == ["A", "X"]


@pytest.mark.on_both
def test_the_same_sheet_typed_twice_adds_nothing(app: Flask, today: Edition) -> None:
    crowd = make_crowd(today, 10)
    pack = make_pack(app, today)
    number = next(place for place, ids in enumerate(pages_of(pack), 1) if ids)
    ids = pages_of(pack)[number - 1]
    page = queries.get_page(today, pack.id, number)
    first = tick_lines(act_in(today, SYSTEM, at(18)), page, ids, pointing())
    assert states(first) == [State.NOTED] * 10
    expected_presences = presences()
    second_ticks = tick_lines(act_in(today, SYSTEM, at(19)), page, ids, pointing(9, 30))
    assert states(second_ticks) == [State.KNOWN] * 10
    by_codes = typed(today, *(short_code(badge.id) for badge in crowd), minute=45)
    assert states(by_codes) == [State.KNOWN] * 10
    assert len(scans()) == 10
    assert presences() == expected_presences
    assert conflicts() == []


@pytest.mark.race
def test_two_people_type_the_same_sheet_at_once(app: Flask, today: Edition) -> None:
    def type_sheet(codes: list[str]) -> list[TypedLine]:
        return type_codes(act_in(get_public_edition(), SYSTEM, at(18)), codes, pointing())

    crowd = [short_code(badge.id) for badge in make_crowd(today, 4 * ROUNDS)]
    for start in range(0, len(crowd), 4):
        codes = crowd[start : start + 4]
        outcomes = race(app, [partial(type_sheet, codes)] * 2)
        new = [line for lines in outcomes for line in lines if line.state != State.KNOWN]
        assert [item.state for item in new] == [State.NOTED] * 4
    assert len(scans()) == 4 * ROUNDS
    assert conflicts() == []


@pytest.mark.race
def test_the_paper_station_is_made_once(app: Flask, today: Edition) -> None:
    def keep(edition_id: int) -> int:
        return get_or_create_station(
            act_in(current_session().get_one(Edition, edition_id), SYSTEM)
        ).id

    for _ in range(ROUNDS):
        edition = make_edition(is_current=False)
        assert len(set(race(app, [partial(keep, edition.id)] * 2))) == 1
    current_session().rollback()
    statement = select(Station).where(Station.kind == StationKind.PAPER)
    stations = current_session().scalars(statement).all()
    assert len(stations) == ROUNDS
    assert {station.token_hash for station in stations} == {None}


@pytest.mark.on_both
def test_paper_is_no_device(app: Flask, today: Edition) -> None:
    station = get_or_create_station(act_in(today, SYSTEM))
    assert station.id not in {station.id for station in stations_of(today.id)}
    with pytest.raises(NotADevice):
        offer_enrolment(Act(SYSTEM), station.id)


@pytest.mark.on_both
def test_a_door_and_the_paper_both_saw_somebody(today: Edition) -> None:
    badge = make_badge(today, category="exhibitor")
    record_scans(make_station(today), today.id, [item(badge.code, 10)], at(9, 10))
    (line,) = typed(today, short_code(badge.id), minute=15, door="X")
    assert line.state == State.ODD
    assert [kind for kind, _ in conflicts()] == ["double"]


def test_paper_before_the_door_is_seen_too(today: Edition) -> None:
    """Typed at night, the entry written at 9:15 makes the door's of 9:40 the second one."""
    badge = make_badge(today)
    record_scans(make_station(today), today.id, [item(badge.code, 40)], at(9, 40))
    (line,) = typed(today, short_code(badge.id), minute=15)
    assert line.state == State.ODD
    assert [kind for kind, _ in conflicts()] == ["double"]
    assert presences()[badge.id].first_entry_at == at(9, 15)


def test_who_was_revoked_since_is_inside_and_to_check(today: Edition) -> None:
    badge = make_badge(today)
    with transaction() as session:
        session.get_one(Badge, badge.id).revoked_at = at(8)
    (line,) = typed(today, short_code(badge.id))
    assert line.state == State.ODD
    assert conflicts() == [("revoked", badge.id)]
    assert presences()[badge.id].is_inside


def test_a_door_that_does_not_admit_is_to_check(today: Edition) -> None:
    badge = make_badge(today)
    (line,) = typed(today, short_code(badge.id), door="X")
    assert line.state == State.ODD
    assert conflicts() == [("not_allowed", badge.id)]


@pytest.mark.on_both
def test_what_is_no_code_of_this_edition_writes_nothing(today: Edition) -> None:
    other_badge = make_badge(make_edition(is_current=False))
    mistaken = short_code(other_badge.id)[:-1] + (
        "0" if short_code(other_badge.id)[-1] != "0" else "1"
    )
    lines = typed(today, short_code(other_badge.id), mistaken, "abc", "9" * 40, short_code(999_999))
    assert states(lines) == [
        State.UNKNOWN,
        State.MISREAD,
        State.MISREAD,
        State.MISREAD,
        State.UNKNOWN,
    ]
    assert scans() == []
    assert queries.find_paper_station(today.id) is None
    assert "paper.typed" not in {
        journal_entry.action for journal_entry in current_session().scalars(select(JournalEntry))
    }


def test_right_codes_beside_wrong_ones_are_recorded(today: Edition) -> None:
    badge = make_badge(today)
    code = short_code(badge.id)
    assert states(typed(today, "123 45", code, code)) == [
        State.MISREAD,
        State.NOTED,
        State.KNOWN,
    ]
    assert len(scans()) == 1


def test_a_door_that_does_not_exist_is_refused(today: Edition) -> None:
    badge = make_badge(today)
    with pytest.raises(rules.UnknownDoor):
        typed(today, short_code(badge.id), door="Z")
    assert scans() == []


@pytest.mark.on_both
def test_a_line_of_another_page_is_not_ticked(app: Flask, today: Edition) -> None:
    make_crowd(today, 3)
    pack = make_pack(app, today)
    other_badge = make_badge(today)
    page = queries.get_page(today, pack.id, 2)
    with pytest.raises(rules.NothingTyped):
        tick_lines(act_in(today, SYSTEM, at(18)), page, [other_badge.id], pointing())
    assert scans() == []


@pytest.mark.on_both
def test_a_replaced_person_is_in_no_new_pack(app: Flask, today: Edition) -> None:
    badge, cancelled = make_crowd(today, 2)
    badges.cancel_attendee(Act(SYSTEM, NINE), cancelled.attendee_id)
    assert {item for page in pages_of(make_pack(app, today)) for item in page} == {badge.id}
