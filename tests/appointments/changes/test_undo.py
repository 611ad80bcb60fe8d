"""What an undoing gives back comes on the day that its day has become, whatever came between."""

import copy
import re
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from salon.fair.models import Edition, Theme
from salon.fair.rules.standing import VillageOfCancelledFair
from salon.fair.rules.village import AlreadyWithdrawn
from salon.fair.services import days
from salon.fair.services.days import DayHours
from salon.platform.database import moments
from salon.platform.database.act import MailHold
from salon.platform.database.consequences import Standing
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.database.journal import entries
from salon.platform.database.undo import UndoRecord, facts_to_undo
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.settings.clock import paris
from salon.platform.words.errors import RuleBroken
from salon.staffing.models import Agent
from tests.appointments.changes.acts import (
    DEPARTEMENT,
    FIBRE,
    Act,
    Organiser,
    check_visitors_know,
    left_out,
    make_two_days,
    picture,
)
from tests.appointments.make import check_invariants
from tests.factories import sign_in
from tests.staffing.make import ORGANISER

VILLAGE = "/organisation/reglages/village"
PAIRS: dict[str, tuple[Act, Act]] = {
    "body": (Organiser.withdraw_body, Organiser.restore_body),
    "theme": (Organiser.withdraw_theme, Organiser.restore_theme),
    "hall": (Organiser.close_hall, Organiser.reopen_hall),
}


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> Organiser:
    return make_two_days(edition)


def check(organiser: Organiser) -> None:
    edition = organiser.edition
    check_invariants(edition)
    check_visitors_know(edition)


@pytest.mark.parametrize("is_postponed", [False, True], ids=["moved", "postponed and re-dated"])
@pytest.mark.parametrize("pair", PAIRS)
def test_what_comes_back_after_the_days_moved_is_on_the_new_days(
    organiser: Organiser, pair: str, is_postponed: bool
) -> None:
    take, give_back = PAIRS[pair]
    before, first_on = picture(organiser.edition), organiser.edition.days[0].day_on
    take(organiser)
    assert picture(organiser.edition).appointments < before.appointments
    if is_postponed:
        organiser.postpone()
    organiser.move(7)
    give_back(organiser)
    assert picture(organiser.edition) == before
    assert organiser.edition.days[0].day_on == first_on + timedelta(days=7)
    for text in texts_of("appointment_restored"):
        assert "comme prévu d’abord" not in text
        assert "Le salon a changé de jours entre-temps" in text
    check(organiser)


def test_what_comes_back_before_the_new_date_is_known_does_not_take_place(
    organiser: Organiser,
) -> None:
    before = picture(organiser.edition)
    organiser.withdraw_body()
    organiser.postpone()
    organiser.restore_body()
    assert picture(organiser.edition) == before
    for text in texts_of("appointment_restored"):
        assert "Le salon est reporté, à une date à venir" in text
        assert "a lieu" not in text
    organiser.move(7)
    assert picture(organiser.edition) == before
    check(organiser)


@pytest.mark.parametrize("pair", PAIRS)
def test_what_came_back_without_a_day_is_whole_once_that_day_is_given_back(
    organiser: Organiser, pair: str
) -> None:
    take, give_back = PAIRS[pair]
    before = picture(organiser.edition)
    take(organiser)
    organiser.give_up_day(0)
    give_back(organiser)
    assert {shift[3][0] for shift in picture(organiser.edition).shifts} == {0}
    organiser.undo_days()
    assert picture(organiser.edition) == before
    check(organiser)


def texts_of(kind: str) -> list[str]:
    """Return the texts of the messages of a kind, of which there is one at least."""
    messages = current_session().scalars(select(Message).where(Message.kind == kind)).all()
    assert messages
    return [words_of(message)[1] for message in messages]


@pytest.mark.on_both
@pytest.mark.parametrize("is_taken_over", [False, True], ids=["cancelled", "taken over"])
def test_entries_of_the_former_release_are_read_on_the_new_days(
    organiser: Organiser, is_taken_over: bool
) -> None:
    if is_taken_over:
        teach_fibre(organiser)
    before = picture(organiser.edition)
    organiser.withdraw_body()
    write_as_former_release("body.withdrawn")
    organiser.move(7)
    organiser.restore_body()
    assert picture(organiser.edition) == before
    check(organiser)


def test_hours_of_the_former_release_are_undone_on_the_former_days(organiser: Organiser) -> None:
    before = picture(organiser.edition)
    day = organiser.edition.days[0]
    moved = [
        DayHours(day.day_on + timedelta(days=7 + rank), day.opens, time(12)) for rank in (0, 1)
    ]
    organiser.set_days(moved)
    assert picture(organiser.edition).appointments < before.appointments
    write_as_former_release("edition.days_changed")
    organiser.undo_days()
    assert picture(organiser.edition) == before
    check(organiser)


