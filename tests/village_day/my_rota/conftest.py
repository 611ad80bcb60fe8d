"""Agnès, an agent of the village, is signed in."""

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from salon.staffing.models import (
    Agent,
)
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.make import Village, make_agent, make_village
from tests.village_day.my_rota.pages import BOTH

MAIL = "agnes@herault.example"


@pytest.fixture
def village(edition: Edition) -> Village:
    return make_village(edition)


@pytest.fixture
def client(app: Flask, village: Village) -> PageClient:
    return sign_in(app, Role.AGENT, MAIL)


@pytest.fixture
def agnes(client: PageClient, village: Village) -> Agent:
    """Return the agent who is signed in."""
    return make_agent(village, name="Agnès Roqueblave", stands=BOTH, email=MAIL, account=True)
