"""Registering people: once each, by every way."""

import dataclasses
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from salon.badges import queries, rules, services
from salon.badges.engine.matching import Affiliation
from salon.badges.models import Attendee, Badge, Group
from salon.badges.services.registration import add_attendee
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.journal import JournalEntry
from salon.platform.database.submissions import SubmissionDiffers
from tests.badges.people import (
    MONS,
    PUBLIC,
    all_of,
    badge_of,
    kinds_sent,
    make_person,
    register,
    register_one,
)
from tests.badges.registrations import NOW, ORGANISER
from tests.factories import act_in, make_edition, new_key
from tests.races import race

# Registration


def test_a_registration_gives_a_badge_a_message_and_an_entry(edition: Edition) -> None:
    attendee = register_one(consents=["newsletter"])
    badge = badge_of(attendee.id)
    assert re.fullmatch(r"[A-Z2-7]{26}", badge.code)
    assert len(badge.private_token) >= 22
    assert badge.private_token != attendee.group.private_token
    assert kinds_sent(attendee.email) == ["registration"]
    actions = [entry.action for entry in all_of(JournalEntry)]
    assert actions == ["attendee.registered", "badge.issued"]
    assert [(consent.purpose, consent.withdrawn_at) for consent in attendee.consents] == [
        ("newsletter", None)
    ]


@pytest.mark.parametrize(
    ("function", "category"),
    [("mayor", "elected"), ("other_elected", "elected"), ("town_clerk", "visitor")],
)
def test_the_function_says_the_category(edition: Edition, function: str, category: str) -> None:
    assert register_one(function=function, function_other="Élue").category == category


def test_the_public_gets_no_more_than_it_asked(edition: Edition) -> None:
    attendee = register_one()
    assert (attendee.is_vip, attendee.status, attendee.registered_by) == (
        False,
        "registered",
        "public",
    )


SAME_ADDRESS = [
    "Mairie@Mons.example",
    " mairie@mons.example ",
    "mairie+salon@mons.example",
    "mairie@MONS.EXAMPLE",
    "ｍairie@mons.example",
]

SAME_NAME = [
    ("Anne-Lise", "d'Hélias"),
    ("anne lise", "D’HELIAS"),
    ("ANNE LISE", "d’Hélias"),
    ("Anne‑Lise", "d Helias"),
]


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("email", "first", "last"),
    [
        *((email, *SAME_NAME[0]) for email in SAME_ADDRESS),
        *((SAME_ADDRESS[0], *name) for name in SAME_NAME[1:]),
    ],
)
def test_the_same_person_has_one_badge_and_is_told(
    edition: Edition, email: str, first: str, last: str
) -> None:
    first_time = make_person(
        first_name="Anne-Lise", last_name="d’Hélias", email="mairie@mons.example"
    )
    register(first_time)
    second_registration = register(
        dataclasses.replace(first_time, email=email, first_name=first, last_name=last)
    )
    assert (second_registration.added, second_registration.group_id) == ([], None)
    assert len(all_of(Attendee)) == len(all_of(Badge)) == len(all_of(Group)) == 1
    assert kinds_sent("mairie@mons.example") == ["registration", "already_registered"]


def test_people_of_one_town_hall_share_its_address(edition: Edition) -> None:
    people = [make_person(email="mairie@mons.example", place=MONS) for _ in range(3)]
    registration = register(*people, contact="mairie@mons.example")
    assert len(registration.added) == 3
    assert len({badge.code for badge in all_of(Badge)}) == 3
    assert kinds_sent() == ["group_registered"]


def test_who_has_an_address_in_a_group_gets_the_badge_too(edition: Edition) -> None:
    people = [make_person(email="mairie@mons.example"), make_person(email="elu@mons.example")]
    register(*people, contact="mairie@mons.example")
    assert kinds_sent("elu@mons.example") == ["registration"]
    assert kinds_sent("mairie@mons.example") == ["group_registered"]


@pytest.mark.on_both
def test_a_list_registered_twice_adds_nobody(edition: Edition) -> None:
    people = [make_person() for _ in range(5)]
    register(*people, contact="mairie@mons.example")
    second_registration = register(*people, contact="mairie@mons.example")
    assert (second_registration.added, len(second_registration.already_registered)) == ([], 5)
    assert len(all_of(Attendee)) == 5


@pytest.mark.on_both
def test_twice_the_same_person_in_one_list_is_one_person(edition: Edition) -> None:
    person = make_person()
    registration = register(person, dataclasses.replace(person, phone="06 00 00 00 00"))
    assert len(registration.added) == 1
    assert registration.already_registered == []


@pytest.mark.on_both
def test_the_same_form_sent_again_has_one_effect_and_one_answer(edition: Edition) -> None:
    key, person = new_key(), make_person()
    assert register(person, key=key) == register(person, key=key)
    assert len(all_of(Attendee)) == 1
    assert kinds_sent() == ["registration"]
    with pytest.raises(SubmissionDiffers):
        register(dataclasses.replace(person, last_name="Autre"), key=key)


@pytest.mark.on_both
def test_who_cancelled_may_register_again(edition: Edition) -> None:
    person = make_person()
    first = register(person).added[0]
    services.cancel_attendee(Act(PUBLIC, NOW), first)
    second = register(person).added[0]
    assert first != second
    assert [attendee.status for attendee in all_of(Attendee)] == ["cancelled", "registered"]


def test_two_editions_do_not_share_their_people(edition: Edition) -> None:
    person = make_person()
    register(person)
    with transaction(edition):
        edition.is_current = None
    make_edition()
    assert len(register(person).added) == 1


