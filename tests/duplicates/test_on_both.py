"""A mayor registered five times by three people: found, merged, one badge opens, undone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.services.booking import move_appointment
from salon.appointments.services.placing import Choice
from salon.badges.models import MergedPerson, Printing
from salon.badges.queries import find_same_person, get_badge_by_token, short_code
from salon.duplicates import queries, rules
from salon.duplicates.services import separate_people
from salon.entrance.queries.live import live_figures, search_badges
from salon.entrance.services.offline_list import update_list
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition
from salon.kiosk.presenters.welcome import verdict_sentence
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import local
from tests.appointments.make import book, check_invariants, make_fair
from tests.badges.people import badge_of, kinds_sent, register_one
from tests.badges.registrations import ORGANISER
from tests.duplicates.people import (
    NOW,
    badges_of,
    everybody,
    facts_of,
    mayor,
    merged,
    register_mayor,
)
from tests.entrance.people import item, make_station
from tests.factories import act_in


def test_five_registrations_are_one_group_and_one_badge_opens(edition: Edition) -> None:
    five = register_mayor(edition)
    assert len(five) == 5
    (group,) = queries.groups_of(edition.id)
    assert group.ids == tuple(person.id for person in five), "her councillor is somebody else"
    before, badges, links = facts_of(edition), badges_of(five), {}
    for badge in badges:
        links[badge.id] = badge.private_token
    station, at = make_station(edition), edition.starts_at
    scan = item(badges[1].code, scanned_at=at)
    assert record_scans(station, edition.id, [scan], at)[0].verdict == "accepted"

    kept = merged(edition, five, sources={"contact": five[0].id}, now=at)

    assert kept.id == five[1].id, "the badge that entered stays"
    assert (kept.email, kept.is_vip, kept.needs) == ("claire.martin@orange.example", True, ["seat"])
    statuses = {person.id: person.status for person in everybody(edition)}
    replaced = {number for number, status in statuses.items() if status == "replaced"}
    assert replaced == {person.id for person in five} - {kept.id}
    later = at + timedelta(minutes=5)
    items = [item(badge.code, scanned_at=later) for badge in badges]
    results = record_scans(station, edition.id, items, later)
    opened = [result.verdict for result in results]
    assert opened == ["revoked", "already_inside", "revoked", "revoked", "revoked"]
    number = badges[1].code[:8]
    assert [result.holder and result.holder.successor for result in results] == [
        *(number, "", number, number, number)
    ]
    assert f"le {short_code(number)}. Présentez-le" in verdict_sentence(results[0])
    for token in links.values():
        assert get_badge_by_token(token).id == badges[1].id, "each link leads to the badge kept"
    figures = live_figures(edition, local(later).date(), later)
    assert (figures.entered, figures.inside, sum(figures.expected.values())) == (1, 1, 2)
    assert queries.groups_of(edition.id) == []

    separate_people(act_in(edition, ORGANISER, later), five[0].id)

    assert facts_of(edition) == before
    assert current_session().scalars(select(MergedPerson)).all() == []
    results = record_scans(station, edition.id, [item(badges[0].code, scanned_at=later)], later)
    assert results[0].verdict == "accepted"
    for badge in badges:
        assert get_badge_by_token(links[badge.id]).id == badge.id
    with pytest.raises(rules.NotMerged):
        separate_people(act_in(edition, ORGANISER, later), five[0].id)


def test_what_changed_since_stays_where_undoing_does_not_touch_it(edition: Edition) -> None:
    fair = make_fair(edition)
    first, second = register_one(), register_one(function="councillor")
    own = book(fair, at=fair.at(9), visitor=first)
    moved = book(fair, at=fair.at(10), visitor=second)
    kept = merged(edition, [first, second], sources={"function": second.id}, now=fair.before)
    assert (kept.id, kept.function) == (first.id, "councillor")
    assert current_session().get_one(Appointment, moved.id).attendee_id == first.id
    later = book(fair, at=fair.at(11), visitor=kept)
    choice = Choice(fair.theme_id(), fair.at(14))
    move_appointment(
        Act(ORGANISER, fair.before), current_session().get_one(Appointment, moved.id), choice
    )
    check_invariants(edition)

    separate_people(act_in(edition, ORGANISER, fair.before), second.id)

    current_session().expire_all()
    owners = {row.id: row.attendee_id for row in current_session().scalars(select(Appointment))}
    assert owners == {own.id: first.id, moved.id: second.id, later.id: first.id}
    assert current_session().get_one(Appointment, moved.id).starts_at == fair.at(14)
    assert (first.function, second.function) == ("mayor", "councillor")
    check_invariants(edition)


def test_two_appointments_at_once_are_asked_about_and_come_back(edition: Edition) -> None:
    fair = make_fair(edition)
    first, second = register_one(), register_one()
    own = book(fair, at=fair.at(9), visitor=first)
    other = book(fair, at=fair.at(9), visitor=second)
    with pytest.raises(rules.AppointmentsClash):
        merged(edition, [first, second], now=fair.before)
    assert second.status == "registered", "nothing changed"
    merged(edition, [first, second], kept_appointments={other.id}, now=fair.before)
    current_session().expire_all()
    assert (own.status, other.status) == (AppointmentStatus.CANCELLED, AppointmentStatus.BOOKED)
    assert other.attendee_id == first.id
    check_invariants(edition)

    taken = [book(fair, at=fair.at(9))]
    with pytest.raises(rules.TimeTaken, match="à 9"):
        separate_people(act_in(edition, ORGANISER, fair.before), second.id)
    current_session().expire_all()
    assert second.status == "replaced", "nothing changed"
    current_session().rollback()
    choice = Choice(fair.theme_id(), fair.at(15))
    move_appointment(Act(ORGANISER, fair.before), taken[0], choice)
    separate_people(act_in(edition, ORGANISER, fair.before), second.id)
    current_session().expire_all()
    assert {own.status, other.status} == {AppointmentStatus.BOOKED}
    assert (own.attendee_id, other.attendee_id) == (first.id, second.id)
    check_invariants(edition)


def test_a_merged_person_registers_again_and_is_known(edition: Edition) -> None:
    first, second = register_one(), register_one()
    former_keys = (second.email_key, second.name_key)
    merged(edition, [first, second])
    same = find_same_person(edition.id, *former_keys)
    assert same is not None
    assert same.id == first.id
    third = register_one()
    badge = badge_of(third.id)
    with transaction() as session:
        session.add(Printing(badge_id=badge.id, printed_at=NOW, printed_by="Olivia"))
    merged(edition, [first, third])
    same = find_same_person(edition.id, *former_keys)
    assert same is not None
    assert same.id == third.id, "by way of the registration kept before"
    separate_people(act_in(edition, ORGANISER, NOW), first.id)
    separate_people(act_in(edition, ORGANISER, NOW), second.id)
    same = find_same_person(edition.id, *former_keys)
    assert same is not None
    assert same.id == second.id


def test_a_list_without_network_says_where_to_go(edition: Edition) -> None:
    first, second = register_one(), register_one()
    merged(edition, [first, second])
    update_list(NOW)
    assert update_list(NOW) == 0
    number = short_code(badge_of(first.id).code)
    matches = search_badges(edition.id, first.last_name, NOW)
    assert [(row.id, state["state"]) for row, state in matches] == [
        (badge_of(first.id).id, "valid")
    ]
    assert number
    assert kinds_sent(second.email) == ["registration", "merged"]


def test_a_second_merge_is_undone_before_the_first(edition: Edition) -> None:
    people = [register_one(), register_one(), register_one()]
    merged(edition, people[:2], sources={"name": people[1].id})
    merged(edition, [people[0], people[2]], sources={"name": people[2].id})
    with pytest.raises(rules.MergedAgainSince):
        separate_people(act_in(edition, ORGANISER, NOW), people[1].id)
    name = people[0].last_name
    separate_people(act_in(edition, ORGANISER, NOW), people[2].id)
    separate_people(act_in(edition, ORGANISER, NOW), people[1].id)
    current_session().expire_all()
    assert people[0].last_name != name
    assert {person.status for person in people} == {"registered"}
    assert mayor().function == "mayor"
