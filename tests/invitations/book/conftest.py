"""A territory whose communes are invited."""

import pytest
from flask import Flask

from salon.badges.services import load_department
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM
from tests.factories import make_edition


@pytest.fixture
def first(app: Flask) -> Edition:
    """Return the first edition of a territory whose 341 communes are loaded."""
    edition = make_edition()
    load_department(Act(SYSTEM), "34")
    return edition
