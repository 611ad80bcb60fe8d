"""Rows of the draft, publication and handing over, on both databases."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.mail.outbox import recent_messages
from salon.staffing.engine.shift_changes import planned_shift_of
from salon.staffing.models import Agent, ShiftOrigin, ShiftStatus
from salon.staffing.queries.rota import find_publication
from salon.staffing.rules import runs as publication_rules
from salon.staffing.rules import shifts as rules
from salon.staffing.services import publication as services
from salon.staffing.services.rows import NewRow, set_rows
from salon.staffing.services.settings import get_or_create_rota
from tests.factories import act_in
from tests.staffing.make import ORGANISER, Village, make_agent, make_village, publish, put, shifts
from tests.tables import each

pytestmark = pytest.mark.on_both


def spans(agent: Agent, status: ShiftStatus) -> list[tuple[datetime, datetime]]:
    return [(shift.starts_at, shift.ends_at) for shift in shifts(agent, status)]


def told(email: str) -> list[dict[str, Any]]:
    current_session().rollback()
    return [
        recent_message.context
        for recent_message in recent_messages(20, email)
        if recent_message.kind == "rota_changed"
    ]


@pytest.fixture
def staff(app: Flask, edition: Edition) -> tuple[Village, Agent]:
    village = make_village(edition)
    return village, make_agent(village)


@each(
    ("start", "end", "error"),
    [
        ((11, 0), (10, 0), rules.EndsBeforeStart),
        ((10, 0), (10, 0), rules.EndsBeforeStart),
        ((10, 15), (11, 0), rules.NotOnHalfHour),
        ((8, 0), (9, 0), rules.OutsideHours),
        ((17, 30), (18, 30), rules.OutsideHours),
    ],
)
def test_a_shift_is_made_of_half_hours_of_the_day(
    edition: Edition,
    staff: tuple[Village, Agent],
    start: tuple[int, int],
    end: tuple[int, int],
    error: type[Exception],
) -> None:
    village, agent = staff
    with pytest.raises(error):
        set_rows(
            act_in(edition, ORGANISER),
            [NewRow(agent.id, 1, [village.wanted("Département", start, end)])],
        )
    assert shifts(agent) == []


def test_a_row_that_overlaps_itself_is_refused(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = make_agent(village)
    row = [
        village.wanted("Département", (9, 0), (11, 0)),
        village.wanted("SDIS 34", (10, 30), (12, 0)),
    ]
    with pytest.raises(rules.AgentElsewhere):
        set_rows(act_in(edition, ORGANISER), [NewRow(agent.id, 1, row)])
    assert shifts(agent) == []


def test_rows_are_set_all_or_none(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    first_agent, other_agent = make_agent(village), make_agent(village)
    row = [village.wanted("Département", (9, 0), (11, 0))]
    with pytest.raises(rules.RowsChanged) as refusal:
        set_rows(
            act_in(edition, ORGANISER),
            [NewRow(first_agent.id, 1, row), NewRow(other_agent.id, 7, row)],
        )
    assert refusal.value.agent_ids == [other_agent.id]
    with pytest.raises(rules.NoSuchAgent):
        set_rows(
            act_in(edition, ORGANISER), [NewRow(first_agent.id, 1, row), NewRow(99_999, 1, row)]
        )
    with pytest.raises(rules.AgentOfAnotherBody):
        body_ids = [village.bodies["SDIS 34"].id]
        set_rows(act_in(edition, ORGANISER), [NewRow(first_agent.id, 1, row)], body_ids)
    assert shifts(first_agent) == shifts(other_agent) == []


def test_publishing_tells_each_agent_only_what_changes_for_them(
    app: Flask, edition: Edition
) -> None:
    village = make_village(edition)
    anna, bruno, carla = (
        make_agent(village, name=f"{text} Vidal") for text in ("Anna", "Bruno", "Carla")
    )
    morning = village.wanted("Département", (9, 0), (11, 0))
    for value in (anna, bruno, carla):
        put(village, value, morning)
    assert publish(village) == 1
    put(village, anna, village.wanted("Département", (9, 30), (11, 0)))
    put(village, bruno)
    assert publish(village, "Ajustement") == 2
    first, second = reversed(told(anna.email))
    assert [len(first[key]) for key in ("came", "moved", "went")] == [1, 0, 0]
    assert [len(second[key]) for key in ("came", "moved", "went")] == [0, 1, 0]
    assert second["moved"][0][0]["where"] == "Département, hall 3, stand V0"
    assert len(told(bruno.email)[0]["went"]) == 1
    assert len(told(carla.email)) == 1
    (shift,) = shifts(anna, ShiftStatus.PUBLISHED)
    assert (shift.sequence, shift.starts_at) == (1, village.at(9, 30))
    (withdrawn_shift,) = shifts(bruno, ShiftStatus.WITHDRAWN)
    assert withdrawn_shift.sequence == 1
    assert shifts(bruno, ShiftStatus.PUBLISHED) == []


def test_what_is_published_is_what_was_read(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = make_agent(village)
    with pytest.raises(publication_rules.NothingToPublish):
        publish(village)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    read = services.stamp_of(services.differences(edition))
    put(village, agent, village.wanted("Département", (9, 0), (12, 0)))
    with pytest.raises(publication_rules.DraftChanged):
        services.publish_rota(act_in(edition, ORGANISER), read, "")
    assert find_publication(edition) is None
    assert told(agent.email) == []


def test_a_shift_is_handed_over_in_both_layers(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    anna, bruno = make_agent(village), make_agent(village)
    put(
        village,
        anna,
        village.wanted("Département", (9, 0), (11, 0)),
        village.wanted("Département", (14, 0), (15, 0)),
    )
    publish(village)
    put(village, bruno, village.wanted("SDIS 34", (10, 30), (12, 0)))
    morning = shifts(anna, ShiftStatus.PUBLISHED)[0]
    current_session().refresh(anna)
    current_session().refresh(bruno)
    rota = get_or_create_rota(edition)
    with transaction(rota, anna, bruno) as session:
        version = services.new_publication(act_in(edition, ORGANISER), session, "Remplacement")
        give = services.Given(morning, bruno, planned_shift_of(morning))
        services.hand_over(Act(ORGANISER), session, version, [give], ShiftOrigin.STAND_IN)
    for status in (ShiftStatus.DRAFT, ShiftStatus.PUBLISHED):
        assert spans(anna, status) == [(village.at(14), village.at(15))]
    assert spans(bruno, ShiftStatus.PUBLISHED) == [(village.at(9), village.at(11))]
    assert spans(bruno, ShiftStatus.DRAFT) == [
        (village.at(9), village.at(11)),
        (village.at(11), village.at(12)),
    ]
    assert shifts(bruno, ShiftStatus.PUBLISHED)[0].origin == ShiftOrigin.STAND_IN
    assert len(told(anna.email)) == 2
    assert len(told(bruno.email)) == 1
