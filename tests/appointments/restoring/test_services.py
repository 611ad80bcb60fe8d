"""Cancelled registrations and appointments come back as they were, on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.rules.booking import AlreadyBegun, Limit, LimitReached, TimeGone
from salon.appointments.services.booking import cancel_appointment
from salon.appointments.services.following import follow_attendees
from salon.appointments.services.restoring import restore_visitor, retake_appointment
from salon.badges import rules
from salon.badges.models import AttendeeStatus, Badge
from salon.badges.services import (
    add_staff,
    cancel_attendee,
    register_visitors,
    reissue_badge,
    restore_attendee,
    restore_badge,
    restore_staff,
    revoke_badge,
)
from salon.badges.services.staff import remove_staff
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act, MailHold
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import now
from tests.appointments.make import PUBLIC, book, check_invariants, make_fair, make_visitor
from tests.badges.people import badge_of, make_person, register_one
from tests.badges.staff.test_services import STAND, make_staff
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import act_in, new_key

CLAIRE = Identity(Role.ORGANISER, 1, "Claire")


def kinds() -> list[str]:
    return list(current_session().scalars(select(Message.kind).order_by(Message.id)))


@pytest.mark.on_both
def test_a_cancelled_registration_comes_back_with_the_same_badge(edition: Edition) -> None:
    attendee = register_one()
    badge = badge_of(attendee.id)
    cancel_attendee(Act(CLAIRE), attendee.id)
    current_session().refresh(badge)
    assert not badge.is_valid
    restore_attendee(Act(CLAIRE), attendee.id)
    current_session().refresh(badge)
    assert badge_of(attendee.id).code == badge.code
    assert (badge.is_valid, badge.revoked_reason) == (True, "")
    assert attendee.status == AttendeeStatus.REGISTERED
    assert kinds() == ["registration", "cancelled", "restored"]
    restore_attendee(Act(CLAIRE), attendee.id)
    assert kinds() == ["registration", "cancelled", "restored"]


def test_nobody_is_written_to_when_the_cancellation_has_not_left(edition: Edition) -> None:
    attendee = register_one()
    hold = MailHold(CLAIRE, timedelta(minutes=10))
    cancel_attendee(Act(CLAIRE, now() - timedelta(days=3), hold), attendee.id)
    restore_attendee(Act(CLAIRE, hold=hold), attendee.id)
    statuses = {
        message.kind: message.status.value for message in current_session().scalars(select(Message))
    }
    assert statuses == {"registration": "waiting", "cancelled": "called_off"}


@pytest.mark.on_both
def test_who_registered_again_meanwhile_keeps_the_new_registration(edition: Edition) -> None:
    person = make_person()
    attendee = register_one(email=person.email, last_name=person.last_name)
    cancel_attendee(Act(CLAIRE), attendee.id)
    register_visitors(act_in(get_public_edition(), PUBLIC), person.email, [person], new_key())
    with pytest.raises(rules.AlreadyRegistered):
        restore_attendee(Act(CLAIRE), attendee.id)
    current_session().refresh(attendee)
    assert attendee.status == AttendeeStatus.CANCELLED


@pytest.mark.on_both
def test_without_account_one_undoes_only_ones_own_cancellation(edition: Edition) -> None:
    by_organiser, by_system, own = register_one(), register_one(), register_one()
    for attendee, author in ((by_organiser, CLAIRE), (by_system, SYSTEM), (own, PUBLIC)):
        cancel_attendee(Act(author), attendee.id)
    for attendee in (by_organiser, by_system):
        with pytest.raises(rules.CancelledByOrganisers):
            restore_attendee(Act(PUBLIC), attendee.id)
    restore_attendee(Act(PUBLIC), own.id)
    assert own.status == AttendeeStatus.REGISTERED


def test_nobody_comes_back_to_a_fair_that_is_over(edition: Edition) -> None:
    attendee = register_one()
    cancel_attendee(Act(PUBLIC), attendee.id)
    with pytest.raises(rules.EditionOver):
        restore_attendee(Act(PUBLIC, edition.ends_at), attendee.id)


@pytest.mark.on_both
def test_a_removed_person_comes_back_to_the_team_while_it_has_room(edition: Edition) -> None:
    make_terms(edition)
    exhibitor = make_exhibitor(edition)
    at = now() - timedelta(days=2)
    first, second = (
        add_staff(Act(STAND, at), exhibitor.id, make_staff(), new_key()) for _ in range(2)
    )
    remove_staff(Act(STAND, at), exhibitor.id, first)
    restore_staff(Act(STAND, at), exhibitor.id, first)
    assert badge_of(first).is_valid
    remove_staff(Act(STAND, at), exhibitor.id, second)
    add_staff(Act(STAND, at), exhibitor.id, make_staff(), new_key())
    with pytest.raises(rules.TeamFull):
        restore_staff(Act(STAND, at), exhibitor.id, second)


@pytest.mark.on_both
def test_a_revoked_badge_comes_back_unless_another_was_issued(edition: Edition) -> None:
    attendee = register_one()
    badge = badge_of(attendee.id)
    revoke_badge(Act(CLAIRE), badge.id, "perdu")
    restore_badge(Act(CLAIRE), badge.id)
    assert badge_of(attendee.id).id == badge.id
    reissue_badge(Act(CLAIRE), attendee.id, "perdu", new_key())
    with pytest.raises(rules.BadgeReplaced):
        restore_badge(Act(CLAIRE), badge.id)
    assert current_session().get_one(Badge, badge.id).revoked_at is not None


@pytest.mark.on_both
def test_appointments_wait_as_long_as_a_cancellation_may_be_undone(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    visitor = make_visitor(edition)
    appointment = book(fair, visitor=visitor, at=fair.at(9))
    hold = MailHold(CLAIRE, timedelta(minutes=10))
    cancel_attendee(Act(CLAIRE, fair.before, hold), visitor.id)
    message = current_session().scalars(select(Message).where(Message.kind == "cancelled")).one()
    assert message.is_held
    assert follow_attendees(fair.before) == 0
    current_session().refresh(appointment)
    assert appointment.is_live
    restore_visitor(Act(CLAIRE, fair.before), visitor.id)
    assert follow_attendees(fair.before) == 0
    current_session().refresh(appointment)
    assert appointment.status == AppointmentStatus.BOOKED
    check_invariants(edition)


def test_a_registration_comes_back_with_its_appointments(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    visitor = make_visitor(edition)
    saved_appointment = book(fair, visitor=visitor, at=fair.at(9))
    taken = book(fair, visitor=visitor, at=fair.at(10, 15))
    cancel_attendee(Act(PUBLIC, fair.before), visitor.id)
    assert follow_attendees(fair.before) == 2
    book(fair, at=fair.at(10, 15))
    lost = restore_visitor(Act(PUBLIC, fair.before), visitor.id)
    assert [appointment.id for appointment in lost] == [taken.id]
    states = {
        appointment.id: appointment.status
        for appointment in current_session().scalars(select(Appointment))
    }
    assert states[saved_appointment.id] == AppointmentStatus.BOOKED
    assert states[taken.id] == AppointmentStatus.CANCELLED
    check_invariants(edition)


@pytest.mark.on_both
def test_a_cancelled_appointment_comes_back_with_its_agent(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 2})
    agent = fair.agents["Département"][1]
    appointment = book(fair, at=fair.at(9), agent=agent)
    sequence = appointment.sequence
    cancel_appointment(Act(CLAIRE, fair.before), appointment)
    retake_appointment(Act(CLAIRE, fair.before), appointment)
    assert (appointment.status, appointment.agent_id) == (AppointmentStatus.BOOKED, agent.id)
    assert appointment.cancelled_at is None
    assert appointment.sequence == sequence + 2, "calendars take the newest"
    retake_appointment(Act(CLAIRE, fair.before), appointment)
    assert appointment.sequence == sequence + 2
    check_invariants(edition)


def test_a_cancelled_appointment_does_not_come_back_once_its_hour_is_gone(
    edition: Edition,
) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    appointment = book(fair, at=fair.at(9))
    cancel_appointment(Act(CLAIRE, fair.before), appointment)
    with pytest.raises(AlreadyBegun):
        retake_appointment(Act(CLAIRE, fair.at(9)), appointment)
    book(fair, at=fair.at(9))
    with pytest.raises(TimeGone):
        retake_appointment(Act(CLAIRE, fair.before), appointment)
    check_invariants(edition)


def test_the_organisation_gives_an_hour_back_beyond_the_limits_that_hold_for_the_public(
    edition: Edition,
) -> None:
    fair = make_fair(edition, per_visitor=1, per_commune=2)
    visitors = [make_visitor(edition) for _ in range(3)]
    appointments = []
    for visitor, hour in zip(visitors, (9, 10, 11), strict=True):
        appointments.append(book(fair, visitor=visitor, at=fair.at(hour)))
        cancel_appointment(Act(PUBLIC, fair.before), appointments[-1])
    book(fair, visitor=visitors[0], at=fair.at(14))
    book(fair, visitor=visitors[1], at=fair.at(15))
    reached = {}
    for appointment in appointments:
        with pytest.raises(LimitReached) as refused:
            retake_appointment(Act(PUBLIC, fair.before), appointment)
        reached[appointment.id] = refused.value.limit
        retake_appointment(Act(CLAIRE, fair.before), appointment)
        assert appointment.status == AppointmentStatus.BOOKED
    assert list(reached.values()) == [Limit.PER_VISITOR, Limit.PER_VISITOR, Limit.PER_COMMUNE]
    check_invariants(edition)
