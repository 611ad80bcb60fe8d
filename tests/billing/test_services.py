"""Quotes, orders and invoices, on real databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from salon.billing.documents.sales_mentions import due_words
from salon.billing.models import NumberSeries, SalesDocument, SalesKind, SalesLine
from salon.billing.queries.sales import get_document, prices_of
from salon.billing.rules import sales as rules
from salon.billing.services.billing import Billing, accept_quote, record_service_done, save_billing
from salon.billing.services.prices import add_price, change_price, retire_price
from salon.billing.services.sales import issue, issue_credit_note
from salon.exhibitors.models import Exhibitor, PriceItem, WantedOption
from salon.exhibitors.queries.charges import lines_for
from salon.exhibitors.queries.exhibitors import terms_of
from salon.exhibitors.services.prices import Price
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.journal import entries
from salon.platform.database.versions import StaleVersion
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import local, now
from salon.platform.words.errors import RuleBroken
from tests.billing.sales import (
    EXHIBITOR,
    ORGANISER,
    TOWN,
    fair_day,
    make_buyer,
    make_invoice,
    make_shop,
    make_town,
)
from tests.exhibitors.make import make_hall, make_stand
from tests.factories import act_in
from tests.tables import each


@pytest.mark.on_both
def test_an_issued_document_never_changes(edition: Edition) -> None:
    items = {item.code: item for item in make_shop(edition)}
    exhibitor = make_buyer(edition, {items["repas"]: 3})
    quote = issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    before = (quote.net, quote.vat, quote.gross)
    assert before == (Decimal("1878.19"), Decimal("368.82"), Decimal("2247.01"))
    lunch = items["repas"]
    dearer = Price("repas", "Déjeuner", lunch.unit, Decimal("30"), Decimal("10"))
    replacing = change_price(Act(ORGANISER), lunch.id, dearer)
    assert replacing.id != lunch.id
    assert current_session().get_one(PriceItem, lunch.id).retired_at is not None
    assert current_session().scalars(select(WantedOption.price_item_id)).one() == replacing.id
    current_session().expire_all()
    assert [line.net for line in lines_for(exhibitor)][-1] == Decimal("90.00")
    save_billing(Act(EXHIBITOR), exhibitor.id, 0, Billing("Ailleurs", "2 rue", "34000", "Sète"))
    order = issue(Act(ORGANISER), exhibitor.id, SalesKind.ORDER)
    current_session().expire_all()
    assert (order.net, order.vat, order.gross) == before
    sale = get_document(quote.id)
    assert (sale.net, sale.vat, sale.gross) == before
    assert sale.buyer["city"] == "Béziers"
    assert order.buyer["city"] == "Sète"


@pytest.mark.on_both
def test_an_unused_price_changes_in_place_and_a_code_is_given_once(edition: Edition) -> None:
    items = {item.code: item for item in make_shop(edition)}
    badge = items["badge"]
    cheaper = Price("autre", "Badge", badge.unit, Decimal("10"), Decimal("20"), extra_badges=1)
    assert change_price(Act(ORGANISER), badge.id, cheaper).id == badge.id
    assert badge.code == "badge"
    with pytest.raises(RuleBroken, match="code badge"):
        add_price(
            act_in(edition, ORGANISER), Price("badge", "B", badge.unit, Decimal(1), Decimal(20))
        )
    retire_price(Act(ORGANISER), badge.id)
    with pytest.raises(rules.PriceRetired):
        change_price(Act(ORGANISER), badge.id, cheaper)
    with pytest.raises(rules.PriceRetired):
        retire_price(Act(ORGANISER), badge.id)
    assert badge.id not in {price.id for price in prices_of(edition)}
    add_price(act_in(edition, ORGANISER), Price("badge", "B", badge.unit, Decimal(1), Decimal(20)))


@pytest.mark.on_both
def test_the_price_follows_the_stand(edition: Edition) -> None:
    make_shop(edition)
    hall = make_hall(edition)
    corner = make_stand(hall, x=10, y=10, category="premium")
    exhibitor = make_buyer(edition, stand=corner, wants_corner=False)
    assert [line.code for line in lines_for(exhibitor)][:2] == ["m2-premium", "angle"]


@pytest.mark.on_both
def test_a_quote_needs_its_seller_its_prices_and_an_accepted_exhibitor(edition: Edition) -> None:
    exhibitor = make_buyer(edition)
    with pytest.raises(rules.SellerIncomplete):
        issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    from tests.exhibitors.make import make_prices, make_terms

    make_terms(edition)
    with pytest.raises(rules.NothingToSell):
        issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    make_prices(edition)
    waiting = make_buyer(edition, status="waiting")
    with pytest.raises(rules.NotAccepted):
        issue(Act(ORGANISER), waiting.id, SalesKind.QUOTE)
    with pytest.raises(rules.BuyerIncomplete):
        issue(Act(ORGANISER), make_buyer(edition, city="").id, SalesKind.QUOTE)
    assert current_session().scalar(select(func.count()).select_from(SalesDocument)) == 0
    assert current_session().scalar(select(func.count()).select_from(NumberSeries)) == 0


@pytest.mark.on_both
def test_vat_is_charged_with_a_number_and_with_it_only(edition: Edition) -> None:
    prices = make_shop(edition)
    exhibitor = make_buyer(edition)
    terms = terms_of(edition)
    registered = dict(terms.seller)
    with transaction():
        terms.seller = {**registered, "vat_number": ""}
    with pytest.raises(rules.VatRefused, match="passez les prix"):
        issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    with transaction():
        for item in prices:
            item.vat_rate = Decimal(0)
    assert issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE).vat == 0
    with transaction():
        terms.seller = registered
    with pytest.raises(rules.VatRefused, match="une exonération"):
        issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)


@pytest.fixture
def invoice(edition: Edition) -> SalesDocument:
    make_shop(edition)
    return make_invoice(make_buyer(edition), edition)


@pytest.mark.on_both
@each(
    ("model", "change"),
    [
        (SalesDocument, {"gross": Decimal(1)}),
        (SalesDocument, {"reference": "F-1"}),
        (SalesDocument, {"buyer": {"name": "Un autre"}}),
        (SalesLine, {"label": "Autre chose"}),
    ],
)
def test_the_model_itself_refuses_to_change_what_was_issued(
    invoice: SalesDocument, model: type, change: dict[str, object]
) -> None:
    row = current_session().scalars(select(model).order_by(model.id.desc())).first()
    name, value = next(iter(change.items()))
    before = getattr(row, name)
    with pytest.raises(RuntimeError, match="was issued"), transaction():
        setattr(row, name, value)
    assert getattr(row, name) == before


@pytest.mark.on_both
def test_agreement_names_who_and_when(edition: Edition) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition)
    old = issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    last = issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    with pytest.raises(rules.QuoteChanged):
        accept_quote(Act(EXHIBITOR), exhibitor.id, old.id, "Élise Cabanel")
    late = now() + timedelta(days=rules.QUOTE_DAYS + 1)
    with pytest.raises(rules.QuoteExpired):
        accept_quote(Act(EXHIBITOR, late), exhibitor.id, last.id, "Élise Cabanel")
    order = accept_quote(Act(EXHIBITOR), exhibitor.id, last.id, "Élise Cabanel")
    assert order.created_by == "Élise Cabanel"
    entry = current_session().scalars(entries("sales.order")).one()
    assert entry.details["signed_by"] == "Élise Cabanel"
    assert entry.actor == EXHIBITOR.key
    with pytest.raises(rules.AlreadyOrdered):
        accept_quote(Act(EXHIBITOR), exhibitor.id, last.id, "Élise Cabanel")
    with pytest.raises(rules.AlreadyOrdered):
        issue(Act(ORGANISER), exhibitor.id, SalesKind.ORDER)


@pytest.mark.on_both
def test_a_public_buyer_orders_with_its_reference_and_is_invoiced_after_service(
    edition: Edition,
) -> None:
    make_shop(edition)
    town = make_buyer(edition, kind="public_body")
    issue(Act(ORGANISER), town.id, SalesKind.QUOTE)
    with pytest.raises(rules.ReferenceMissing):
        issue(Act(ORGANISER), town.id, SalesKind.ORDER)
    details = Billing("Ville", "1 place", "34300", "Agde", purchase_order="BC 12")
    saved = save_billing(Act(EXHIBITOR), town.id, 0, details)
    order = issue(Act(ORGANISER), town.id, SalesKind.ORDER)
    assert order.purchase_order == "BC 12"
    with pytest.raises(rules.ServiceNotDone):
        issue(Act(ORGANISER), town.id, SalesKind.INVOICE)
    day, later = fair_day(edition), now() + timedelta(days=3)
    with pytest.raises(rules.ServiceTooEarly):
        record_service_done(Act(ORGANISER, later), order.id, day - timedelta(days=1))
    with pytest.raises(rules.ServiceInFuture):
        record_service_done(Act(ORGANISER, now() - timedelta(days=1)), order.id, day)
    record_service_done(Act(ORGANISER, later), order.id, day)
    with pytest.raises(rules.ServiceAlreadyDone):
        record_service_done(Act(ORGANISER, later), order.id, day)
    with pytest.raises(rules.BuyerSiretMissing):
        issue(Act(ORGANISER, later), town.id, SalesKind.INVOICE)
    save_billing(Act(EXHIBITOR), town.id, saved.version, replace(details, siret=TOWN["siret"]))
    invoice = issue(Act(ORGANISER, later), town.id, SalesKind.INVOICE)
    assert invoice.service_done_on == day
    assert invoice.due_on == local(later).date() + timedelta(days=30)
    private = make_buyer(edition)
    issue(Act(ORGANISER), private.id, SalesKind.QUOTE)
    other_sale = issue(Act(ORGANISER), private.id, SalesKind.ORDER)
    with pytest.raises(rules.NotPublicBuyer):
        record_service_done(Act(ORGANISER, later), other_sale.id, day)


@pytest.mark.parametrize("number", ["x" * 51, "a\u200b\x07b", "a\ud800", " a", "a\n"])
def test_references_are_checked_for_form(edition: Edition, number: str) -> None:
    make_shop(edition)
    town = make_buyer(edition, kind="public_body")
    details = Billing("Ville", "1 place", "34300", "Agde", engagement_number=number)
    with pytest.raises(rules.ReferenceRefused):
        save_billing(Act(EXHIBITOR), town.id, 0, details)


@pytest.mark.on_both
def test_two_people_on_the_billing_details(edition: Edition) -> None:
    exhibitor = make_buyer(edition)
    details = Billing("Ville", "1 place", "34300", "Agde")
    assert save_billing(Act(EXHIBITOR), exhibitor.id, 0, details).version == 1
    with pytest.raises(StaleVersion):
        save_billing(Act(EXHIBITOR), exhibitor.id, 0, details)
    other_billing = Billing("Mairie", "1 place", "34300", "Agde")
    assert save_billing(Act(EXHIBITOR), exhibitor.id, 1, other_billing).version == 2


def test_an_invoice_of_new_year_s_night_is_of_the_year_begun_in_paris(edition: Edition) -> None:
    make_shop(edition)
    night = datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)
    old, new = (
        make_invoice(make_buyer(edition, siret=""), edition, at)
        for at in (night, night + timedelta(seconds=1))
    )
    assert (old.reference, old.issued_on) == ("F-2026-0001", date(2026, 12, 31))
    assert (new.reference, new.issued_on) == ("F-2027-0001", date(2027, 1, 1))
    assert new.due_on is not None
    assert new.due_on - new.issued_on == old.due_on - old.issued_on


@pytest.mark.on_both
def test_each_document_is_told_to_the_billing_contact(edition: Edition) -> None:
    make_shop(edition)
    town: Exhibitor = make_town(edition, email="finances@ville.example")
    invoice = make_invoice(town, edition)
    issue_credit_note(Act(ORGANISER, now() + timedelta(days=4)), invoice.id, None, "Reporté")
    messages = current_session().scalars(select(Message).order_by(Message.id)).all()
    kinds = ["quote_ready", "order_confirmed", "invoice_issued", "credit_note_issued"]
    assert [message.kind for message in messages] == kinds
    assert {message.recipient for message in messages} == {"finances@ville.example"}
    assert messages[-1].context["invoice"] == invoice.reference
    for message in messages:
        subject, body = words_of(message)
        assert subject
        assert str(message.context["reference"]) in body
        assert f"/mon-stand/{town.id}/facturation" in body
    assert "service fait" in words_of(messages[1])[1]
    assert "mandat administratif" in words_of(messages[2])[1]


def test_an_invoice_of_nothing_asks_for_nothing(edition: Edition) -> None:
    for item in make_shop(edition):
        with transaction():
            item.unit_price = Decimal(0)
    invoice = make_invoice(make_buyer(edition, email="contact@exposant.example"), edition)
    assert invoice.gross == 0
    _, body = words_of(current_session().scalars(select(Message).order_by(Message.id)).all()[-1])
    assert "Rien n’est à régler." in body
    assert "à régler au plus tard" not in body
    assert "IBAN" not in body
    assert due_words(invoice) == "Rien n’est à régler."
