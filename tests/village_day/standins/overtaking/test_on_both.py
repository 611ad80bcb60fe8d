"""A stand-in says yes while the coordinator publishes another rota, on both databases."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, update

from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.words.errors import RuleBroken
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.models import Agent, Shift, ShiftStatus, StandIn, StandInStatus
from salon.staffing.services.publication import differences, publish_rota, stamp_of
from salon.village_day.services.standins import take_shift
from tests.factories import act_in
from tests.races import ROUNDS, race
from tests.staffing.make import ORGANISER, Village, put
from tests.village_day.standins.made import (
    MORNING,
    as_agent,
    asks_of,
    at,
    fresh,
    give,
    make_team,
    open_for,
    published,
)

pytestmark = pytest.mark.race


def answer_of(call: Callable[[], object], word: str) -> Callable[[], str]:
    def answer() -> str:
        try:
            call()
        except RuleBroken as refusal:
            return type(refusal).__name__
        return word

    return answer


def move_in_the_draft(village: Village, agent: Agent) -> None:
    """The draft says half an hour later."""
    shift = published(agent)[0]
    later = timedelta(minutes=30)
    put(
        village, agent, PlannedShift(shift.stand_id, shift.starts_at + later, shift.ends_at + later)
    )


def publish_draft(now: datetime) -> None:
    edition = get_public_edition()
    publish_rota(act_in(edition, ORGANISER, now), stamp_of(differences(edition)), "")


def are_apart(agent: Agent, other_agent: Agent) -> bool:
    """Return whether no published hours of one are hours of the other, on the stand of both."""
    return not any(
        own_shift.starts_at < other_shift.ends_at and other_shift.starts_at < own_shift.ends_at
        for own_shift in published(agent)
        for other_shift in published(other_agent)
    )


def test_a_yes_and_a_publication_at_once_leave_one_holder(app: Flask, edition: Edition) -> None:
    village, (anna, bruno) = make_team(edition, "Anna A", "Bruno B")
    now = at(village, 9, before=10)
    outcomes: Counter[tuple[str, str]] = Counter()
    for _ in range(ROUNDS):
        put(village, bruno)
        (shift,) = give(village, anna, MORNING)
        stand_in = open_for(village, shift, now)
        (ask_id,) = [ask.id for ask in asks_of(stand_in) if ask.agent_id == bruno.id]
        move_in_the_draft(village, anna)
        actor = as_agent(bruno)
        yes, published_or_not = race(
            app,
            [
                answer_of(
                    lambda ask_id=ask_id, chosen_actor=actor: take_shift(
                        Act(chosen_actor, now), ask_id
                    ),
                    "taken",
                ),
                answer_of(lambda: publish_draft(now), "published"),
            ],
        )
        outcomes[yes, published_or_not] += 1
        status = fresh(stand_in).status
        assert status == (StandInStatus.TAKEN if yes == "taken" else StandInStatus.CLOSED)
        assert len(published(bruno)) == (yes == "taken")
        assert are_apart(anna, bruno)
        with transaction() as session:
            left = update(StandIn).where(StandIn.status == StandInStatus.OPEN)
            session.execute(left.values(status=StandInStatus.WITHDRAWN))
    assert all("taken" in pair or "published" in pair for pair in outcomes), outcomes


def test_without_the_lock_two_hold_the_shift(app: Flask, edition: Edition) -> None:
    """The control: the yes reads that the shift is looked for, the rota is published, then the yes
    is written as it was read."""
    village, (anna, bruno) = make_team(edition, "Anna A", "Bruno B")
    now = at(village, 9, before=10)
    (shift,) = give(village, anna, MORNING)
    stand_in = open_for(village, shift, now)
    row = {
        name: getattr(shift, name)
        for name in ("edition_id", "stand_id", "starts_at", "ends_at", "is_locked", "sequence")
    }
    assert fresh(stand_in).is_open
    move_in_the_draft(village, anna)
    publish_draft(now)
    current_session().rollback()
    with transaction() as session:
        kinds = {"status": ShiftStatus.PUBLISHED, "origin": "stand_in", "noted_by": ""}
        taken = {**row, **kinds, "agent_id": bruno.id, "uid": "control"}
        session.execute(insert(Shift).values(**taken))
    assert not are_apart(anna, bruno)
