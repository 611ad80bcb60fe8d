"""A fair whose communes are written to, and the organiser who writes."""

from datetime import timedelta

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local, now
from tests.factories import make_edition, make_places, sign_in
from tests.mailings.audiences.make import write_in_book
from tests.pages import PageClient


@pytest.fixture
def fair(app: Flask) -> Edition:
    """Return a fair in 40 days; three communes have an address in the book."""
    edition = make_edition(
        day=local(now()).date() + timedelta(days=40),
        registration_closes_at=now() + timedelta(days=39),
    )
    make_places()
    write_in_book("34032", "34160", "34092")
    return edition


@pytest.fixture
def organiser(app: Flask, fair: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)
