"""The place offered to an exhibitor is taken by two contacts, or as the offer ends."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.exhibitors.rules.lifecycle import ActorKind, Decision, Move
from salon.exhibitors.services.applications import take_offer
from salon.exhibitors.services.lifecycle import move_exhibitor
from salon.exhibitors.services.review import expire_offers
from salon.fair.models import Edition
from salon.fair.rules.standing import StandingAct
from salon.fair.services.standing import change_standing, standing_of
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.database.journal import action_named, entries, write_entry
from salon.platform.database.versions import stamp_of
from salon.platform.words.errors import RuleBroken
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import act_in
from tests.races import ROUNDS, race

pytestmark = pytest.mark.race

END = datetime(2021, 6, 1, 8, 0, tzinfo=UTC)
IN_TIME = END - timedelta(seconds=1)
CONTACTS = [Identity(Role.EXHIBITOR, number, f"Contact {number}") for number in (1, 2)]


def offered(edition: Edition) -> Exhibitor:
    return make_exhibitor(edition, status=ApplicationStatus.OFFERED, offer_expires_at=END)


def acts_on(exhibitor_id: int) -> list[str]:
    current_session().rollback()
    written = current_session().scalars(entries(subject=f"exhibitor:{exhibitor_id}"))
    return [item.action for item in written if item.action.startswith("exhibitor.")]


def take(token: str, actor: Identity) -> str:
    try:
        take_offer(Act(actor, IN_TIME), token)
    except RuleBroken as refusal:
        return type(refusal).__name__
    return "taken"


def test_two_contacts_take_one_place_once(app: Flask, edition: Edition) -> None:
    make_terms(edition)
    for _ in range(ROUNDS):
        exhibitor = offered(edition)
        token = exhibitor.private_token
        calls = [
            lambda chosen_actor=actor, token=token: take(token, chosen_actor) for actor in CONTACTS
        ]
        assert race(app, calls) == ["taken", "taken"]
        assert acts_on(exhibitor.id).count("exhibitor.take_offer") == 1


def test_a_place_is_taken_or_goes_back_never_both(app: Flask, edition: Edition) -> None:
    make_terms(edition)
    outcomes: Counter[tuple[str, int]] = Counter()
    for _ in range(ROUNDS):
        exhibitor = offered(edition)
        token = exhibitor.private_token
        answer, expired = race(
            app, [lambda token=token: take(token, CONTACTS[0]), lambda: expire_offers(END)]
        )
        outcomes[answer, expired] += 1
        current_session().refresh(exhibitor)
        is_taken = exhibitor.status == ApplicationStatus.ACCEPTED
        assert (answer, expired) == (("taken", 0) if is_taken else ("MoveRefused", 1))
        act = "exhibitor.take_offer" if is_taken else "exhibitor.let_offer_expire"
        assert [act for act in acts_on(exhibitor.id) if "offer" in act] == [act]
    assert sum(outcomes.values()) == ROUNDS


def cancel(edition_id: int) -> set[str]:
    """Cancel the fair; return the accepted exhibitors who are told."""
    edition = current_session().get_one(Edition, edition_id)
    stamp = stamp_of(standing_of(edition))
    consequences = change_standing(act_in(edition, SYSTEM), StandingAct.CANCEL, stamp)
    return {
        name
        for consequence in consequences
        if consequence.label == "Exposants"
        for name in consequence.names
    }


def test_a_place_is_taken_before_the_fair_is_cancelled_or_not_at_all(
    app: Flask, edition: Edition
) -> None:
    make_terms(edition)
    edition_id = edition.id
    for _ in range(ROUNDS):
        exhibitor = offered(edition)
        name, token = exhibitor.name, exhibitor.private_token
        answer, told_names = race(
            app, [lambda token=token: take(token, CONTACTS[0]), lambda: cancel(edition_id)]
        )
        assert answer == ("taken" if name in told_names else "FairCancelled")
        current_session().rollback()
        with transaction(edition):
            edition.standing = Standing.AS_PLANNED


def test_without_the_lock_a_place_is_taken_of_a_cancelled_fair(
    app: Flask, edition: Edition
) -> None:
    """The control: the taking read that the fair takes place, and is written after."""
    make_terms(edition)
    exhibitor, edition_id = offered(edition), edition.id
    exhibitor_id, name = exhibitor.id, exhibitor.name
    has_read, is_cancelled = threading.Event(), threading.Event()

    def take_late() -> bool:
        is_planned = not current_session().get_one(Edition, edition_id).is_cancelled
        current_session().rollback()
        has_read.set()
        is_cancelled.wait()
        row = current_session().get_one(Exhibitor, exhibitor_id)
        with transaction(row) as session:
            decision = Decision(Move.TAKE_OFFER, ActorKind.EXHIBITOR)
            move_exhibitor(Act(CONTACTS[0], IN_TIME), session, row, decision)
        return is_planned

    def cancel_between() -> set[str]:
        has_read.wait()
        told_names = cancel(edition_id)
        is_cancelled.set()
        return told_names

    is_planned, told_names = race(app, [take_late, cancel_between])
    current_session().rollback()
    assert is_planned
    assert exhibitor.status == ApplicationStatus.ACCEPTED
    assert name not in told_names


def test_without_the_lock_it_is_taken_and_goes_back(app: Flask, edition: Edition) -> None:
    """The control: both read that the offer stands, then both write what follows."""
    make_terms(edition)
    exhibitor_id = offered(edition).id
    both_have_read = threading.Barrier(2)

    def act(target: ApplicationStatus, move: str) -> bool:
        statement = select(Exhibitor.status).where(Exhibitor.id == exhibitor_id)
        is_offered = current_session().scalar(statement) == ApplicationStatus.OFFERED
        current_session().rollback()
        both_have_read.wait()
        with transaction() as session:
            own = update(Exhibitor).where(Exhibitor.id == exhibitor_id)
            session.execute(own.values(status=target, offer_expires_at=None))
            write_entry(
                session, CONTACTS[0], action_named(f"exhibitor.{move}"), f"exhibitor:{exhibitor_id}"
            )
        return is_offered

    calls = [
        lambda: act(ApplicationStatus.ACCEPTED, "take_offer"),
        lambda: act(ApplicationStatus.WAITING, "let_offer_expire"),
    ]
    assert race(app, calls) == [True, True]
    assert len([act for act in acts_on(exhibitor_id) if "offer" in act]) == 2
