"""People who are invited, once, and people who get no message. On SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from salon.badges.models import Group
from salon.exhibitors.models import Contact, Exhibitor
from salon.exhibitors.queries.exhibitors import terms_of
from salon.fair.models import Edition, EditionState
from salon.invitations.engine import InvitationState as State
from salon.invitations.models import InvitedKind, OrganisationInvitation
from salon.invitations.queries.invitations import invited_organisations
from salon.invitations.rules import (
    AGAIN_AFTER,
    EditionHasNoDate,
    EditionIsOver,
    EditionNotPublished,
)
from salon.invitations.services.answering import decline, oppose
from salon.invitations.services.sending import send_invitations
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.mail.delivery import words_of
from salon.platform.mail.oppositions import opposed
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.settings.clock import now
from tests.badges.people import BEZIERS, make_person, register
from tests.exhibitors.make import make_exhibitor
from tests.factories import act_in, new_key
from tests.invitations.conftest import AGGLOMERATION
from tests.invitations.make import make_invitation

BY = Identity(Role.ORGANISER, 1, "Dominique Roque")
BOTH = list(InvitedKind)
INVITED = {
    "Béziers": "mairie@beziers.example",
    "CA de Béziers-Méditerranée": "agglo@beziers.example",
    "Fidèle": "elise@fidele.example",
}


def organisations(edition: Edition, kinds: Sequence[InvitedKind] = BOTH) -> dict[str, State]:
    return {row.candidate.name: row.state for row in invited_organisations(edition, kinds)}


def keys(edition: Edition) -> list[str]:
    return [row.candidate.key for row in invited_organisations(edition, BOTH)]


def send(edition: Edition, key: str = "") -> int:
    return send_invitations(act_in(edition, BY), keys(edition), BOTH, key or new_key())


def invitations() -> list[OrganisationInvitation]:
    return list(current_session().scalars(select(OrganisationInvitation)))


@pytest.mark.on_both
def test_accepted_exhibitors_and_registered_places_are_invited_by_who_registered_them(
    following: Edition,
) -> None:
    rows = invited_organisations(following, BOTH)
    assert {row.candidate.name: row.candidate.email for row in rows} == INVITED
    assert {row.candidate.size for row in rows if row.candidate.name == "Béziers"} == {3}
    assert set(organisations(following).values()) == {State.TO_SEND}
    assert list(organisations(following, [InvitedKind.EXHIBITOR])) == ["Fidèle"]


@pytest.mark.on_both
def test_each_is_written_to_once_then_again_after_a_week(following: Edition) -> None:
    key = new_key()
    assert send(following, key) == 3
    assert send(following, key) == 3
    assert send(following) == 0
    messages = list(current_session().scalars(select(Message).order_by(Message.recipient)))
    sent = [message for message in messages if message.kind == "organisation_invited"]
    assert [message.recipient for message in sent] == sorted(INVITED.values())
    subject, text = words_of(sent[2])
    assert following.short_name in subject
    assert "Béziers est venue" in text
    assert f"/invitation/{sent[2].context['token']}" in text
    assert "/courriels/arreter/" in text
    with transaction() as session:
        session.execute(
            update(OrganisationInvitation).values(sent_at=now() - AGAIN_AFTER - timedelta(hours=1))
        )
    current_session().expire_all()
    assert send(following) == 3


def test_an_address_whose_last_message_was_refused_is_written_to_no_more(
    following: Edition,
) -> None:
    long_ago = now() - AGAIN_AFTER - timedelta(hours=1)
    states = []
    for status in (MessageStatus.SENT, MessageStatus.REFUSED):
        assert send(following) == 3
        with transaction() as session:
            newest = select(func.max(Message.id)).group_by(Message.recipient)
            session.execute(update(Message).where(Message.id.in_(newest)).values(status=status))
            session.execute(update(OrganisationInvitation).values(sent_at=long_ago))
        current_session().expire_all()
        states.append(set(organisations(following).values()))
    assert states == [{State.SENT}, {State.REFUSED}]
    assert send(following) == 0


def test_nobody_is_invited_to_what_the_public_does_not_see_or_to_what_is_over(
    following: Edition,
) -> None:
    with transaction(following):
        following.is_current, following.state = None, EditionState.DRAFT
    with pytest.raises(EditionNotPublished):
        send(following)
    with transaction(following):
        following.state, following.standing = EditionState.HELD, Standing.POSTPONED
    with pytest.raises(EditionHasNoDate):
        send(following)
    with transaction(following):
        following.standing = Standing.AS_PLANNED
    late = following.ends_at + timedelta(minutes=1)
    with pytest.raises(EditionIsOver):
        send_invitations(act_in(following, BY, late), keys(following), BOTH, new_key())
    assert invitations() == []


@pytest.mark.parametrize("closed", [InvitedKind.EXHIBITOR, InvitedKind.PLACE])
def test_nobody_is_invited_to_answer_after_the_last_day(
    following: Edition, closed: InvitedKind
) -> None:
    terms = terms_of(following)
    with transaction(terms, following):
        if closed == InvitedKind.EXHIBITOR:
            terms.applications_close_at = now()
        else:
            following.registration_closes_at = now()
    assert send(following) == (2 if closed == InvitedKind.EXHIBITOR else 1)
    assert closed not in {invitation.kind for invitation in invitations()}


def test_exhibitors_are_not_invited_before_their_dates_are_known(following: Edition) -> None:
    """They were told those of the visitors' registration."""
    with transaction() as session:
        session.delete(terms_of(following))
    assert send(following) == 2
    assert {invitation.kind for invitation in invitations()} == {InvitedKind.PLACE}


