"""What is granted reaches the next quote and no issued document, with its trace."""

from decimal import Decimal

import pytest

from salon.billing.documents.sales_files import pdf_of
from salon.billing.models import SalesDocument, SalesKind
from salon.billing.queries.batches import Waiting, quote_amount
from salon.billing.queries.negotiation import negotiation_of
from salon.billing.queries.sales import prices_of
from salon.billing.rules import negotiation as grant_rules
from salon.billing.rules import sales as rules
from salon.billing.services.negotiation import EVERY_LINE, add_free_line, withdraw_grant
from salon.billing.services.prices import change_price, retire_price
from salon.billing.services.sales import issue, issue_credit_note
from salon.exhibitors.models import Exhibitor, PriceItem
from salon.exhibitors.queries.charges import granted_to, lines_for
from salon.exhibitors.services.prices import Price
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.journal import JournalEntry
from salon.platform.database.versions import StaleVersion
from tests.billing.closing.test_services import cancel, withdraw
from tests.billing.negotiation.make import REASON, SIGN, add_sign, cut, decision, grant
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop
from tests.factories import new_key


@pytest.fixture
def prices(edition: Edition) -> dict[str, PriceItem]:
    return {item.code: item for item in make_shop(edition)}


@pytest.fixture
def exhibitor(edition: Edition, prices: dict[str, PriceItem]) -> Exhibitor:
    return make_buyer(edition, {prices["repas"]: 2})


def charged(exhibitor: Exhibitor) -> dict[str, Decimal]:
    return {line.code: line.unit_price for line in lines_for(exhibitor)}


LISTED = {
    "m2": Decimal("120.00"),
    "angle": Decimal("180.00"),
    "elec-6": Decimal("210.00"),
    "eau": Decimal("190.00"),
    "co": Decimal("150.00"),
    "repas": Decimal("22.73"),
}


def issued(exhibitor: Exhibitor, kind: SalesKind) -> SalesDocument:
    return issue(Act(ORGANISER), exhibitor.id, kind)


def test_quote_order_and_invoice_say_the_old_price_and_not_the_reason(exhibitor: Exhibitor) -> None:
    assert charged(exhibitor) == LISTED
    grant(exhibitor, "angle", "90.00")
    add_sign(exhibitor)
    waiting = Waiting(exhibitor.id, exhibitor.name, 0)
    for kind in (SalesKind.QUOTE, SalesKind.ORDER, SalesKind.INVOICE):
        amount = quote_amount(waiting)
        document = issued(exhibitor, kind)
        labels = [line.label.replace("\u00a0", " ") for line in document.lines]
        assert labels[1] == "Angle, au lieu de 180,00 €"
        assert labels[-1] == "Enseigne"
        assert document.gross == amount
        assert REASON not in "".join(labels)


def test_a_stand_offered_to_a_sponsor_is_invoiced_at_nothing(
    exhibitor: Exhibitor, edition: Edition
) -> None:
    cut(exhibitor, EVERY_LINE, "100")
    invoice = make_invoice(exhibitor, edition)
    assert (invoice.net, invoice.vat, invoice.gross) == (0, 0, 0)
    assert {line.unit_price for line in invoice.lines} == {0}
    assert pdf_of(invoice, edition, None).startswith(b"%PDF")


def test_some_per_cent_off_every_line_never_raises_one(exhibitor: Exhibitor) -> None:
    grant(exhibitor, "angle", "10.00")
    cut(exhibitor, EVERY_LINE, "10")
    assert charged(exhibitor) == {
        "m2": Decimal("108.00"),
        "angle": Decimal("10.00"),
        "elec-6": Decimal("189.00"),
        "eau": Decimal("171.00"),
        "co": Decimal("135.00"),
        "repas": Decimal("20.46"),
    }
    with pytest.raises(grant_rules.NothingLowered):
        cut(exhibitor, EVERY_LINE, "5")


@pytest.mark.on_both
def test_a_grant_is_replaced_withdrawn_and_stays_listed(exhibitor: Exhibitor) -> None:
    first_id = grant(exhibitor, "angle", "90.00")
    second_id = grant(exhibitor, "angle", "100.00")
    assert charged(exhibitor)["angle"] == Decimal("100.00")
    with pytest.raises(grant_rules.GrantWithdrawn):
        withdraw_grant(Act(ORGANISER), exhibitor.id, first_id)
    withdraw_grant(Act(ORGANISER), exhibitor.id, second_id)
    sign_id = add_sign(exhibitor)
    withdraw_grant(Act(ORGANISER), exhibitor.id, sign_id)
    assert charged(exhibitor) == LISTED
    former = negotiation_of(exhibitor).former_grants
    assert [(row.id, row.reason, row.granted_by, row.withdrawn_by) for row in former] == [
        (row_id, REASON, ORGANISER.display_name, ORGANISER.display_name)
        for row_id in (first_id, second_id, sign_id)
    ]
    entries = current_session().query(JournalEntry).order_by(JournalEntry.id)
    entries = entries.filter(JournalEntry.action.startswith("price."))
    assert [(entry.action, entry.details["label"]) for entry in entries] == [
        ("price.negotiated", "Angle"),
        ("price.negotiated", "Angle"),
        ("price.grant_withdrawn", "Angle"),
        ("price.line_added", "Enseigne"),
        ("price.grant_withdrawn", "Enseigne"),
    ]
    assert entries.first().details["former"] == "180.00"


