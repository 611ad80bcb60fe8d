"""What is refused, before a merge and before it is taken back; nothing is written then."""

from collections.abc import Callable

import pytest

from salon.badges.models import Attendee
from salon.badges.services import cancel_attendee, revoke_badge
from salon.duplicates import rules
from salon.duplicates.services import Merge, merge_people, separate_people, tell_apart
from salon.exhibitors.models import Invitation
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from tests.badges.people import badge_of, make_person, register_one
from tests.badges.registrations import ORGANISER
from tests.duplicates.people import NOW, facts_of, merged
from tests.exhibitors.make import make_exhibitor
from tests.factories import act_in


def refused(edition: Edition, act: Callable[[], object], *, error: type[Exception]) -> None:
    before = facts_of(edition)
    with pytest.raises(error):
        act()
    assert facts_of(edition) == before


def test_two_live_registrations_of_visitors_are_needed(edition: Edition) -> None:
    one, cancelled = register_one(), register_one()
    alone, badge = (one.id,), badge_of(one.id)
    merge = Merge(alone, badge.id)
    refused(
        edition,
        lambda: merge_people(act_in(edition, ORGANISER, NOW), merge),
        error=rules.FewerThanTwo,
    )
    refused(
        edition,
        lambda: tell_apart(act_in(edition, ORGANISER, NOW), alone),
        error=rules.FewerThanTwo,
    )
    cancel_attendee(Act(ORGANISER, NOW), cancelled.id)
    merge = Merge((one.id, cancelled.id), badge.id)
    refused(
        edition,
        lambda: merge_people(act_in(edition, ORGANISER, NOW), merge),
        error=rules.AlreadyMerged,
    )
    with pytest.raises(rules.TooManyRegistrations):
        rules.check_count(21)
    with pytest.raises(rules.NotTheirOwn):
        rules.check_can_merge([("registered", None, None), ("registered", 4, None)])
    with pytest.raises(rules.NotTheirOwn):
        rules.check_can_merge([("registered", None, None), ("registered", None, 4)])


def test_no_badge_is_valid(edition: Edition) -> None:
    pair = register_one(), register_one()
    ids = tuple(person.id for person in pair)
    badges = [badge_of(number).id for number in ids]
    for number in badges:
        revoke_badge(Act(ORGANISER, NOW), number, "perdu")
    merge = Merge(ids, badges[0])
    refused(
        edition,
        lambda: merge_people(act_in(edition, ORGANISER, NOW), merge),
        error=rules.NoValidBadge,
    )


def separated(edition: Edition, person: Attendee) -> Callable[[], object]:
    return lambda: separate_people(act_in(edition, ORGANISER, NOW), person.id)


def test_the_kept_registration_ended_since(edition: Edition) -> None:
    first, second = register_one(), register_one()
    merged(edition, [first, second])
    cancel_attendee(Act(ORGANISER, NOW), first.id)
    refused(edition, separated(edition, second), error=rules.KeptRegistrationEnded)
    with pytest.raises(rules.PersonErased):
        rules.check_can_separate("erased", ["replaced"], is_last=True)


def test_the_same_person_is_there_already(edition: Edition) -> None:
    first, second, third = register_one(), register_one(), register_one(last_name="Roque")
    names = {"name": second.id, "contact": first.id}
    with transaction() as session:
        person = session.get_one(Attendee, third.id)
        person.name_key, person.email_key = second.name_key, first.email_key
    refused(
        edition,
        lambda: merged(edition, [first, second], sources=names),
        error=rules.RegisteredAgain,
    )
    assert make_person().function == "mayor"


def test_an_invitation_that_is_full_gives_no_place_back(edition: Edition) -> None:
    stand = make_exhibitor(edition)
    first, second, third = register_one(), register_one(), register_one()
    with transaction() as session:
        invitation = Invitation(
            exhibitor_id=stand.id, code="ABCDEFGH", label="x", quota=1, created_at=NOW
        )
        session.add(invitation)
        session.flush()
        session.get_one(Attendee, second.id).invitation_id = invitation.id
    merged(edition, [first, second])
    with transaction() as session:
        session.get_one(Attendee, third.id).invitation_id = invitation.id
    current_session().rollback()
    refused(edition, separated(edition, second), error=rules.InvitationIsFull)
