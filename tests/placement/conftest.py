"""The hall of the tests, and the organiser."""

import pytest
from flask import Flask

from salon.fair.models import Edition, Hall
from salon.platform.database.identity import Role
from tests.exhibitors.make import make_hall
from tests.factories import sign_in
from tests.pages import PageClient


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


@pytest.fixture
def hall(edition: Edition) -> Hall:
    return make_hall(edition, name="A", width=30, depth=20)
