"""Consents and readings given at the same moment."""

import threading
from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError

from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.leads.models import Lead, LeadConsent, LeadReading
from salon.leads.models.labels import Field, Purpose
from salon.leads.services.following import take_file
from salon.leads.services.reading import ReadItem, record_readings
from salon.leads.services.sharing import change_consents
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from tests.exhibitors.make import make_exhibitor
from tests.leads.counts import count
from tests.leads.make import (
    AT,
    EMAIL_ALONE,
    LATER,
    STAND,
    VISITOR,
    WHOLE,
    fresh,
    give,
    item,
    live,
    make_witness,
    read,
)
from tests.races import ROUNDS, race

# --- Races ---------------------------------------------------------------------------------------


@pytest.mark.race
def test_two_tabs_choose_at_once_and_one_consent_is_live(app: Flask, edition: Edition) -> None:
    lead = read(make_exhibitor(edition), make_witness(edition))
    number = lead.id

    def tick(fields: frozenset[Field]) -> None:
        change_consents(
            Act(VISITOR, AT), current_session().get_one(Lead, number), {Purpose.FOLLOW_UP: fields}
        )

    for _ in range(ROUNDS):
        give(fresh(number), {})
        race(app, [partial(tick, value) for value in (WHOLE, EMAIL_ALONE)])
        assert list(live(lead)) == ["follow_up"]


def _unguarded(number: int, all_have_read: threading.Barrier) -> str:
    """The control: whether one is live is read before, and nothing is locked."""
    live_id = current_session().scalar(
        select(LeadConsent.id).where(
            LeadConsent.lead_id == number, LeadConsent.withdrawn_at.is_(None)
        )
    )
    all_have_read.wait()
    if live_id is not None:
        return "there"
    row = {"purpose": "news", "fields": ["email"], "text_version": "1", "given_at": AT}
    try:
        with transaction() as session:
            session.add(LeadConsent(lead_id=number, **row))
    except IntegrityError:
        return "refused"
    return "written"


@pytest.mark.race
@pytest.mark.parametrize("is_guarded", [True, False])
def test_without_the_lock_the_database_alone_refuses_the_second(
    app: Flask, edition: Edition, is_guarded: bool
) -> None:
    lead = read(make_exhibitor(edition), make_witness(edition))
    number, index = lead.id, LeadConsent.__table__.indexes  # type: ignore[attr-defined]
    unique = next(item for item in index if item.name == "uq_lead_consents_live")
    if not is_guarded:
        with transaction() as session:
            session.execute(text("DROP INDEX uq_lead_consents_live"))
    all_have_read = threading.Barrier(2)
    try:
        outcomes = race(app, [lambda: _unguarded(number, all_have_read)] * 2)
        current_session().rollback()
        standing = current_session().scalar(
            select(func.count()).where(LeadConsent.withdrawn_at.is_(None))
        )
        with transaction() as session:
            session.execute(delete(LeadConsent))
    finally:
        if not is_guarded:
            with transaction() as session:
                unique.create(session.connection())
    assert sorted(outcomes) == ["refused" if is_guarded else "written", "written"]
    assert standing == (1 if is_guarded else 2)


@pytest.mark.race
def test_a_file_taken_while_one_withdraws_obeys_or_is_told(app: Flask, edition: Edition) -> None:
    """Either the file is without them, or it was taken before and their page says so."""
    exhibitor = make_exhibitor(edition)
    lead = read(exhibitor, make_witness(edition))
    number, stand = lead.id, exhibitor.id
    for turn in range(ROUNDS):
        at = LATER + timedelta(minutes=turn)
        give(fresh(number), now=at)

        def withdraw(at: datetime = at) -> None:
            change_consents(
                Act(VISITOR, at + timedelta(seconds=30)),
                current_session().get_one(Lead, number),
                {},
            )

        def take(at: datetime = at) -> bool:
            own_exhibitor = current_session().get_one(Exhibitor, stand)
            return (
                take_file(Act(STAND, at), own_exhibitor, Purpose.FOLLOW_UP, "csv")[0].person
                is not None
            )

        _, was_in_it = race(app, [withdraw, take])
        assert (fresh(number).downloaded_at == at) is was_in_it


@pytest.mark.race
def test_two_phones_of_a_stand_read_one_visitor(app: Flask, edition: Edition) -> None:
    stand = make_exhibitor(edition).id
    badges = [make_witness(edition, first_name=name) for name in ("Anna", "Berthe")]
    for turn in range(1, ROUNDS + 1):
        batches = [[item(badge) for badge in badges], [item(badge) for badge in badges[::-1]]]

        def send(batch: list[ReadItem]) -> None:
            record_readings(Act(STAND, AT), current_session().get_one(Exhibitor, stand), batch)

        race(app, [partial(send, batch) for batch in batches])
        assert (count(Lead), count(LeadReading)) == (2, 4 * turn)