def write_as_former_release(action: str) -> None:
    """Write the undo data of the last entry as 1.0.0 did: instants, and fewer facts."""
    session = current_session()
    entry = session.scalars(entries(action=action)).first()
    assert entry is not None
    former = copy.deepcopy(facts_to_undo(entry))
    former["staffing"] = [shorter(row) for row in former["staffing"]]
    is_of_days = action == "edition.days_changed"
    meetings = former["appointments"]
    former["appointments"] = [
        [row[1], *(with_moved_times(row[2], entry.details) if is_of_days else row[2])[:4]]
        if is_of_days
        else row[:4]
        for row in meetings
        if row[0] == "appointment"
    ]
    with transaction() as writing:
        record = writing.get_one(UndoRecord, entry.id)
        record.facts, record.version = with_offsets(former), 0


def shorter(row: list[Any]) -> list[Any]:
    """Return facts of the rota without the body of the stand, nor the body of a theme now."""
    lengths = {"need": 8, "theme": 3, "published": 8, "draft": 8}
    return row[: lengths.get(row[0], len(row))]


def with_moved_times(facts: list[Any], details: dict[str, Any]) -> list[Any]:
    """Return facts of an appointment on the days after a move of a week: 1.0.0 wrote these."""
    agent_id, stand_id, *times, status = facts
    weeks = [(datetime.fromisoformat(at) + timedelta(days=7)).isoformat() for at in times]
    return [agent_id, stand_id, *weeks, status]


def with_offsets(facts: Any) -> Any:
    """Return facts with the instants that 1.0.0 wrote."""
    if isinstance(facts, dict):
        return {name: with_offsets(part) for name, part in facts.items()}
    if isinstance(facts, list):
        return [with_offsets(part) for part in facts]
    if isinstance(facts, str) and moments.MOMENT.match(facts):
        at = datetime.fromisoformat(facts)
        return paris(at.date(), at.time()).isoformat()
    return facts


@pytest.mark.parametrize("first", ["withdrawal", "days"])
def test_what_two_changes_took_comes_back_with_the_second_undoing(
    organiser: Organiser, first: str
) -> None:
    before = picture(organiser.edition)
    if first == "withdrawal":
        organiser.withdraw_body()
        organiser.close_at(time(12))
        done = organiser.restore_body()
        assert len(left_out(done)["Vacations publiées"]) == 2
        assert len(left_out(done)["Rendez-vous"]) == 2
        organiser.undo_days()
    else:
        organiser.close_at(time(12))
        organiser.withdraw_body()
        organiser.undo_days()
        assert not [row for row in picture(organiser.edition).shifts if row[1] == agent(organiser)]
        organiser.restore_body()
    assert picture(organiser.edition) == before
    check(organiser)


def teach_fibre(organiser: Organiser) -> None:
    """Let the agent of the other body answer the theme of the Département."""
    with transaction() as session:
        fibre = session.get_one(Agent, agent(organiser, FIBRE))
        fibre.themes.append(session.get_one(Theme, organiser.fair.theme_id(DEPARTEMENT)))


def agent(organiser: Organiser, body: str = DEPARTEMENT) -> int:
    return organiser.fair.agents[body][0].id


@pytest.mark.on_both
def test_what_was_of_a_day_given_up_is_named_and_stays_away(organiser: Organiser) -> None:
    organiser.withdraw_body()
    organiser.give_up_day(0)
    organiser.move(14)
    done = organiser.restore_body()
    assert len(left_out(done)["Vacations publiées"]) == 2
    assert len(left_out(done)["Rendez-vous"]) == 2
    now_there = picture(organiser.edition)
    shifts = [row for row in now_there.shifts if row[:2] == ("published", agent(organiser))]
    assert {row[3] for row in shifts} == {(0, time(9)), (0, time(13))}
    meetings = [row for row in now_there.appointments if row[2] == agent(organiser)]
    assert {row[4] for row in meetings} == {(0, time(10)), (0, time(16))}
    check(organiser)


def test_the_page_names_what_does_not_come_back(app: Flask, organiser: Organiser) -> None:
    organiser.withdraw_body()
    organiser.close_at(time(12))
    client = sign_in(app, Role.ORGANISER)
    page = client.get(VILLAGE).text
    stamp = re.findall(r'name="stamp" type="hidden" value="([0-9a-f]+)"', page)[0]
    path = f"{VILLAGE}/organismes/{organiser.body(DEPARTEMENT).id}/retablir"
    fields = {"csrf_token": client.token(VILLAGE), "stamp": stamp}
    assert "Ne revient pas" in client.post(path, data=fields).text


