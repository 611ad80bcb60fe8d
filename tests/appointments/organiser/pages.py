"""Clients of the organisers' pages of appointments, and readers of these pages."""

import re
from typing import Any

import pytest
from flask import Flask

from salon.platform.database.act import Act
from salon.platform.database.identity import Role
from salon.staffing.models import Agent, ShiftStatus
from salon.village_day.services.day import note_absence
from tests.appointments.make import Fair
from tests.factories import latest_code, set_time, sign_in
from tests.pages import PageClient
from tests.staffing.make import ORGANISER, make_agent, shifts

BOARD = "/organisation/rendez-vous"
RESCUE = f"{BOARD}/sauvetage"


def go_to(monkeypatch: pytest.MonkeyPatch, fair: Fair, hour: int, minute: int = 0) -> None:
    """The pages are read at a time of the fair's first day."""
    moment = fair.at(hour, minute)
    set_time(
        monkeypatch,
        moment,
        *(f"salon.appointments.routes.{module}" for module in ("organiser", "why")),
    )


def organiser_of(app: Flask) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def coordinator_of(app: Flask, fair: Fair, body: str, **person: Any) -> PageClient:
    """Signed in as who coordinates a body (or, with `is_coordinator` False, is its agent)."""
    person.setdefault("is_coordinator", True)
    agent = make_agent(fair.village, body=body, account=True, **person)
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.fill("/connexion", email=agent.email)
    client.fill("/connexion/code", code=latest_code(agent.email))
    return client


def fall_ill(agent: Agent, fair: Fair) -> None:
    """All the agent's shifts are noted absent, at 8:50."""
    for shift in shifts(agent, ShiftStatus.PUBLISHED):
        note_absence(Act(ORGANISER, fair.at(8, 50)), shift.id)


def page_of(client: PageClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return spaced(answer.get_data(as_text=True))


def spaced(page: str) -> str:
    """Return the page with plain spaces."""
    return page.replace("\u00a0", " ").replace("&nbsp;", " ")


def hidden(page: str, action: str = "") -> dict[str, str]:
    """Return the hidden fields of the form that posts to `action`, else of the first that posts."""
    expected_text = f'action="{action}"' if action else 'method="post"'
    start = page.index(expected_text, page.index("<main"))
    part = page[start : page.index("</form>", start)]
    names = "csrf_token|submission_key|stamp|version"
    return dict(re.findall(rf'name="({names})"[^>]*value="([^"]*)"', part))
