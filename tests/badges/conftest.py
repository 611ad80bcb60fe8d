"""Signed-in clients for the pages of badges."""

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from tests.factories import sign_in
from tests.pages import PageClient


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)
