"""A village, its organiser and one who coordinates."""

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.agents.pages import as_agent
from tests.staffing.make import Village, make_village


@pytest.fixture
def village(app: Flask, edition: Edition) -> Village:
    return make_village(edition)


@pytest.fixture
def organiser(app: Flask, village: Village) -> PageClient:
    return sign_in(app, Role.ORGANISER, "organisation@herault.example")


@pytest.fixture
def coordinator(app: Flask, village: Village) -> PageClient:
    client, _ = as_agent(
        app, village, "chef@thd.example", body="Hérault THD", is_coordinator=True, name="Léa Chef"
    )
    return client
