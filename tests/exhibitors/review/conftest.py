"""An organiser before the terms of an edition."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from salon.exhibitors.models import (
    ExhibitorTerms,
)
from salon.fair.models import Edition
from salon.platform.database.db import transaction
from salon.platform.database.identity import Role
from salon.platform.settings.clock import now
from tests.exhibitors.make import (
    make_terms,
)
from tests.factories import sign_in
from tests.pages import PageClient


@pytest.fixture
def terms(edition: Edition) -> ExhibitorTerms:
    day = datetime.now().astimezone() - timedelta(days=40)
    return make_terms(
        edition, applications_open_at=day - timedelta(days=20), applications_close_at=day
    )


@pytest.fixture
def organiser(app: Flask, terms: ExhibitorTerms) -> PageClient:
    return sign_in(app, Role.ORGANISER)


@pytest.fixture
def open_terms(terms: ExhibitorTerms) -> ExhibitorTerms:
    with transaction(terms):
        terms.applications_close_at = now() + timedelta(hours=2)
    return terms
