"""A stand of the village on the day, and the browser of its agent."""

import pytest
from flask import Flask

from tests.appointments.agents.made import as_agent, go_to, make_day
from tests.appointments.make import Fair
from tests.factories import make_places
from tests.pages import PageClient


@pytest.fixture
def fair(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Fair:
    """Two bodies with an agent each, at 10:10 on the day."""
    make_places()
    fair = make_day(agents={"Département": 1, "SDIS 34": 1})
    go_to(monkeypatch, fair, 10, 10)
    return fair


@pytest.fixture
def client(app: Flask, fair: Fair) -> PageClient:
    """The Département's agent."""
    return as_agent(app, fair.agents["Département"][0])
