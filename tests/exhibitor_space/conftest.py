"""The stand of the tests, who is signed in, and how its files are read."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from salon.exhibitors.models import (
    Exhibitor,
)
from salon.fair.models import Edition
from salon.platform.database.identity import Role
from tests.commands import own_files
from tests.exhibitor_space.pages import ELISE
from tests.exhibitor_space.records import (
    LAST_TASKS,
)
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms
from tests.factories import make_edition, make_places, sign_in
from tests.pages import PageClient


@pytest.fixture(autouse=True)
def files_read_here() -> Iterator[None]:
    """Read files without a process for each: what it is bounded by is tested where it is."""
    with own_files():
        yield


@pytest.fixture
def exhibitor(edition: Edition) -> Exhibitor:
    """Return an accepted exhibitor on stand 23 of hall 2, and the terms."""
    make_terms(edition)
    stand = make_stand(make_hall(edition, name="2"), number="23")
    return make_exhibitor(edition, name="Éclairage du Biterrois", email=ELISE, stand=stand)


@pytest.fixture
def elise(app: Flask, exhibitor: Exhibitor) -> PageClient:
    """Signed in as the contact of `exhibitor`."""
    return sign_in(app, Role.EXHIBITOR, ELISE)


@pytest.fixture
def organiser(app: Flask, exhibitor: Exhibitor) -> PageClient:
    return sign_in(app, Role.ORGANISER)


@pytest.fixture
def autumn(app: Flask) -> Edition:
    """Return a fair on 1 October 2026, whose logo and contract are due on 17 September."""
    make_places()
    edition = make_edition(day=date(2026, 10, 1))
    make_terms(edition, deadlines=LAST_TASKS)
    return edition
