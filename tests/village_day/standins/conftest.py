"""The village of the tests, and who is signed in."""

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.staffing.models import (
    Agent,
)
from tests.pages import PageClient
from tests.staffing.make import Village, make_village
from tests.village_day.standins.pages import signed_in


@pytest.fixture
def village(edition: Edition) -> Village:
    return make_village(edition)


@pytest.fixture
def anna(app: Flask, village: Village) -> tuple[Agent, PageClient]:
    return signed_in(app, village, "Anna Ardouane")


@pytest.fixture
def bruno(app: Flask, village: Village) -> tuple[Agent, PageClient]:
    return signed_in(app, village, "Bruno Boussagues")
