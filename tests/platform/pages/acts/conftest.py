"""A fair some days ahead: what concerns today is not held."""

from datetime import timedelta

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.settings.clock import local, now
from tests.factories import make_edition, make_places


@pytest.fixture
def edition(app: Flask) -> Edition:
    make_places()
    return make_edition(day=local(now()).date() + timedelta(days=3))
