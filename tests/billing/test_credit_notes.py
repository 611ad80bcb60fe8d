"""Credit notes of parts make their invoice to the cent, in net, VAT and gross, rate by rate."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.billing.engine.issued_lines import columns_of, credited_totals, totals_of
from salon.billing.models import SalesDocument, SalesLine
from salon.billing.queries.sales import get_document
from salon.billing.services.sales import issue_credit_note
from salon.exhibitors.engine.pricing import PricedLine, Totals, totals
from salon.exhibitors.models import PriceUnit
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from tests.billing.readers import amount, pdf_of, text_of, xml_in
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop

RATES = ("20.00", "10.00", "5.50", "2.10", "0.00")
LINES = st.lists(
    st.tuples(st.integers(1, 30_000), st.sampled_from(RATES), st.integers(0, 4)),
    min_size=1,
    max_size=12,
)


def line_of(cents: int, rate: str) -> PricedLine:
    net = Decimal(cents) / 100
    return PricedLine("A", "Ligne", PriceUnit.OPTION, Decimal(1), net, Decimal(rate), net)


def note_of(lines: list[PricedLine], total: Totals) -> SalesDocument:
    """Return a credit note as it is read from the database."""
    vat_by_rate = {str(rate): str(vat) for rate, _, vat in total.by_rate}
    note = SalesDocument(net=total.net, vat=total.vat, gross=total.gross, vat_by_rate=vat_by_rate)
    note.lines = [SalesLine(**columns_of(line)) for line in lines]
    return note


@given(LINES)
def test_the_notes_of_an_invoice_make_it_rate_by_rate(
    drawn: list[tuple[int, str, int]],
) -> None:
    whole = [line_of(cents, rate) for cents, rate, _ in drawn]
    invoice = totals(whole)
    document = note_of(whole, invoice)
    notes: list[SalesDocument] = []
    by_rate: Counter[Decimal] = Counter()
    for rank in sorted({rank for _, _, rank in drawn}):
        lines = [line_of(cents, rate) for cents, rate, note in drawn if note == rank]
        total = credited_totals(lines, document, notes)
        assert total.net + total.vat == total.gross
        for rate, base, vat in total.by_rate:
            alone = (base * rate / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert vat >= 0
            assert abs(vat - alone) <= Decimal("0.01")
            by_rate[rate] += vat
        notes.append(note_of(lines, total))
    assert by_rate == Counter({rate: vat for rate, _, vat in invoice.by_rate})
    assert sum(note.gross for note in notes) == invoice.gross


@pytest.mark.on_both
def test_the_last_note_of_an_invoice_absorbs_the_cent(edition: Edition) -> None:
    """Each line alone would have 0.01 € of VAT, and all of them 0.03 €."""
    items = {item.code: item for item in make_shop(edition)}
    with transaction() as session:
        for item in items.values():
            session.merge(item).unit_price = Decimal("0.03")
    invoice = get_document(make_invoice(make_buyer(edition), edition).id)
    assert len(invoice.lines) == 5
    notes = []
    for line in invoice.lines:
        note = issue_credit_note(Act(ORGANISER), invoice.id, [line.rank], "Ligne à ligne")
        notes.append(get_document(note.id))
    for name in ("net", "vat", "gross"):
        assert sum(getattr(note, name) for note in notes) == getattr(invoice, name), name
    assert notes[-1].cancels_id == invoice.id
    assert any(note.vat_by_rate for note in notes)
    for note in notes:
        root = xml_in(pdf_of(note, edition))
        assert amount(root, "TaxTotalAmount[@currencyID='EUR']") == note.vat
        assert [vat for _, _, vat in totals_of(note).by_rate] == [note.vat]


def test_a_credit_note_says_why_it_was_issued(edition: Edition) -> None:
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition)
    note = issue_credit_note(Act(ORGANISER), invoice.id, [2], "Angle perdu au plan définitif")
    assert "Motif Angle perdu au plan définitif" in text_of(pdf_of(note, edition))
