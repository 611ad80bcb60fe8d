"""The company search of these tests: a local server, never the State's."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from salon.exhibitors.models import ExhibitorTerms
from salon.fair.models import Edition
from salon.platform.settings.installation import Settings
from tests.conftest import settings_for
from tests.exhibitors.apply.company_server import CompanyServer, company_server
from tests.exhibitors.make import make_prices, make_terms
from tests.processes import PATIENCE_S


@pytest.fixture
def search() -> Iterator[CompanyServer]:
    with company_server() as server:
        yield server


@pytest.fixture
def patience_s() -> float:
    """Return how long the search is waited for; tests of a slow one have less."""
    return PATIENCE_S


@pytest.fixture
def settings(database: str, tmp_path: Path, search: CompanyServer, patience_s: float) -> Settings:
    return replace(
        settings_for(tmp_path, database),
        company_search_url=search.url,
        company_search_timeout=patience_s,
    )


@pytest.fixture
def terms(edition: Edition) -> ExhibitorTerms:
    """Return the terms of the edition, its price list beside them; applications are open."""
    make_prices(edition)
    return make_terms(edition)