@pytest.mark.on_both
def test_registration_waits_for_its_day_and_ends(edition: Edition) -> None:
    early = edition.registration_opens_at - timedelta(seconds=1)
    for moment, error in (
        (early, rules.RegistrationNotYetOpen),
        (edition.registration_closes_at, rules.RegistrationClosed),
    ):
        with pytest.raises(error):
            services.register_visitors(
                act_in(get_public_edition(), PUBLIC, moment),
                "a@b.example",
                [make_person()],
                new_key(),
            )
    assert all_of(Attendee) == []


@pytest.mark.on_both
def test_a_group_is_all_or_nothing(edition: Edition) -> None:
    wrong = make_person(place=Affiliation("Nulle part", commune_code="99999"))
    with pytest.raises(IntegrityError):
        register(make_person(), wrong)
    assert all_of(Attendee) == all_of(Group) == []
    assert kinds_sent() == []


def test_hostile_text_is_kept_as_it_is(edition: Edition) -> None:
    name = "<b>{{7*7}}</b> ');--"
    assert register_one(last_name=name).last_name == name


# Races


@pytest.mark.race
def test_one_person_registered_eight_times_at_once_is_one_person(
    app: Flask, edition: Edition
) -> None:
    person = make_person()

    def call() -> int:
        return len(register(person).added)

    assert sorted(race(app, [call] * 8)) == [0] * 7 + [1]
    assert len(all_of(Attendee)) == len(all_of(Badge)) == len(all_of(Group)) == 1
    assert sorted(kinds_sent()) == ["already_registered"] * 7 + ["registration"]


@pytest.mark.race
def test_control_without_the_guards_the_same_person_is_there_twice(
    app: Flask, edition: Edition
) -> None:
    """The race above proves something only if this one shows doubles."""
    with transaction() as session:
        session.execute(text("DROP INDEX uq_attendees_person"))
    group = register(make_person()).group_id
    row = bare_row(edition.id, group, "mairie@mons.example", "double")

    def look() -> bool:
        return queries.find_same_person(row["edition_id"], row["email_key"], "double") is None

    def insert() -> None:
        with transaction() as session:
            session.add(Attendee(**row))

    free = race(app, [look] * 8)
    race(app, [insert for is_free in free if is_free])
    assert len([attendee for attendee in all_of(Attendee) if attendee.name_key == "double"]) == 8


def bare_row(edition_id: int, group_id: int, email_key: str, name_key: str) -> dict[str, Any]:
    """Return the columns of a registration, to write without its service."""
    words = dict.fromkeys(("registered_by", "first_name", "last_name", "email"), "x")
    return {
        **words,
        "civility": "madame",
        "function": "mayor",
        "edition_id": edition_id,
        "group_id": group_id,
        "email_key": email_key,
        "name_key": name_key,
        "registered_at": NOW,
    }


@pytest.mark.on_both
def test_the_index_alone_stops_a_double(app: Flask, edition: Edition) -> None:
    """What PostgreSQL meets when both have looked before either has written."""
    attendee = register_one()
    row = bare_row(edition.id, attendee.group_id, attendee.email_key, attendee.name_key)
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Attendee(**row))
    assert len(all_of(Attendee)) == 1


@pytest.mark.race
def test_two_groups_with_the_same_people_in_other_orders_do_not_block(
    app: Flask, edition: Edition
) -> None:
    people = [make_person() for _ in range(6)]

    def call(order: list[services.Person]) -> Callable[[], int]:
        return lambda: len(register(*order, contact="x@y.example").added)

    assert sum(race(app, [call(people), call(people[::-1])] * 3)) == 6


@pytest.mark.race
def test_one_form_sent_twenty_times_at_once_has_one_effect(app: Flask, edition: Edition) -> None:
    key, person = new_key(), make_person()
    answers = race(app, [lambda: register(person, key=key)] * 20)
    assert len({str(answer) for answer in answers}) == 1
    assert len(all_of(Attendee)) == len(all_of(Badge)) == 1
    assert kinds_sent() == ["registration"]


# On the spot


@pytest.mark.on_both
def test_the_desk_registers_after_closing_and_without_address(edition: Edition) -> None:
    late = edition.registration_closes_at + timedelta(days=1)
    person = make_person(email="", category="guest", is_vip=True)
    registration = services.register_on_the_spot(
        act_in(get_public_edition(), ORGANISER, late), person, new_key()
    )
    attendee = current_session().get_one(Attendee, registration.added[0])
    assert (attendee.category, attendee.is_vip, attendee.email) == ("guest", True, "")
    assert kinds_sent() == []


def test_homonyms_without_address_are_two_people_unless_of_one_place(edition: Edition) -> None:
    other_person = make_person(email="")
    two = dataclasses.replace(other_person, place=MONS)
    added = [
        services.register_on_the_spot(
            act_in(get_public_edition(), ORGANISER, NOW), person, new_key()
        ).added
        for person in (other_person, two, other_person)
    ]
    assert [len(ids) for ids in added] == [1, 1, 0]


@pytest.mark.on_both
def test_a_lost_race_on_the_index_finds_the_first(app: Flask, edition: Edition) -> None:
    """`add_attendee` meets the index itself when its look came too early."""
    person = make_person()
    first = register(person).added[0]
    with transaction() as session:
        group = session.scalars(select(Group)).one()
        attendee, is_new = add_attendee(Act(PUBLIC, NOW), session, group, person)
    assert (attendee.id, is_new) == (first, False)
