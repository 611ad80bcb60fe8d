"""A fair that is open whatever the hour is."""

from datetime import time

import pytest
from flask import Flask

from salon.platform.database.db import transaction
from salon.platform.settings.clock import local, now
from tests.appointments.make import Fair, make_fair
from tests.factories import make_edition, make_places


@pytest.fixture
def fair(app: Flask) -> Fair:
    """Two agents at the Département, one theme; the fair is open now."""
    make_places()
    edition = make_edition(day=local(now()).date())
    with transaction() as session:
        day = session.merge(edition.days[0])
        day.opens, day.closes = time(0, 0), time(23, 59, 59)
    return make_fair(edition)