def test_the_page_after_an_undoing_names_what_did_not_come_back(
    app: Flask, organiser: Organiser
) -> None:
    organiser.close_at(time(12))
    organiser.withdraw_body()
    client, path = sign_in(app, Role.ORGANISER), "/organisation/reglages/jours"
    answer = client.fill(path, to=f"{path}/retablir", entry=str(last_entry_id(organiser)))
    page = client.get(answer.location).text
    names = organiser.fair.agents[DEPARTEMENT][0].full_name
    assert re.search(rf"Ne revient pas\s: Vacations publiées\s: [^<]*{names}", page)


def last_entry_id(organiser: Organiser) -> int:
    entry = days.last_change(organiser.edition)
    assert entry is not None
    return entry.id


def test_a_cancelled_fair_keeps_its_village(organiser: Organiser) -> None:
    organiser.withdraw_body()
    organiser.cancel()
    before = picture(organiser.edition)
    for act in (organiser.restore_body, organiser.close_hall, organiser.withdraw_theme):
        with pytest.raises(RuleBroken) as refusal:
            act()
        assert refusal.type in (VillageOfCancelledFair, AlreadyWithdrawn)
        assert picture(organiser.edition) == before
    organiser.reinstate()
    organiser.restore_body()
    check(organiser)


@pytest.mark.parametrize("is_first_in_first_out", [False, True])
def test_two_bodies_that_took_over_from_one_another_come_back(
    app: Flask, edition: Edition, is_first_in_first_out: bool
) -> None:
    organiser = make_two_days(edition)
    both = [DEPARTEMENT, FIBRE]
    teach_fibre(organiser)
    before = picture(organiser.edition)
    for body in both:
        organiser.withdraw_body(body)
    organiser.move(7)
    for body in both if is_first_in_first_out else reversed(both):
        organiser.restore_body(body)
        check(organiser)
    assert picture(organiser.edition) == before


def test_what_comes_back_is_on_the_present_stand_of_its_body(organiser: Organiser) -> None:
    before = picture(organiser.edition)
    hours_stand = organiser.fair.stand_id(DEPARTEMENT)
    organiser.close_at(time(12))
    organiser.withdraw_theme()
    organiser.move_body()
    new_stand = organiser.new_stand
    organiser.undo_days()
    organiser.restore_theme()
    there = picture(organiser.edition)
    assert {row[2] for row in there.shifts if row[1] == agent(organiser)} == {new_stand}
    assert {row[3] for row in there.appointments if row[2] == agent(organiser)} == {new_stand}
    assert hours_stand not in {row[0] for row in there.needs}
    assert len(there.needs) == len(before.needs)
    assert len(there.appointments) == len(before.appointments)
    check(organiser)


def test_a_body_leaves_a_fair_that_waits_for_its_date(organiser: Organiser) -> None:
    past = [
        DayHours(date(2001, 9, 10 + rank), day.opens, day.closes)
        for rank, day in enumerate(organiser.edition.days)
    ]
    before = picture(organiser.edition)
    first_on = organiser.edition.days[0].day_on
    organiser.postpone()
    set_days_as_they_are(organiser, past)
    organiser.withdraw_body()
    there = picture(organiser.edition)
    assert agent(organiser) not in {row[1] for row in there.shifts}
    assert agent(organiser) not in {row[2] for row in there.appointments}
    organiser.set_days(
        [DayHours(first_on + timedelta(days=rank), *hours(organiser)) for rank in (0, 1)]
    )
    organiser.restore_body()
    assert picture(organiser.edition) == before
    check(organiser)


def hours(organiser: Organiser) -> tuple[time, time]:
    day = organiser.edition.days[0]
    return day.opens, day.closes


def set_days_as_they_are(organiser: Organiser, new_days: list[DayHours]) -> None:
    """Let the time pass until the announced days are over, in a fair that waits for its date."""
    organiser.set_days(new_days)
    with transaction() as session:
        session.get_one(Edition, organiser.edition.id).standing = Standing.POSTPONED


def test_who_did_not_read_the_withdrawal_is_told_of_the_new_day(
    app: Flask, organiser: Organiser
) -> None:
    organiser.hold = hold = MailHold(ORGANISER, timedelta(hours=1))
    organiser.withdraw_body()
    organiser.hold = None
    withdrawn = [row for row in posted() if row.act == hold.key]
    assert {row.kind for row in withdrawn} >= {"appointment_cancelled", "rota_changed"}
    organiser.move(7)
    latest_id = posted()[-1].id
    organiser.restore_body()
    assert {row.status for row in posted() if row.act == hold.key} == {MessageStatus.CALLED_OFF}
    newer = [row for row in posted() if row.id > latest_id]
    kinds = {row.kind for row in newer if row.status == MessageStatus.WAITING}
    assert {"appointment_restored", "rota_changed"} <= kinds
    check_visitors_know(organiser.edition)


def posted() -> list[Message]:
    current_session().expire_all()
    return list(current_session().scalars(select(Message).order_by(Message.id)))
