"""Settling conflicts: the first person who does has settled it, on both databases."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from salon.entrance.models import Conflict, ConflictKind, Direction, Settlement
from salon.entrance.queries.conflicts import conflict_facts, tallies_of
from salon.entrance.rules.conflicts import ConflictSettled, SettlementNotOffered
from salon.entrance.services.conflicts import settle_conflict, settle_kind
from salon.entrance.services.presences import rebuild_presences
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.journal import JournalEntry
from tests.entrance.conflicts.made import NADIA, conflicts, let_in, make_double
from tests.entrance.people import NINE, add_badge, item, make_badge, make_station, presences, scans
from tests.factories import act_in
from tests.races import ROUNDS, race
from tests.statements import statements

LATER = NINE + timedelta(hours=2)


def make_revoked(edition: Edition) -> Conflict:
    """Somebody let in with a badge that was revoked."""
    badge = make_badge(edition)
    with transaction(badge):
        badge.revoked_at = NINE
    record_scans(make_station(edition), edition.id, [let_in(badge.code, 5)], LATER)
    return conflicts()[-1]


@pytest.mark.on_both
def test_what_was_decided_stays_with_who_and_when(app: Flask, edition: Edition) -> None:
    conflict = make_double(edition)
    settle_conflict(Act(NADIA, LATER), conflict, Settlement.SAME_PERSON, "Il est ressorti fumer.")
    other_conflict = conflicts()[0]
    assert (other_conflict.settlement, other_conflict.note) == (
        "same_person",
        "Il est ressorti fumer.",
    )
    assert (other_conflict.settled_by, other_conflict.settled_at) == ("Nadia Caumette", LATER)
    entry = current_session().scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.subject) == ("conflict.settled", f"conflict:{other_conflict.id}")
    assert entry.details == {"settlement": "same_person"}
    assert len(scans()) == 2


def test_a_decision_of_another_kind_is_refused(app: Flask, edition: Edition) -> None:
    conflict = make_double(edition)
    for wrong in (Settlement.TIME_ACCEPTED, Settlement.KNOWN_SINCE):
        with pytest.raises(SettlementNotOffered):
            settle_conflict(Act(NADIA, LATER), conflict, wrong, "")
    assert conflicts()[0].settlement == ""


def test_the_second_who_decides_is_told(app: Flask, edition: Edition) -> None:
    conflict = make_double(edition)
    settle_conflict(Act(NADIA, LATER), conflict, Settlement.SAME_PERSON, "")
    with pytest.raises(ConflictSettled):
        settle_conflict(Act(NADIA, LATER), conflict, Settlement.TWO_PEOPLE, "non")
    assert (conflicts()[0].settlement, conflicts()[0].note) == ("same_person", "")


@pytest.mark.on_both
def test_who_is_accompanied_out_is_not_inside_any_more(app: Flask, edition: Edition) -> None:
    conflict = make_revoked(edition)
    badge_id = conflict.badge_id or 0
    assert presences()[badge_id].is_inside
    settle_conflict(Act(NADIA, LATER), conflict, Settlement.SENT_OUT, "")
    assert not presences()[badge_id].is_inside
    out = scans()[-1]
    assert (out.direction, out.door, out.happened_at) == (Direction.OUT, "A", LATER)
    assert (out.station_id, out.is_counted) == (conflict.station_id, True)
    rebuild_presences(edition.id)
    assert not presences()[badge_id].is_inside
    with pytest.raises(ConflictSettled):
        settle_conflict(Act(NADIA, LATER), conflicts()[0], Settlement.SENT_OUT, "")
    assert len(scans()) == 2


def test_who_may_stay_stays_inside(app: Flask, edition: Edition) -> None:
    conflict = make_revoked(edition)
    settle_conflict(Act(NADIA, LATER), conflict, Settlement.ALLOWED, "")
    assert presences()[conflict.badge_id or 0].is_inside
    assert len(scans()) == 1


def test_an_unknown_who_is_sent_out_leaves_no_scan(app: Flask, edition: Edition) -> None:
    scan = let_in("", 5, code_hash="cd" * 32, shown="to_confirm")
    record_scans(make_station(edition), edition.id, [scan], LATER)
    settle_conflict(Act(NADIA, LATER), conflicts()[0], Settlement.SENT_OUT, "")
    assert len(scans()) == 1


def test_an_exit_that_cannot_be_written_settles_nothing(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The decision and its exit stand together."""
    from salon.entrance.queries import scan_statements as written

    conflict = make_revoked(edition)

    def breaks(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(written.set_presences, "write", breaks)
    with pytest.raises(ZeroDivisionError):
        settle_conflict(Act(NADIA, LATER), conflict, Settlement.SENT_OUT, "")
    assert conflicts()[0].settlement == ""
    assert len(scans()) == 1


@pytest.mark.on_both
def test_several_at_once_leave_what_came_after_and_what_was_settled(
    app: Flask, edition: Edition
) -> None:
    first, second, third = (make_double(edition) for _ in range(3))
    other_conflict = make_revoked(edition)
    settle_conflict(Act(NADIA, LATER), first, Settlement.TWO_PEOPLE, "deux élus")
    kind, settlement = ConflictKind.DOUBLE, Settlement.SAME_PERSON
    assert settle_kind(act_in(edition, NADIA, LATER), kind, settlement, second.id) == 1
    assert settle_kind(act_in(edition, NADIA, LATER), kind, settlement, second.id) == 0
    results = {conflict.id: conflict.settlement for conflict in conflicts()}
    assert results == {
        first.id: "two_people",
        second.id: "same_person",
        third.id: "",
        other_conflict.id: "",
    }
    with pytest.raises(SettlementNotOffered):
        settle_kind(act_in(edition, NADIA, LATER), kind, Settlement.TWO_PEOPLE, third.id)


@pytest.mark.race
def test_eight_people_settle_one_and_one_of_them_has(app: Flask, edition: Edition) -> None:
    for _ in range(ROUNDS):
        number = make_double(edition).id
        answers = race(
            app, [lambda n=n, conflict_id=number: _decide(conflict_id, n) for n in range(8)]
        )
        winners = [answer for answer in answers if answer is not None]
        assert len(winners) == 1
        assert conflicts()[-1].note == winners[0]


def _decide(number: int, organiser_number: int) -> str | None:
    conflict = current_session().get_one(Conflict, number)
    note = f"note {organiser_number}"
    try:
        settle_conflict(Act(NADIA, LATER), conflict, Settlement.SAME_PERSON, note)
    except ConflictSettled:
        return None
    return note


@pytest.mark.race
def test_without_the_lock_several_believe_that_they_have(app: Flask, edition: Edition) -> None:
    """The control: who reads, then writes without looking again, wins over the others."""
    from sqlalchemy import update

    def unguarded(number: int, organiser_number: int) -> str | None:
        is_open = current_session().get_one(Conflict, number).settlement == ""
        current_session().rollback()
        if not is_open:
            return None
        with transaction() as session:
            values = {"settlement": "same_person", "note": f"note {organiser_number}"}
            session.execute(update(Conflict).where(Conflict.id == number).values(**values))
        return f"note {organiser_number}"

    for _ in range(20):
        number = make_double(edition).id
        answers = race(
            app, [lambda n=n, conflict_id=number: unguarded(conflict_id, n) for n in range(8)]
        )
        if Counter(answer is not None for answer in answers)[True] > 1:
            return
    pytest.fail("one winner in each of 20 rounds: this race proves nothing")


@pytest.mark.on_both
def test_all_that_is_known_of_forty_takes_as_many_statements_as_of_one(
    app: Flask, edition: Edition
) -> None:
    stored_conflicts = [make_double(edition), make_revoked(edition)]
    station = make_station(edition)
    unknown = [let_in("A" * 26, n, shown="to_confirm") for n in range(20)]
    record_scans(station, edition.id, unknown, LATER)
    with statements() as for_one:
        conflict_facts([conflicts()[0]])
    everything = conflicts()
    with statements() as for_all:
        sent_conflict_facts = conflict_facts(everything)
    assert len([item for item in for_all if "SELECT" in item]) <= 5
    assert len(for_all) <= len(for_one) + 1
    assert [conflict_facts.conflict.id for conflict_facts in sent_conflict_facts[:2]] == [
        conflict.id for conflict in stored_conflicts
    ]
    assert len(sent_conflict_facts) == 22


@pytest.mark.on_both
def test_what_is_known_names_the_successor_and_the_code_that_is_known_since(
    app: Flask, edition: Edition
) -> None:
    conflict = make_revoked(edition)
    assert conflict.badge is not None
    with transaction() as session:
        second = add_badge(session, conflict.badge.attendee)
    expected_conflict_facts = conflict_facts(conflicts())[0]
    assert (expected_conflict_facts.badge, expected_conflict_facts.valid) == (
        conflict.badge,
        second,
    )
    assert expected_conflict_facts.holder == conflict.badge.attendee
    late = make_badge(edition)
    with transaction() as session:
        other_conflict = Conflict(
            edition_id=edition.id,
            kind=ConflictKind.UNKNOWN,
            scan_id="00000000-0000-4000-8000-000000000001",
            station_id=conflict.station_id,
            detail={"code_hash": late.code_hash},
            raised_at=LATER,
        )
        session.add(other_conflict)
    assert conflict_facts([other_conflict])[0].badge_since == late


@pytest.mark.on_both
def test_each_kind_is_counted_open_and_settled(app: Flask, edition: Edition) -> None:
    first, second = make_double(edition), make_double(edition)
    settle_conflict(Act(NADIA, LATER), first, Settlement.SAME_PERSON, "")
    record_scans(make_station(edition), edition.id, [item(make_badge(edition).code, -2_000)], LATER)
    tallies = tallies_of(edition.id)
    double = tallies[ConflictKind.DOUBLE]
    assert (double.open, double.settled, double.newest_open) == (1, 1, second.id)
    assert list(tallies) == [ConflictKind.DOUBLE, ConflictKind.CLOCK]
