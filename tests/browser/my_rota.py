"""An agent's page in the demonstration, for the tests of a phone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import Page, Request, expect

from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import now
from salon.staffing.models import Agent, Shift, ShiftStatus
from salon.staffing.queries.rota import shifts_of
from salon.staffing.services.publication import (
    differences,
    planned_shift_of,
    publish_rota,
    stamp_of,
)
from salon.staffing.services.rows import NewRow, set_rows
from salon.village_day.services.day import undo_mark
from tests.browser.conftest import LiveServer, change_moment, enter
from tests.factories import act_in
from tests.staffing.make import find_agent_by_email

STRIP = "#bandeau"
CARD = ".now:not([hidden])"
ARRIVE = re.compile("^Je suis arrivée")


def open_rota(page: Page, moment: str = "10 h 30") -> None:
    """Agnès opens her page at a moment of the demonstration, and the phone has kept it."""
    enter(page, "Entrer comme agent")
    change_moment(page, moment)
    page.goto("/planning")
    expect(page.locator("#sans-reseau")).to_be_visible()


@contextmanager
def inside(server: LiveServer) -> Iterator[tuple[Edition, Agent]]:
    """The application on the server's data, and Agnès."""
    with server.application():
        edition = get_public_edition()
        agent = find_agent_by_email(edition, "agent@salon34.example")
        assert agent is not None
        yield edition, agent


def present_shift(edition: Edition, agent: Agent) -> Shift:
    shifts = shifts_of(edition, ShiftStatus.PUBLISHED, [agent.id])
    return next(shift for shift in shifts if shift.starts_at <= now() < shift.ends_at)


def open_before_arriving(page: Page, server: LiveServer) -> None:
    """As open_rota, when Agnès, who is expected since 10 h, has not said that she is there."""
    enter(page, "Entrer comme agent")
    change_moment(page, "10 h 30")
    with inside(server) as (edition, agent):
        shift = present_shift(edition, agent)
        if shift.arrived_at is not None:
            undo_mark(Act(SYSTEM), shift.id)
    page.goto("/planning")
    expect(page.locator("#sans-reseau")).to_be_visible()


def is_noted(server: LiveServer) -> bool:
    """Whether Agnès is noted arrived where she is expected now."""
    with inside(server) as (edition, agent):
        return present_shift(edition, agent).arrived_at is not None


def arrival_calls(page: Page) -> list[Request]:
    """The arrivals that the page sends from now on."""
    requests: list[Request] = []
    page.on(
        "request", lambda item: requests.append(item) if item.url.endswith("/arrivee") else None
    )
    return requests


def caches(page: Page) -> list[str]:
    return list(page.evaluate("() => caches.keys()"))


def shorten_the_day(server: LiveServer) -> None:
    """Version 2: the last shift of Agnès goes, the one before begins half an hour later."""
    with inside(server) as (edition, agent):
        planned_shifts = [
            planned_shift_of(shift) for shift in shifts_of(edition, ShiftStatus.DRAFT, [agent.id])
        ]
        *first, before, _ = planned_shifts
        later = replace(before, starts_at=before.starts_at + timedelta(minutes=30))
        row = NewRow(agent.id, agent.rota_version, [*first, later])
        set_rows(act_in(edition, SYSTEM), [row])
        publish_rota(act_in(edition, SYSTEM), stamp_of(differences(edition)), "")
