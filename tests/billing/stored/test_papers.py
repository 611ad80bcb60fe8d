"""The PDF of a document is stored once, and stays the same for whoever asks later."""

import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from salon.billing.jobs import PAPERS_AT_ONCE, store_papers
from salon.billing.models import SalesDocument, SalesPaper
from salon.fair.models import Edition, EditionState
from salon.platform.database.db import current_session, transaction
from salon.platform.files.uploads import upload
from salon.platform.settings.clock import now
from salon.platform.web.access import settings
from salon.stored_files import named_files
from tests.billing.readers import text_of
from tests.billing.sales import make_buyer, make_invoice, make_shop
from tests.factories import make_edition
from tests.pages import PageClient


@pytest.fixture
def invoice(organiser: PageClient, edition: Edition) -> SalesDocument:
    return make_invoice(make_buyer(edition), edition)


def downloaded(client: PageClient, document: SalesDocument) -> bytes:
    return client.get(f"/organisation/facturation/pieces/{document.id}.pdf").get_data()


def paper_of(document: SalesDocument) -> SalesPaper:
    return current_session().get_one(SalesPaper, document.id)


@pytest.mark.on_both
def test_each_document_is_stored_once(organiser: PageClient, invoice: SalesDocument) -> None:
    store = settings().file_store
    assert store_papers(store, now()) == 3
    assert store_papers(store, now()) == 0
    paper = paper_of(invoice)
    content = store.read(upload(paper.stored_name))
    assert hashlib.sha256(content).hexdigest() == paper.sha256
    assert downloaded(organiser, invoice) == content
    assert invoice.reference in text_of(content)
    assert paper.stored_name in named_files()


def store_as_worded_then(invoice: SalesDocument) -> bytes:
    """Store documents, this one with other words than those of today; return its content."""
    content = b"%PDF-1.7 as it was worded then"
    store_papers(settings().file_store, now())
    with transaction(paper := paper_of(invoice)):
        paper.sha256 = hashlib.sha256(content).hexdigest()
    (settings().data / upload(paper.stored_name)).write_bytes(content)
    return content


def test_what_is_downloaded_is_what_was_stored(
    organiser: PageClient, invoice: SalesDocument
) -> None:
    content = store_as_worded_then(invoice)
    assert downloaded(organiser, invoice) == content


def test_the_archive_of_a_year_has_the_stored_files_of_each_edition(
    organiser: PageClient, edition: Edition
) -> None:
    former = make_edition(day=edition.days[0].day_on - timedelta(days=2), is_current=False)
    make_shop(former)
    invoice = make_invoice(make_buyer(former), former)
    content, year = store_as_worded_then(invoice), invoice.issued_on.year
    name = f"facture-{invoice.reference}.pdf"
    current_session().expunge_all()  # as for each request of a server
    packed = organiser.get(f"/organisation/facturation/comptabilite/{year}/pieces.zip").get_data()
    with zipfile.ZipFile(io.BytesIO(packed)) as papers:
        assert papers.read(name) == content


def test_a_file_that_changed_is_not_served(
    organiser: PageClient, invoice: SalesDocument, caplog: pytest.LogCaptureFixture
) -> None:
    store_papers(settings().file_store, now())
    path = settings().data / upload(paper_of(invoice).stored_name)
    path.write_bytes(path.read_bytes() + b"%")
    content = downloaded(organiser, invoice)
    assert content.startswith(b"%PDF-")
    assert not content.endswith(b"%")
    assert f"the stored file of {invoice.reference} has changed" in caplog.text


def test_a_file_that_is_lost_is_drawn(
    organiser: PageClient, invoice: SalesDocument, caplog: pytest.LogCaptureFixture
) -> None:
    store_papers(settings().file_store, now())
    (settings().data / upload(paper_of(invoice).stored_name)).unlink()
    assert downloaded(organiser, invoice).startswith(b"%PDF-")
    assert f"the stored file of {invoice.reference} is not read" in caplog.text


def test_a_closed_edition_is_stored_too(invoice: SalesDocument, edition: Edition) -> None:
    with transaction(edition):
        edition.state, edition.is_current = EditionState.CLOSED, None
    assert store_papers(settings().file_store, now()) == 3


def test_a_paper_stored_meanwhile_stays(
    invoice: SalesDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers draw the same documents: the second finds the row of the first."""
    store = settings().file_store
    save = store.save

    def save_after_the_other(name: str, content: object) -> None:
        monkeypatch.setattr(store, "save", save)
        assert store_papers(store, now()) == 3
        save(name, content)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "save", save_after_the_other)
    assert store_papers(store, now()) == 3
    names = set(current_session().scalars(select(SalesPaper.stored_name)))
    assert {path.name for path in (settings().data / "uploads").iterdir()} >= names
    stored = [path for path in (settings().data / "uploads").iterdir() if path.suffix == ".pdf"]
    assert len(stored) == len(names) == 3
    assert current_session().scalar(select(func.count()).select_from(SalesPaper)) < PAPERS_AT_ONCE
