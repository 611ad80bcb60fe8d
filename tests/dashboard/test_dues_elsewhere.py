"""What other editions are still owed is said on the overview, to who may read their money."""

from datetime import timedelta

import pytest
from flask import Flask

from salon.fair.models import Edition, EditionState
from salon.platform.database.db import transaction
from salon.platform.database.identity import Domain
from tests.accounts.test_rights import colleague, give
from tests.billing.pages import text_of
from tests.billing.sales import make_buyer, make_invoice, make_shop
from tests.factories import make_edition
from tests.pages import PageClient

COLLEAGUE = "collegue@herault.example"
OVERVIEW = "/organisation"
PAGE = "/e/2019/organisation/facturation/echeances"


@pytest.fixture
def former(edition: Edition) -> Edition:
    day = edition.days[0].day_on - timedelta(days=2)
    former = make_edition(slug="2019", name="Salon de 2019", day=day, is_current=False)
    make_shop(former)
    make_invoice(make_buyer(former), former)
    return former


def treasurer_of(app: Flask, *editions: Edition) -> PageClient:
    treasurer = colleague(app, editions[0], Domain.MONEY)
    for edition in editions[1:]:
        give(COLLEAGUE, edition, Domain.MONEY)
    return treasurer


def test_the_dues_of_another_edition_lead_to_their_page(
    app: Flask, edition: Edition, former: Edition
) -> None:
    treasurer = treasurer_of(app, edition, former)
    page = text_of(treasurer, OVERVIEW)
    assert f'href="{PAGE}"' in page
    assert "1 facture à encaisser, Salon de 2019" in page
    assert "2 172,00 € d’une autre édition." in page
    assert treasurer.get(PAGE).status_code == 200


def test_they_are_told_to_nobody_else(app: Flask, edition: Edition, former: Edition) -> None:
    here_only = treasurer_of(app, edition)
    give(COLLEAGUE, former, Domain.FAIR)
    assert PAGE not in text_of(here_only, OVERVIEW)


def test_a_closed_edition_is_over(app: Flask, edition: Edition, former: Edition) -> None:
    with transaction(former):
        former.state = EditionState.CLOSED
    treasurer = treasurer_of(app, edition, former)
    assert PAGE not in text_of(treasurer, OVERVIEW)
