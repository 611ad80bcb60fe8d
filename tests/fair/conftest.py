"""A village and its organiser."""

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from tests.appointments.make import Fair, make_fair
from tests.factories import sign_in
from tests.pages import PageClient


@pytest.fixture
def fair(edition: Edition) -> Fair:
    return make_fair(edition, agents={"Département": 1, "Hérault THD": 0})


@pytest.fixture
def organiser(app: Flask, fair: Fair) -> PageClient:
    return sign_in(app, Role.ORGANISER)
