"""Each address once: drawn at the hour, posted a few at a time, stopped, killed, resumed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from salon.badges.models import Attendee
from salon.dashboard.services.erasure import erase
from salon.fair.models import Edition, EditionState
from salon.mailings.models import Mailing, MailingRecipient, MailingState
from salon.mailings.queries.mailings import Fate, fates_of, select_recipients
from salon.mailings.rules import HasMovedOn, HourIsPast, NobodyToWriteTo, NotADraft
from salon.mailings.services import sending
from salon.mailings.services.drafts import Draft, change_draft, delete_draft, plan, take_back
from salon.mailings.services.letters import SAMPLE, send_trial
from salon.mailings.services.sending import resume, send_mailings, stop
from salon.platform.database.act import Act, MailHold
from salon.platform.database.db import current_session, transaction
from salon.platform.database.edition_walls import EditionIsClosed
from salon.platform.database.identity import SYSTEM
from salon.platform.database.versions import StaleVersion
from salon.platform.mail.delivery import words_of
from salon.platform.mail.message_secrets import HIDDEN
from salon.platform.mail.oppositions import OppositionSource, oppose
from salon.platform.mail.outbox import (
    Delivery,
    Message,
    MessageStatus,
    lease_due,
    settle,
)
from salon.platform.mail.sending import send_due
from salon.platform.mail.server import MailServer, deliver
from salon.platform.settings.clock import now, real_now
from salon.platform.web.access import settings
from tests.badges.people import make_person, register, register_one
from tests.factories import act_in, new_key
from tests.mailings.make import BY, make_due, make_mailing, posted

WAITING, SENT = MessageStatus.WAITING, MessageStatus.SENT
TOWN_HALL = "mairie@beziers.example"


class Server:
    """A mail server that notes each address it accepts a message of a mailing for."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def deliver(self, message: Message) -> Delivery:
        if message.kind == "mailing":
            self.addresses.append(message.recipient)
        return Delivery(sent=True)


def crowd(count: int) -> list[str]:
    """Register people, two of whom share the address of their town hall in other letters."""
    people = [make_person(email=f"p{number}@mons.example") for number in range(count)]
    register(make_person(email=TOWN_HALL), make_person(email=TOWN_HALL.upper()), *people)
    return sorted([TOWN_HALL, *(person.email for person in people)])


def state_of(mailing: Mailing) -> MailingState:
    current_session().expire_all()
    return current_session().get_one(Mailing, mailing.id).state


def send_all() -> Server:
    server = Server()
    send_due(server.deliver)
    return server


