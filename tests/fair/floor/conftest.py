"""An organiser, and a hall with three stands."""

import pytest
from flask import Flask

from salon.fair.models import Edition, Hall
from salon.platform.database.identity import Role
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import sign_in
from tests.pages import PageClient


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


@pytest.fixture
def hall(edition: Edition) -> Hall:
    """Stands 1, 2, 3 in a row; an exhibitor on 2."""
    hall = make_hall(edition, name="2")
    stands = [make_stand(hall, number=str(n), x=3 * n, y=3) for n in (1, 2, 3)]
    make_exhibitor(edition, stand=stands[1], name="Lumières de l’Agly", slug="lumieres")
    return hall