@pytest.mark.on_both
def test_who_registered_or_applied_has_answered(following: Edition) -> None:
    register(make_person(place=AGGLOMERATION))
    make_exhibitor(following, name="Fidèle et fils", siret="44306184100047")
    rows = {row.candidate.name: row for row in invited_organisations(following, BOTH)}
    assert rows["CA de Béziers-Méditerranée"].answer == "1\u00a0inscrit"
    assert rows["Fidèle"].answer == "Acceptée"
    assert organisations(following) == {
        "Béziers": State.TO_SEND,
        "CA de Béziers-Méditerranée": State.ANSWERED,
        "Fidèle": State.ANSWERED,
    }
    assert send(following) == 1


@pytest.mark.on_both
def test_a_no_is_obeyed_and_taken_back(following: Edition) -> None:
    send(following)
    by_name = {invitation.name: invitation for invitation in invitations()}
    decline(Act(SYSTEM), by_name["Béziers"], True)
    oppose(Act(SYSTEM), by_name["Fidèle"], True)
    with transaction() as session:
        session.execute(update(OrganisationInvitation).values(sent_at=None))
    current_session().expire_all()
    assert organisations(following)["Béziers"] == State.DECLINED
    assert organisations(following)["Fidèle"] == State.OPPOSED
    assert send(following) == 1
    decline(Act(SYSTEM), by_name["Béziers"], False)
    oppose(Act(SYSTEM), by_name["Fidèle"], False)
    assert send(following) == 2


@pytest.mark.on_both
def test_an_address_that_said_no_is_left_alone_by_later_editions(
    past: Edition, following: Edition
) -> None:
    """Even once the address itself is destroyed: its hash is recognised."""
    earlier = make_invitation(
        past, email="Elise@fidele.example", commune_code="34160", opposed_at=now()
    )
    with transaction(earlier):
        earlier.email = earlier.name = ""
    assert organisations(following)["Fidèle"] == State.OPPOSED
    assert send(following) == 2


def test_a_no_stays_with_the_address_that_said_it(former: Exhibitor, following: Edition) -> None:
    """The organisation has another contact since: it is not written to, which would lose the
    no."""
    send(following)
    (invitation,) = [row for row in invitations() if row.exhibitor_id == former.id]
    oppose(Act(SYSTEM), invitation, True)
    with transaction() as session:
        session.execute(update(OrganisationInvitation).values(sent_at=now() - 2 * AGAIN_AFTER))
        session.execute(update(Contact).values(email="andre@fidele.example"))
    current_session().expire_all()
    assert organisations(following)["Fidèle"] == State.OPPOSED
    assert send(following) == 2
    assert opposed([INVITED["Fidèle"], "andre@fidele.example"]) == {INVITED["Fidèle"]}


@pytest.mark.on_both
def test_what_was_sent_outlives_the_people_of_the_earlier_edition(following: Edition) -> None:
    send(following)
    with transaction() as session:
        session.execute(update(Group).values(contact_email=""))
        session.execute(update(Contact).values(email="", email_key=""))
        session.execute(update(Exhibitor).values(siret=""))
    current_session().expire_all()
    assert organisations(following) == dict.fromkeys(INVITED, State.SENT)


def test_a_place_registered_by_nobody_with_an_address_is_not_listed(following: Edition) -> None:
    with transaction() as session:
        session.execute(update(Group).values(contact_email=""))
    assert list(organisations(following)) == ["Fidèle"]
    assert BEZIERS.name not in organisations(following)
