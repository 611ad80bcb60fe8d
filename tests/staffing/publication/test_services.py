"""Reminders and the idempotency of a publication, on both databases, with an injected clock."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session, transaction
from salon.platform.mail import outbox
from salon.platform.mail.outbox import LAPSES_AT, Message
from salon.platform.settings.clock import paris
from salon.staffing.models import Agent, ShiftStatus
from salon.staffing.queries.rota import publications_of
from salon.staffing.services.publication import differences, publish_rota, stamp_of
from salon.staffing.services.reminders import post_rota_reminders
from tests.factories import act_in, new_key
from tests.races import race
from tests.staffing.make import ORGANISER, Village, make_agent, make_village, publish, put, shifts

MINUTE = timedelta(minutes=1)


def told(kind: str) -> list[Message]:
    current_session().rollback()
    messages = current_session().query(Message).filter_by(kind=kind).order_by(Message.id)
    return messages.all()


def put_and_publish(village: Village, agent: Agent) -> None:
    put(
        village,
        agent,
        village.wanted("Département", (9, 0), (11, 0)),
        village.wanted("SDIS 34", (14, 0), (15, 30)),
    )
    publish(village)


def eve(village: Village, hour: int, minute: int = 0) -> datetime:
    eve_on = village.edition.days[0].day_on - timedelta(days=1)
    return paris(eve_on, time(hour, minute))


@pytest.mark.on_both
def test_the_evening_before_each_agent_is_told_once(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent, idle = make_agent(village, name="Léa Vidal"), make_agent(village)
    put_and_publish(village, agent)
    put(village, idle, village.wanted("Hérault THD", (9, 0), (10, 0)))
    assert post_rota_reminders(eve(village, 17, 59)) == 0
    assert post_rota_reminders(eve(village, 18)) == 1
    assert post_rota_reminders(eve(village, 18, 1)) == 0
    assert post_rota_reminders(eve(village, 23, 59)) == 0
    (message,) = told("shift_tomorrow")
    assert message.recipient == agent.email
    assert [shift["where"] for shift in message.context["shifts"]] == [
        "Département, hall 3, stand V0",
        "SDIS 34, hall 3, stand V2",
    ]


def test_nobody_is_told_of_tomorrow_in_the_night_nor_the_day_after(
    app: Flask, edition: Edition
) -> None:
    village = make_village(edition)
    put_and_publish(village, make_agent(village))
    for at in (village.at(0, 1), village.at(6), village.at(19), eve(village, 19) - timedelta(1)):
        assert post_rota_reminders(at) == 0


def test_a_shift_is_recalled_once_a_quarter_of_an_hour_before(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = make_agent(village)
    put_and_publish(village, agent)
    assert post_rota_reminders(village.at(8, 44)) == 0
    assert post_rota_reminders(village.at(8, 45)) == 1
    assert post_rota_reminders(village.at(8, 46)) == 0
    assert post_rota_reminders(village.at(13, 50)) == 1
    first, second = told("shift_soon")
    assert (first.recipient, first.urgent) == (agent.email, True)
    assert first.context["shift"]["where"] == "Département, hall 3, stand V0"
    assert second.context["shift"]["from"] == "14\u00a0h"
    lapses = [message.context[LAPSES_AT] for message in (first, second)]
    assert lapses == [village.at(9).isoformat(), village.at(14).isoformat()]


def test_a_shift_that_began_is_not_recalled(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    put_and_publish(village, make_agent(village))
    for late in (village.at(9), village.at(9, 1), village.at(14)):
        assert post_rota_reminders(late) == 0


def test_who_came_and_who_is_withdrawn_are_not_recalled(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    came, absent, freed = (make_agent(village) for _ in range(3))
    for agent in (came, absent, freed):
        put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    publish(village)
    put(village, freed)
    publish(village)
    (published_shift,) = shifts(came, ShiftStatus.PUBLISHED)
    (missing,) = shifts(absent, ShiftStatus.PUBLISHED)
    with transaction(published_shift, missing):
        published_shift.arrived_at = village.at(8, 40)
        missing.absent_at = village.at(8, 40)
    assert post_rota_reminders(village.at(8, 50)) == 0


@pytest.mark.on_both
def test_a_shift_that_moves_after_its_reminder_is_recalled_anew(
    app: Flask, edition: Edition
) -> None:
    village = make_village(edition)
    agent = make_agent(village)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    publish(village)
    assert post_rota_reminders(village.at(8, 50)) == 1
    put(village, agent, village.wanted("Département", (9, 30), (11, 0)))
    publish(village)
    assert post_rota_reminders(village.at(9, 16)) == 1
    assert len(told("shift_soon")) == 2


def test_the_draft_is_recalled_to_nobody(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    put(village, make_agent(village), village.wanted("Département", (9, 0), (11, 0)))
    assert post_rota_reminders(village.at(8, 50)) == 0
    assert post_rota_reminders(eve(village, 20)) == 0


@pytest.mark.race
def test_two_workers_send_each_reminder_once(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agents = [make_agent(village) for _ in range(12)]
    for agent in agents:
        put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    publish(village)
    evening, soon = eve(village, 18), village.at(8, 45)

    def at(moment: datetime) -> Callable[[], int]:
        return lambda: post_rota_reminders(moment)

    assert sum(race(app, [at(evening), at(evening)])) == 12
    assert sum(race(app, [at(soon), at(soon)])) == 12
    for kind in ("shift_tomorrow", "shift_soon"):
        assert sorted(message.recipient for message in told(kind)) == sorted(
            agent.email for agent in agents
        )


@pytest.mark.race
def test_a_form_sent_twice_publishes_once(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = make_agent(village)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    stamp, key = stamp_of(differences(edition)), new_key()

    def call() -> int:
        edition = get_public_edition()
        return publish_rota(act_in(edition, ORGANISER), stamp, "", key).number

    assert race(app, [call, call]) == [1, 1]
    assert call() == 1
    assert len(publications_of(edition)) == 1
    assert len(outbox.recent_messages(9, agent.email)) == 1
