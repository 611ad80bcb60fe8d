"""The stored PDF of sales documents: a person is erased, the books are ten years old."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.billing.jobs import store_papers
from salon.billing.models import SalesDocument, SalesKind, SalesLine, SalesPaper
from salon.billing.queries.sales import sales_of
from salon.billing.services.pavilion import gather_members
from salon.billing.services.sales import issue
from salon.dashboard.services import erasure, purge
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.files.uploads import upload
from salon.platform.settings.clock import now, real_now
from salon.platform.web.access import settings
from tests.billing.readers import text_of
from tests.billing.sales import make_buyer, make_invoice, make_shop


@pytest.fixture
def exhibitor(app: Flask, edition: Edition) -> Exhibitor:
    """Return an exhibitor whose order its contact signed, and whose papers are stored."""
    make_shop(edition)
    exhibitor = make_buyer(edition)
    make_invoice(exhibitor, edition)
    store_papers(settings().file_store, now())
    return exhibitor


def stored(exhibitor: Exhibitor) -> dict[SalesKind, bytes]:
    """Return the stored PDF of each document of an exhibitor."""
    current_session().expire_all()
    papers = select(SalesDocument.kind, SalesPaper.stored_name).join(
        SalesPaper, SalesPaper.document_id == SalesDocument.id
    )
    of_exhibitor = papers.where(SalesDocument.exhibitor_id == exhibitor.id)
    store = settings().file_store
    return {
        kind: store.read(upload(name)) for kind, name in current_session().execute(of_exhibitor)
    }


def files() -> int:
    return len(list((settings().data / "uploads").iterdir()))


def test_a_person_who_is_erased_leaves_the_stored_order(exhibitor: Exhibitor) -> None:
    before = stored(exhibitor)
    assert "Élise Cabanel" in text_of(before[SalesKind.ORDER])
    store = settings().file_store
    erasure.erase_contact(Act(SYSTEM), exhibitor.contacts[0].id, store, real_now())
    kept = {SalesKind.QUOTE, SalesKind.INVOICE}
    assert {kind: before[kind] for kind in kept} == stored(exhibitor)
    assert files() == len(kept)
    assert store_papers(store, now()) == 1
    assert "Cabanel" not in text_of(stored(exhibitor)[SalesKind.ORDER])


def test_papers_are_destroyed_with_their_buyer_and_stored_no_more(exhibitor: Exhibitor) -> None:
    member = make_buyer(exhibitor.edition)
    gather_members(Act(SYSTEM), exhibitor.id, [member.id])
    issue(Act(SYSTEM), exhibitor.id, SalesKind.QUOTE)
    named = select(func.count()).where(SalesLine.beneficiary != "")
    assert current_session().scalar(named) == 5
    year = sales_of(exhibitor.id)[0].issued_on.year
    purge.purge(Act(SYSTEM, datetime(year + 10, 12, 30, tzinfo=UTC)), real_now(), dry_run=False)
    assert len(stored(exhibitor)) == files() == 3
    purge.purge(Act(SYSTEM, datetime(year + 11, 1, 1, tzinfo=UTC)), real_now(), dry_run=False)
    assert (stored(exhibitor), files()) == ({}, 0)
    assert store_papers(settings().file_store, now()) == 0
    assert current_session().scalar(named) == 0
