"""The stand, the badge and who is signed in."""

import pytest
from flask import Flask

from salon.badges.models import Badge
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.database.identity import Role
from tests.exhibitors.make import make_exhibitor
from tests.factories import sign_in
from tests.leads.make import (
    make_witness,
)
from tests.leads.pages import STAND_EMAIL
from tests.pages import PageClient


@pytest.fixture
def exhibitor(app: Flask, edition: Edition) -> Exhibitor:
    return make_exhibitor(edition, email=STAND_EMAIL, legal_name="SAS Biterrois Lumière")


@pytest.fixture
def badge(app: Flask, edition: Edition) -> Badge:
    return make_witness(edition)


@pytest.fixture
def stand(app: Flask, exhibitor: Exhibitor) -> PageClient:
    """Return the browser of somebody of the stand."""
    return sign_in(app, Role.EXHIBITOR, STAND_EMAIL)