def test_an_order_and_an_invoice_keep_their_lines(exhibitor: Exhibitor, edition: Edition) -> None:
    issued(exhibitor, SalesKind.QUOTE)
    order = issued(exhibitor, SalesKind.ORDER)
    grant_id = grant(exhibitor, "angle", "0.00")
    assert order.lines[1].unit_price == Decimal("180.00")
    invoice = issued(exhibitor, SalesKind.INVOICE)
    assert invoice.gross == order.gross
    for act in (
        lambda: grant(exhibitor, "eau", "1.00"),
        lambda: withdraw_grant(Act(ORGANISER), exhibitor.id, grant_id),
    ):
        with pytest.raises(grant_rules.InvoiceKeepsPrices):
            act()
    withdraw_grant(Act(ORGANISER), exhibitor.id, add_sign(exhibitor))
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Erreur")
    assert issued(exhibitor, SalesKind.QUOTE).lines[1].unit_price == 0


def test_who_is_not_sold_anything_is_granted_nothing(
    exhibitor: Exhibitor, edition: Edition
) -> None:
    other_exhibitor = make_buyer(edition)
    withdraw(other_exhibitor)
    with pytest.raises(rules.NotAccepted):
        grant(other_exhibitor, "angle", "1.00")
    invoice = make_invoice(exhibitor, edition)
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Désistement", closes_sale=True)
    with pytest.raises(rules.SaleClosed):
        grant(exhibitor, "angle", "1.00")
    third_exhibitor = make_buyer(edition)
    cancel(edition)
    with pytest.raises(rules.NotAccepted):
        add_sign(third_exhibitor)
    assert not any(map(granted_to, (exhibitor.id, other_exhibitor.id, third_exhibitor.id)))


def test_a_form_is_sent_once_and_from_the_page_of_today(exhibitor: Exhibitor) -> None:
    sent = decision(exhibitor, new_key())
    for _ in range(2):
        add_free_line(Act(ORGANISER), exhibitor.id, SIGN, sent)
    assert len(granted_to(exhibitor.id)) == 1
    with pytest.raises(StaleVersion):
        add_free_line(Act(ORGANISER), exhibitor.id, SIGN, decision(exhibitor, stamp=sent.stamp))
    for code, price in (("elec-3", "1.00"), ("angle", "180.00"), ("angle", "180.01")):
        with pytest.raises(grant_rules.NothingLowered):
            grant(exhibitor, code, price)
    before = negotiation_of(exhibitor).stamp
    issued(exhibitor, SalesKind.QUOTE)
    assert negotiation_of(exhibitor).stamp != before


def test_a_grant_follows_its_price_and_waits_for_its_line(
    exhibitor: Exhibitor, edition: Edition, prices: dict[str, PriceItem]
) -> None:
    for code in ("angle", "repas"):
        grant(exhibitor, code, "15.00")
    issued(exhibitor, SalesKind.QUOTE)
    corner = Price("angle", "Angle", prices["angle"].unit, Decimal(200), Decimal(20))
    change_price(Act(ORGANISER), prices["angle"].id, corner)
    assert prices["angle"].retired_at is not None, "used, so replaced"
    retire_price(Act(ORGANISER), prices["repas"].id)
    lines = {line.label.replace("\u00a0", " "): line.unit_price for line in lines_for(exhibitor)}
    assert lines["Angle, au lieu de 200,00 €"] == Decimal("15.00")
    assert lines["Déjeuner, au lieu de 22,73 €"] == Decimal("15.00")
    with transaction(exhibitor):
        exhibitor.wants_corner = False
    assert [row.label for row in negotiation_of(exhibitor).idle_grants] == ["Angle"]
    assert "angle" not in charged(exhibitor)
    cheaper = next(item for item in prices_of(edition) if item.code == "angle")
    free_corner = Price("angle", "Angle", cheaper.unit, Decimal(10), Decimal(20))
    with transaction(exhibitor):
        exhibitor.wants_corner = True
    change_price(Act(ORGANISER), cheaper.id, free_corner)
    assert charged(exhibitor)["angle"] == Decimal("10.00"), "the list has become as low"
