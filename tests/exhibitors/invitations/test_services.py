"""Invitation codes: made, counted, stopped; the number never passes what was decided."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy.exc import NoResultFound

from salon.badges.models import Attendee
from salon.badges.services import Person, cancel_attendee, register_visitors
from salon.exhibitors.engine.invitation_codes import LENGTH, LETTERS, new_code
from salon.exhibitors.models import ApplicationStatus, Exhibitor, Invitation
from salon.exhibitors.queries import invitations as queries
from salon.exhibitors.rules.invitations import MOST_CODES, NotExhibitingAnyMore, TooManyCodes
from salon.exhibitors.services.invitations import create_invitation, revoke_invitation
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity, Role
from salon.platform.database.journal import JournalEntry
from tests.badges.people import PUBLIC, all_of, make_person, register_one
from tests.exhibitors.make import make_exhibitor
from tests.factories import act_in, make_edition, new_key
from tests.races import ROUNDS, drop_guards, race
from tests.statements import statements

NOW = datetime.now(UTC)
STAND = Identity(Role.EXHIBITOR, 7, "Élise Cabanel")


@pytest.fixture
def exhibitor(edition: Edition) -> Exhibitor:
    return make_exhibitor(edition)


def invite(exhibitor: Exhibitor, quota: int | None = None, label: str = "Clients") -> Invitation:
    number = create_invitation(Act(STAND, NOW), exhibitor.id, label, quota, new_key())
    return current_session().get_one(Invitation, number)


def come(code: str, *people: Person, key: str = "") -> int:
    """Register people by a code; return for how many it had no room."""
    people = people or (make_person(),)
    registration = register_visitors(
        act_in(get_public_edition(), PUBLIC, NOW),
        people[0].email,
        people,
        key or new_key(),
        invitation=code,
    )
    return registration.uninvited


def guests(invitation: Invitation) -> int:
    current_session().rollback()
    return queries.count_guests(invitation.id)


@pytest.mark.on_both
def test_codes_have_no_look_alikes_and_do_not_come_twice() -> None:
    codes = [new_code() for _ in range(5_000)]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == LENGTH and set(code) <= set(LETTERS) for code in codes)
    assert not set("01ILOU") & set(LETTERS)
    assert all(first < second for first, second in pairwise(LETTERS))


@pytest.mark.on_both
def test_a_registration_is_counted_to_its_code(exhibitor: Exhibitor) -> None:
    own_invitation, other_invitation = invite(exhibitor), invite(exhibitor, label="Presse")
    assert come(own_invitation.code, make_person(), make_person()) == 0
    assert [(invitation.label, used) for invitation, used in queries.invitations_of(exhibitor)] == [
        ("Presse", 0),
        ("Clients", 2),
    ]
    assert {attendee.invitation_id for attendee in all_of(Attendee)} == {own_invitation.id}
    assert guests(other_invitation) == 0


@pytest.mark.on_both
def test_the_quota_stops_the_count_not_the_registration(exhibitor: Exhibitor) -> None:
    invitation = invite(exhibitor, quota=2)
    assert come(invitation.code) == 0
    assert come(invitation.code, make_person(), make_person(), make_person()) == 2
    assert come(invitation.code) == 1
    assert guests(invitation) == 2
    assert len(all_of(Attendee)) == 5


@pytest.mark.on_both
def test_who_cancels_gives_the_place_back(exhibitor: Exhibitor) -> None:
    invitation = invite(exhibitor, quota=1)
    come(invitation.code)
    cancel_attendee(Act(PUBLIC, NOW), all_of(Attendee)[0].id)
    assert guests(invitation) == 0
    assert come(invitation.code) == 0


@pytest.mark.on_both
def test_who_was_registered_already_is_not_counted(exhibitor: Exhibitor) -> None:
    invitation, person = invite(exhibitor), make_person()
    come("", person)
    assert come(invitation.code, person) == 0
    assert guests(invitation) == 0


@pytest.mark.on_both
def test_the_same_form_twice_counts_once(exhibitor: Exhibitor) -> None:
    invitation, key, person = invite(exhibitor, quota=5), new_key(), make_person()
    for _ in range(2):
        come(invitation.code, person, key=key)
    assert guests(invitation) == 1


@pytest.mark.parametrize("reason", ["unknown", "revoked", "withdrawn", "other edition"])
def test_a_code_worth_nothing_registers_without_it(
    edition: Edition, exhibitor: Exhibitor, reason: str
) -> None:
    if reason == "other edition":
        exhibitor = make_exhibitor(make_edition(is_current=False))
        with transaction() as session:
            session.add(
                Invitation(exhibitor_id=exhibitor.id, code="ABCDEFGH", label="x", created_at=NOW)
            )
        code = "ABCDEFGH"
    else:
        invitation = invite(exhibitor)
        code = "ZZZZZZZZ" if reason == "unknown" else invitation.code
    if reason == "revoked":
        revoke_invitation(Act(STAND, NOW), exhibitor.id, invitation.id)
    if reason == "withdrawn":
        with transaction(exhibitor):
            exhibitor.status = ApplicationStatus.WITHDRAWN
    come(code)
    assert [attendee.invitation_id for attendee in all_of(Attendee)] == [None]


def test_a_code_is_revoked_once_and_keeps_its_guests(exhibitor: Exhibitor) -> None:
    invitation = invite(exhibitor)
    come(invitation.code)
    for _ in range(2):
        revoke_invitation(Act(STAND, NOW), exhibitor.id, invitation.id)
    assert guests(invitation) == 1
    actions = [
        entry.action for entry in all_of(JournalEntry) if entry.action.startswith("exhibitor.")
    ]
    assert actions == ["exhibitor.invitation_created", "exhibitor.invitation_revoked"]


def test_another_stands_code_is_not_found(edition: Edition, exhibitor: Exhibitor) -> None:
    other_invitation = invite(make_exhibitor(edition))
    with pytest.raises(NoResultFound):
        revoke_invitation(Act(STAND, NOW), exhibitor.id, other_invitation.id)


def test_codes_are_bounded_and_made_once_a_form(exhibitor: Exhibitor) -> None:
    key = new_key()
    numbers = {create_invitation(Act(STAND, NOW), exhibitor.id, "x", 1, key) for _ in range(2)}
    assert len(numbers) == 1
    for _ in range(MOST_CODES - 1):
        last = invite(exhibitor)
    with pytest.raises(TooManyCodes):
        invite(exhibitor)
    revoke_invitation(Act(STAND, NOW), exhibitor.id, last.id)
    invite(exhibitor)


def test_only_who_exhibits_invites(edition: Edition) -> None:
    waiting = make_exhibitor(edition, status=ApplicationStatus.WAITING)
    with pytest.raises(NotExhibitingAnyMore):
        invite(waiting)


@pytest.mark.on_both
def test_the_organiser_reads_counts_by_exhibitor_in_one_query(
    edition: Edition, exhibitor: Exhibitor
) -> None:
    quiet, silent = make_exhibitor(edition), make_exhibitor(edition)
    for code in (invite(exhibitor).code, invite(exhibitor).code):
        come(code)
    invite(quiet)
    current_session().refresh(edition)
    with statements() as sent_statements:
        results = [
            (exhibitor.id, codes, came)
            for exhibitor, codes, came in queries.guests_by_exhibitor(edition)
        ]
    assert results == [(exhibitor.id, 2, 2), (quiet.id, 1, 0)]
    assert silent.id not in [item for item, _, _ in results]
    assert len(sent_statements) == 1


# Races


@pytest.mark.race
def test_the_quota_holds_when_all_come_at_once(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition)

    def call(code: str) -> Callable[[], int]:
        person = make_person()
        return lambda: come(code, person)

    for _ in range(ROUNDS):
        invitation = invite(exhibitor, quota=3)
        code = invitation.code
        assert sorted(race(app, [call(code)] + [call(code) for _ in range(7)])) == [0] * 3 + [1] * 5
        assert guests(invitation) == 3
        revoke_invitation(Act(STAND, NOW), exhibitor.id, invitation.id)


@pytest.mark.race
def test_control_without_the_lock_the_quota_is_passed(app: Flask, edition: Edition) -> None:
    """The race above proves something only if this one shows the excess."""
    invitation = invite(make_exhibitor(edition), quota=1)
    number = invitation.id
    people = [register_one().id for _ in range(4)]
    drop_guards("invitation_quota")

    def look() -> bool:
        return queries.count_guests(number) < 1

    def count(attendee_id: int) -> Callable[[], None]:
        def one() -> None:
            with transaction() as session:
                session.get_one(Attendee, attendee_id).invitation_id = number

        return one

    free = race(app, [look] * 4)
    race(app, [count(item) for item, is_free in zip(people, free, strict=True) if is_free])
    assert guests(invitation) == 4
