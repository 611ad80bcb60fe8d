"""An organiser signed in at a fair that sells."""

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from tests.billing.sales import make_shop
from tests.factories import sign_in
from tests.pages import PageClient


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    make_shop(edition)
    return sign_in(app, Role.ORGANISER)
