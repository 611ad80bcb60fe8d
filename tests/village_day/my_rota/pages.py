"""Steps and readers of the tests of an agent's page."""

from datetime import datetime, timedelta
from html import unescape

from salon.platform.database.db import transaction
from salon.platform.settings.clock import now
from salon.staffing.models import (
    Agent,
    Shift,
    ShiftStatus,
)
from tests.days import open_day
from tests.pages import PageClient
from tests.staffing.make import Village, put, shifts

BOTH = ("Département", "Hérault THD")


def words_of(client: PageClient) -> str:
    answer = client.get("/planning")
    assert answer.status_code == 200
    return unescape(answer.text).replace("\u00a0", " ").replace("<b>", "").replace("</b>", "")


def hours(village: Village, agent: Agent, *spans: tuple[str, int, int]) -> None:
    put(village, agent, *(village.wanted(body, (a, 0), (b, 0)) for body, a, b in spans))


def published(agent: Agent) -> list[Shift]:
    return shifts(agent, ShiftStatus.PUBLISHED)


def hold(agent: Agent, before: timedelta, lasts: timedelta) -> Shift:
    """Return the agent's first published shift, moved so that it starts `before` from now."""
    (shift,) = published(agent)
    starts_at: datetime = now() + before
    with transaction(shift) as session:
        open_day(session, shift.edition_id, starts_at)
        shift.starts_at, shift.ends_at = starts_at, starts_at + lasts
    return shift
