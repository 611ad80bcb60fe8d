"""The pages of documents issued together: batches, progress, what is held back."""

import pytest
from flask import Flask

from salon.billing.models import SalesKind
from salon.billing.queries.sales import sales_of
from salon.billing.routes import batches
from salon.billing.services.sales import issue
from salon.fair.models import Edition
from salon.platform.database.identity import Role
from salon.platform.settings.clock import now
from tests.billing.sales import ORGANISER, make_buyer, make_shop, make_town
from tests.factories import sign_in

PLACE = "/organisation/facturation/ensemble"


def test_batches_go_on_to_the_last(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    make_shop(edition)
    organiser = sign_in(app, Role.ORGANISER)
    assert "Aucun devis à établir" in organiser.get(f"{PLACE}/devis").text
    buyers = [make_buyer(edition) for _ in range(3)]
    assert "3\u00a0devis à établir" in organiser.get(f"{PLACE}/devis").text
    page = organiser.fill(f"{PLACE}/devis", after="0", done="0", total="0").text
    assert "2 sur 3" in page
    assert "Continuer" in page
    fields = {"after": str(buyers[1].id), "done": "2", "total": "3"}
    page = organiser.fill(f"{PLACE}/devis", **fields).text
    assert "3\u00a0devis établis" in page
    assert "Continuer" not in page
    assert [len(sales_of(buyer.id)) for buyer in buyers] == [1, 1, 1]
    make_buyer(edition)
    assert organiser.fill(f"{PLACE}/devis", after="x").status_code == 400


def test_public_buyers_wait_for_their_service(app: Flask, edition: Edition) -> None:
    make_shop(edition)
    town = make_town(edition)
    issue(town.id, SalesKind.QUOTE, ORGANISER, now())
    issue(town.id, SalesKind.ORDER, ORGANISER, now())
    organiser = sign_in(app, Role.ORGANISER)
    page = organiser.get(f"{PLACE}/factures").text
    assert "attend son service fait" in page
    assert "Aucune facture à établir" in page
    done = "/organisation/facturation/service-fait"
    for day in ("9999-12-31", "2021-02-30", "", f"{edition.days[0].day_on}"):
        answer = organiser.fill(f"{PLACE}/factures", done, done_on=day)
        assert answer.status_code == 400, day
    assert sales_of(town.id)[0].service_done_on is None
