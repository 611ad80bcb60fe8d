"""A move and all that follows from it. On SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from salon.accounts.models import Account
from salon.exhibitors.engine.slugs import RESERVED, catalogue_slug
from salon.exhibitors.models import ApplicationStatus, Contact, ContactKind, Exhibitor
from salon.exhibitors.rules.lifecycle import (
    MOVES,
    ActorKind,
    Decision,
    Move,
    MoveRefused,
    OfferExpired,
)
from salon.exhibitors.services.lifecycle import move_exhibitor
from salon.fair.models import Edition, Hall
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity, Role
from salon.platform.database.journal import JournalEntry, entries
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from salon.platform.words.errors import ReasonMissing
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import make_account
from tests.races import race

BY = Identity(Role.ORGANISER, 1, "Dominique Roque")
NOW = datetime(2021, 6, 1, 8, 0, tzinfo=UTC)
Status = ApplicationStatus


def moved(
    exhibitor: Exhibitor, move: Move, actor_kind: ActorKind = ActorKind.ORGANISER, **more: Any
) -> Exhibitor:
    with transaction(exhibitor) as session:
        move_exhibitor(Act(BY, NOW), session, exhibitor, Decision(move, actor_kind, **more))
    current_session().expire_all()
    return current_session().get_one(Exhibitor, exhibitor.id)


def messages() -> list[Message]:
    return list(current_session().scalars(select(Message).order_by(Message.id)))


def history(exhibitor: Exhibitor) -> list[JournalEntry]:
    return list(current_session().scalars(entries(subject=f"exhibitor:{exhibitor.id}")))


@pytest.mark.on_both
def test_an_accepted_exhibitor_has_an_address_an_account_a_message_and_a_trace(
    app: Flask, edition: Edition
) -> None:
    exhibitor = make_exhibitor(
        edition,
        status=Status.SUBMITTED,
        slug=None,
        name="Éclairage & Cie",
        email="Elise@Cie.example",
    )

    stored_exhibitor = moved(exhibitor, Move.ACCEPT, reason="Bienvenue.")

    assert (stored_exhibitor.status, stored_exhibitor.slug, stored_exhibitor.status_at) == (
        Status.ACCEPTED,
        "eclairage-cie",
        NOW,
    )
    assert stored_exhibitor.version == 2
    account = current_session().scalars(select(Account)).one()
    assert (account.email_key, account.role) == ("elise@cie.example", Role.EXHIBITOR)
    [message] = messages()
    assert (message.kind, message.recipient) == ("exhibitor_accept", "Elise@Cie.example")
    subject, text = words_of(message)
    assert "Éclairage & Cie" in text
    assert "Éclairage" not in subject
    assert "/mon-stand" in text
    assert "Bienvenue." in text
    [entry] = history(stored_exhibitor)
    assert (entry.action, entry.actor_name) == ("exhibitor.accept", "Dominique Roque")
    assert entry.details == {"reason": "Bienvenue."}


@pytest.mark.on_both
def test_each_contact_gets_an_account_and_an_address_that_has_one_is_left_alone(
    app: Flask, edition: Edition
) -> None:
    organiser = make_account(role=Role.ORGANISER, email="jean@cie.example", name="Jean Roux")
    exhibitor = make_exhibitor(edition, status=Status.WAITING, slug=None, email="elise@cie.example")
    with transaction() as session:
        for kind, email in ((ContactKind.BILLING, "jean@cie.example"), (ContactKind.ON_SITE, "")):
            session.add(Contact(exhibitor_id=exhibitor.id, kind=kind, email=email, email_key=email))

    moved(exhibitor, Move.ACCEPT)

    roles = {
        account.email: (account.role, account.display_name)
        for account in current_session().scalars(select(Account))
    }
    assert roles == {
        "jean@cie.example": (Role.ORGANISER, "Jean Roux"),
        "elise@cie.example": (Role.EXHIBITOR, "Élise Cabanel"),
    }
    assert current_session().get_one(Account, organiser.id).password_hash


@pytest.mark.on_both
def test_who_withdraws_gives_the_stand_back_and_the_plan_is_a_new_version(
    app: Flask, edition: Edition
) -> None:
    hall = make_hall(edition)
    exhibitor = make_exhibitor(edition, stand=make_stand(hall))

    stored_exhibitor = moved(exhibitor, Move.WITHDRAW, ActorKind.EXHIBITOR)

    assert (stored_exhibitor.status, stored_exhibitor.stand_id, stored_exhibitor.stand) == (
        Status.WITHDRAWN,
        None,
        None,
    )
    assert current_session().get_one(Hall, hall.id).version == 2
    assert [message.kind for message in messages()] == ["exhibitor_withdraw"]


@pytest.mark.on_both
def test_an_offer_has_an_end_and_is_taken_before_it(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition, status=Status.SUBMITTED, slug=None)
    end = NOW + timedelta(days=7)

    offered = moved(exhibitor, Move.OFFER, offer_ends_at=end)
    assert (offered.status, offered.offer_expires_at) == (Status.OFFERED, end)
    assert "mardi 8 juin 2021, 10 h" in words_of(messages()[-1])[1].replace("\u00a0", " ")

    taken = moved(offered, Move.TAKE_OFFER, ActorKind.EXHIBITOR)
    assert (taken.status, taken.offer_expires_at) == (Status.ACCEPTED, None)
    assert taken.slug


def test_an_offer_whose_delay_has_passed_is_not_taken(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition, status=Status.OFFERED, offer_expires_at=NOW)
    with pytest.raises(OfferExpired):
        moved(exhibitor, Move.TAKE_OFFER, ActorKind.EXHIBITOR)
    assert messages() == []


def test_what_is_refused_writes_nothing(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition, status=Status.ACCEPTED)
    with pytest.raises(MoveRefused):
        moved(exhibitor, Move.ACCEPT)
    with pytest.raises(ReasonMissing):
        moved(make_exhibitor(edition, status=Status.SUBMITTED), Move.REFUSE, reason="  ")
    assert messages() == []
    assert current_session().scalars(select(JournalEntry)).all() == []


@pytest.mark.on_both
@pytest.mark.parametrize("move", Move)
def test_each_move_leads_where_the_table_says_and_its_message_can_be_read(
    app: Flask, edition: Edition, move: Move
) -> None:
    arrow = MOVES[move]
    for source in sorted(arrow.sources):
        exhibitor = make_exhibitor(edition, status=source)
        if source == Status.OFFERED and move == Move.TAKE_OFFER:
            with transaction(exhibitor):
                exhibitor.offer_expires_at = NOW + timedelta(hours=1)
        more: dict[str, Any] = {"reason": "Parce que."}
        if move == Move.OFFER:
            more["offer_ends_at"] = NOW + timedelta(days=3)
        stored_exhibitor = moved(exhibitor, move, min(arrow.actor_kinds), **more)
        assert stored_exhibitor.status == arrow.target
        subject, text = words_of(messages()[-1])
        assert exhibitor.name in text
        assert subject
        assert "{{" not in text
        assert "http" in text


@pytest.mark.race
def test_two_homonyms_accepted_at_once_get_two_addresses(app: Flask, edition: Edition) -> None:
    exhibitors = [
        make_exhibitor(edition, status=Status.SUBMITTED, slug=None, name="Inscription").id
        for _ in range(2)
    ]

    def accept(exhibitor_id: int) -> str | None:
        exhibitor = current_session().get_one(Exhibitor, exhibitor_id)
        with transaction(exhibitor) as session:
            decision = Decision(Move.ACCEPT, ActorKind.ORGANISER)
            move_exhibitor(Act(BY, NOW), session, exhibitor, decision)
        return exhibitor.slug

    rows = race(app, [lambda candidate=item: accept(candidate) for item in exhibitors])  # type: ignore[misc]
    assert sorted(rows) == ["inscription-2", "inscription-3"]


@pytest.mark.parametrize(
    ("name", "taken", "slug"),
    [
        ("Éclairage & Cie (34)", [], "eclairage-cie-34"),
        ("Œuvres du Pays d’Oc", [], "oeuvres-du-pays-d-oc"),
        ("Ωμέγα", [], "exposant"),
        ("Ωμέγα", ["exposant"], "exposant-2"),
        ("CSV", [], "csv-2"),
        ("Eau", ["eau", "eau-2", "eau-de-source"], "eau-3"),
        ("=HYPERLINK(1)", [], "hyperlink-1"),
        ("x" * 200, [], "x" * 60),
    ],
)
def test_an_address_is_made_of_the_words_of_the_name(
    name: str, taken: list[str], slug: str
) -> None:
    assert catalogue_slug(name, taken) == slug
    assert slug not in RESERVED
