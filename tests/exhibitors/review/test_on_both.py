"""Two organisers decide at once. On SQLite and PostgreSQL, with a control run."""

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.exhibitors.rules.lifecycle import ActorKind, Move, check_move
from salon.exhibitors.services.review import OrganiserDecision, decide, expire_offers
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity, Role
from salon.platform.database.journal import action_named, entries, write_entry
from salon.platform.database.versions import StaleVersion
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.races import ROUNDS, race

NOW = datetime(2021, 6, 1, 8, 0, tzinfo=UTC)
FIRST = Identity(Role.ORGANISER, 1, "Dominique Roque")
SECOND = Identity(Role.ORGANISER, 2, "Sylvie Cros")


def decisions_of(exhibitor_id: int) -> list[str]:
    return [
        row.action
        for row in current_session().scalars(entries(subject=f"exhibitor:{exhibitor_id}"))
    ]


@pytest.mark.race
def test_two_organisers_never_overwrite_each_other(app: Flask, edition: Edition) -> None:
    make_terms(edition)
    for _ in range(ROUNDS):
        exhibitor = make_exhibitor(edition, status=ApplicationStatus.SUBMITTED)
        exhibitor_id, version = exhibitor.id, exhibitor.version

        def attempt(
            move: Move, actor: Identity, exhibitor_id: int = exhibitor_id, version: int = version
        ) -> str:
            try:
                decide(
                    Act(actor, NOW), exhibitor_id, version, OrganiserDecision(move, "Parce que.")
                )
            except StaleVersion:
                return "told"
            return "won"

        rows = race(
            app,
            [
                lambda: attempt(Move.PUT_ON_WAITING_LIST, FIRST),
                lambda: attempt(Move.REFUSE, SECOND),
            ],
        )

        assert sorted(rows) == ["told", "won"]
        assert len(decisions_of(exhibitor_id)) == 1


@pytest.mark.race
def test_without_the_guard_the_second_overwrites_the_first(app: Flask, edition: Edition) -> None:
    """The control: what is read before the lock is believed, and both think they decided."""
    make_terms(edition)
    exhibitor_id = make_exhibitor(edition, status=ApplicationStatus.SUBMITTED).id
    both_have_read = threading.Barrier(2)

    def attempt(move: Move, actor: Identity) -> str:
        status = current_session().scalar(
            select(Exhibitor.status).where(Exhibitor.id == exhibitor_id)
        )
        assert status is not None
        current_session().rollback()
        both_have_read.wait()
        target = check_move(status, move, ActorKind.ORGANISER, "Parce que.")
        with transaction() as session:
            session.execute(
                update(Exhibitor).where(Exhibitor.id == exhibitor_id).values(status=target)
            )
            write_entry(
                session, actor, action_named(f"exhibitor.{move}"), f"exhibitor:{exhibitor_id}"
            )
        return "won"

    rows = race(
        app,
        [lambda: attempt(Move.PUT_ON_WAITING_LIST, FIRST), lambda: attempt(Move.REFUSE, SECOND)],
    )

    assert rows == ["won", "won"]
    assert len(decisions_of(exhibitor_id)) == 2


@pytest.mark.race
def test_two_workers_let_an_offer_expire_once(app: Flask, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition, status=ApplicationStatus.OFFERED, offer_expires_at=NOW)

    rows = race(app, [lambda: expire_offers(NOW), lambda: expire_offers(NOW)])

    assert sorted(rows) == [0, 1]
    assert decisions_of(exhibitor.id) == ["exhibitor.let_offer_expire"]