@pytest.mark.on_both
def test_an_address_is_written_once_whatever_stops_and_kills_come_between(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = crowd(11)
    send_all()
    monkeypatch.setattr(sending, "AHEAD", 5)
    monkeypatch.setattr(sending, "BATCH", 2)
    mailing = make_due(edition)
    assert send_mailings(now()) == 5
    server, act = Server(), act_in(edition, BY)
    # A worker killed with a message in hand: its lease ends, and the message itself goes on.
    [in_hand] = lease_due()
    assert stop(act, mailing) == 4
    assert send_mailings(now()) == 0
    send_due(server.deliver)
    assert server.addresses == []
    settle(in_hand.id, server.deliver(in_hand))
    resume(act, mailing)
    # A worker killed between two batches: what it committed stays, the next one goes on.
    batches = iter([1, 1])
    post_batch = sending._post_batch

    def killed(*arguments: object) -> int:
        next(batches)
        return post_batch(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as dying, pytest.raises(StopIteration):
        dying.setattr(sending, "_post_batch", killed)
        send_mailings(now())
    for _ in range(6):
        send_mailings(now())
        send_due(server.deliver)
    assert sorted(server.addresses) == addresses
    assert state_of(mailing) == MailingState.SENT
    assert fates_of([mailing.id])[mailing.id][Fate.SENT] == len(addresses)
    assert len({message.message_id for message in posted()}) == len(addresses)


@pytest.mark.on_both
def test_the_database_keeps_an_address_from_being_drawn_twice(edition: Edition) -> None:
    mailing = make_mailing(edition)
    row = {"mailing_id": mailing.id, "key": "", "address": "a@b.example", "address_key": "a@b"}
    with pytest.raises(IntegrityError), transaction() as session:
        for _ in range(2):
            session.execute(insert(MailingRecipient).values(**row, drawn_at=now()))


@pytest.mark.on_both
def test_what_a_shared_address_reads_names_nobody(edition: Edition) -> None:
    register(
        make_person(email=TOWN_HALL), make_person(email=TOWN_HALL), make_person(email="a@b.example")
    )
    make_due(edition)
    send_mailings(now())
    shared, own = (words_of(message)[1] for message in posted())
    assert shared.startswith("Madame, Monsieur,")
    assert "/badge/" not in shared
    assert own.startswith("Madame la Maire,")
    assert "/badge/" in own


@pytest.mark.on_both
def test_without_an_hour_it_leaves_after_the_hold_until_when_it_is_taken_back(
    edition: Edition,
) -> None:
    crowd(1)
    mailing, hold = make_mailing(edition), MailHold(BY, timedelta(minutes=10))
    act, key = act_in(edition, BY, hold=hold), new_key()
    leaves_at = plan(act, mailing, None, key)
    assert leaves_at == act.now + timedelta(minutes=10)
    assert plan(act, mailing, None, key) == leaves_at
    send_mailings(act.now + timedelta(minutes=9))
    assert posted() == []
    take_back(act, mailing)
    send_mailings(act.now + timedelta(minutes=11))
    assert posted() == []
    plan(act, mailing, act.now + timedelta(days=2), new_key())
    with pytest.raises(NotADraft):
        delete_draft(act, mailing)
    register_one(email="tard@mons.example")
    send_mailings(act.now + timedelta(days=2))
    assert "tard@mons.example" in {message.recipient for message in posted()}
    with pytest.raises(HasMovedOn):
        take_back(act, mailing)


@pytest.mark.on_both
def test_what_forbids_to_plan_or_to_change(edition: Edition) -> None:
    mailing, act = make_mailing(edition, filters={"category": "press"}), act_in(edition, BY)
    with pytest.raises(NobodyToWriteTo):
        plan(act, mailing, None, new_key())
    with pytest.raises(HourIsPast):
        plan(act, mailing, act.now, new_key())
    draft = Draft("Objet", "Texte", "people", {})
    change_draft(act, mailing, draft, mailing.version)
    with pytest.raises(StaleVersion):
        change_draft(act, mailing, draft, mailing.version - 1)
    with pytest.raises(HasMovedOn):
        resume(act, mailing)


@pytest.mark.on_both
def test_a_closed_edition_and_another_one_send_nothing(edition: Edition) -> None:
    crowd(1)
    mailing = make_due(edition)
    with transaction(edition):
        edition.state, edition.is_current = EditionState.CLOSED, None
    assert send_mailings(now()) == 0
    with pytest.raises(EditionIsClosed):
        take_back(act_in(edition, BY), mailing)
    with pytest.raises(EditionIsClosed):
        send_trial(act_in(edition, BY), mailing, SAMPLE)


def test_who_is_left_out_has_no_private_link_written_down(edition: Edition) -> None:
    first, second = register_one(email="a@mons.example"), register_one(email="b@mons.example")
    with transaction() as session:
        oppose(session, first.email, OppositionSource.LINK, now())
    make_due(edition)
    send_mailings(now())
    rows = current_session().scalars(select(MailingRecipient)).all()
    assert {row.address: row.path for row in rows} == {first.email: "", second.email: ""}
    with transaction() as session:
        oppose(session, second.email, OppositionSource.LINK, now())
    with MailServer(settings()) as server:
        send_due(lambda message: deliver(message, server))
    [message] = posted(MessageStatus.CALLED_OFF)
    assert message.context["token"] == HIDDEN


@pytest.mark.on_both
def test_an_erased_person_is_gone_from_recipients_and_messages(edition: Edition) -> None:
    person = register_one(email="elle@mons.example")
    register(make_person(email=TOWN_HALL), make_person(email=TOWN_HALL))
    send_all()
    mailing = make_due(edition)
    send_mailings(now())
    shared = current_session().scalars(select(Attendee).where(Attendee.email == TOWN_HALL)).all()
    for attendee in (person, shared[0]):
        erase(Act(SYSTEM), attendee.id, settings().file_store, real_now())
    [left] = current_session().scalars(select(MailingRecipient)).all()
    assert (left.address, left.key, left.name) == (TOWN_HALL, "", "")
    assert [message.recipient for message in posted()] == [TOWN_HALL]
    assert send_all().addresses == [TOWN_HALL]
    send_mailings(now())
    assert state_of(mailing) == MailingState.SENT


@pytest.mark.on_both
def test_filters_narrow_registered_people(app: Flask, edition: Edition) -> None:
    register_one(email="a@mons.example", category="elected")
    register_one(email="b@mons.example")
    for filters, addresses in (
        ({}, {"a@mons.example", "b@mons.example"}),
        ({"appointment": "yes"}, set()),
        ({"appointment": "no", "printed": "no"}, {"a@mons.example", "b@mons.example"}),
        ({"epci": "200066348"}, set()),
        ({"theme": "999"}, set()),
        ({"presence": "came"}, set()),
    ):
        selection = select_recipients(edition, "people", filters, now())
        assert {row.address for row in selection.recipients} == addresses, filters
