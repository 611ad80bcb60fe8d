"""Exhibitors billed together: one sale, each line once, whoever asks and whenever."""

from collections import Counter
from decimal import Decimal

import pytest

from salon.billing.documents.accounting_files import fec_lines
from salon.billing.documents.sales_files import xml_of
from salon.billing.engine.agreements import OnlineSignature
from salon.billing.engine.ledger import SaleStep, sales_file_of
from salon.billing.models import SalesDocument, SalesKind
from salon.billing.queries.accounting import books_of
from salon.billing.queries.batches import waiting_for
from salon.billing.queries.buyers import lines_in_excess, lines_to_quote
from salon.billing.queries.ledger import MoneyFilter, figures_of, money_page
from salon.billing.queries.pavilion import members_of, payer_of
from salon.billing.queries.sales import find_document, sales_of
from salon.billing.rules.invoices import NothingToAdd
from salon.billing.rules.negotiation import InvoiceKeepsPrices
from salon.billing.rules.pavilion import (
    BilledToPayer,
    MemberInvoiced,
    MemberLeft,
    NotAPayer,
    PaidByAnother,
)
from salon.billing.rules.sales import NotAccepted, SaleClosed
from salon.billing.services.closing import close_sale, reopen_sale
from salon.billing.services.pavilion import change_payer, gather_members
from salon.billing.services.sales import issue, issue_credit_note
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.journal import entries
from salon.platform.database.versions import StaleVersion
from salon.platform.settings.clock import local, now
from tests.billing.negotiation.make import add_sign, cut
from tests.billing.readers import pdf_of, text_of
from tests.billing.sales import EXHIBITOR, ORGANISER, make_buyer, make_invoice, make_shop
from tests.billing.schematron import broken_rules
from tests.exhibitors.make import make_exhibitor

GROSS = Decimal("2172.00")
"""Of what each buyer pays by itself."""
TODAY = local(now()).date()


def attach(member: Exhibitor, payer: Exhibitor | None, former: Exhibitor | None = None) -> None:
    ids = (row.id if row else None for row in (payer, former))
    change_payer(Act(ORGANISER), member.id, *ids)


def order_of(payer: Exhibitor) -> SalesDocument:
    issue(Act(ORGANISER), payer.id, SalesKind.QUOTE)
    return issue(
        Act(EXHIBITOR), payer.id, SalesKind.ORDER, agreement=OnlineSignature("Élise Cabanel")
    )


def invoice_of(payer: Exhibitor) -> SalesDocument:
    order_of(payer)
    return issue(Act(ORGANISER), payer.id, SalesKind.INVOICE)


@pytest.fixture
def pavilion(edition: Edition) -> tuple[Exhibitor, Exhibitor, Exhibitor]:
    """Return the leader, without floor, and two members for whom it pays."""
    make_shop(edition)
    leader = make_exhibitor(edition, name="Région Occitanie", area=0)
    members = [make_buyer(edition, name=name) for name in ("Atelier Vert", "Bâti Sud")]
    gather_members(Act(ORGANISER), leader.id, [member.id for member in members])
    return leader, members[0], members[1]


def test_the_payer_that_it_has_is_chosen_again_without_effect(
    pavilion: tuple[Exhibitor, Exhibitor, Exhibitor],
) -> None:
    leader, member, _ = pavilion
    invoice_of(leader)
    of_member = entries(subject=f"exhibitor:{member.id}")
    written = current_session().scalars(of_member).all()
    attach(member, leader, leader)
    assert payer_of(member) is leader
    assert current_session().scalars(of_member).all() == written


def test_one_invoice_names_each_member_and_the_books_know_one_customer(
    edition: Edition, pavilion: tuple[Exhibitor, Exhibitor, Exhibitor]
) -> None:
    leader, first, second = pavilion
    invoice = invoice_of(leader)
    assert invoice.gross == 2 * GROSS
    assert Counter(line.exhibitor_id for line in invoice.lines) == {first.id: 5, second.id: 5}
    label = "Bâti Sud\u00a0: Angle"
    assert label in [line.full_label for line in invoice.lines]
    xml = xml_of(invoice, edition, find_document(invoice.from_id))
    assert label in xml.decode()
    assert broken_rules(xml) == []
    assert "Bâti Sud : Angle" in text_of(pdf_of(invoice, edition))
    for member in (first, second):
        assert not sales_of(member.id)
        assert lines_to_quote(member, sales_file_of([])) == []
    books = books_of([edition.id])
    lines = [line.split("\t") for line in fec_lines(books.entries)][1:]
    assert {line[6] for line in lines if line[4] == "411000"} == {f"EXP{leader.id:05d}"}
    with pytest.raises(NothingToAdd):
        issue(Act(ORGANISER), leader.id, SalesKind.QUOTE)
    note = issue_credit_note(Act(ORGANISER), invoice.id, [invoice.lines[0].rank], "Rendu")
    assert broken_rules(xml_of(note, edition, invoice)) == []


def test_a_member_sells_nothing_by_itself(
    edition: Edition, pavilion: tuple[Exhibitor, Exhibitor, Exhibitor]
) -> None:
    leader, member, _ = pavilion
    for kind in (SalesKind.QUOTE, SalesKind.ORDER, SalesKind.INVOICE):
        with pytest.raises(PaidByAnother, match="Région Occitanie"):
            issue(Act(ORGANISER), member.id, kind)
    with pytest.raises(PaidByAnother):
        reopen_sale(Act(ORGANISER), member.id)
    waiting = [row.exhibitor_id for row in waiting_for(edition, SalesKind.QUOTE, TODAY)]
    assert waiting == [leader.id]
    rows = money_page(edition, MoneyFilter(step=SaleStep.CLOSED.value), TODAY).items
    assert [row.sale.payer.name for row, _, _ in rows] == [leader.name] * 2


def test_an_order_of_the_member_itself_is_never_invoiced_but_comes_back(edition: Edition) -> None:
    """The leader agrees to the member's lines; without it, the member's own order stands again."""
    make_shop(edition)
    leader, member = make_buyer(edition), make_buyer(edition)
    own_order = order_of(member)
    attach(member, leader)
    with pytest.raises(PaidByAnother):
        issue(Act(ORGANISER), member.id, SalesKind.INVOICE, last_read_id=own_order.id)
    attach(member, None, leader)
    assert issue(Act(ORGANISER), member.id, SalesKind.INVOICE).from_id == own_order.id
    with pytest.raises(MemberInvoiced):
        attach(member, leader)


def test_joining_and_leaving_ask_the_leader_to_agree_again(edition: Edition) -> None:
    make_shop(edition)
    leader, member = make_buyer(edition), make_buyer(edition, name="Atelier Vert")
    order = order_of(leader)
    attach(member, leader)
    assert issue(Act(ORGANISER), leader.id, SalesKind.QUOTE).gross == 2 * GROSS
    both = issue(
        Act(EXHIBITOR), leader.id, SalesKind.ORDER, agreement=OnlineSignature("Élise Cabanel")
    )
    assert both.gross == order.gross * 2
    attach(member, None, leader)
    with pytest.raises(MemberLeft, match="Atelier Vert"):
        issue(Act(ORGANISER), leader.id, SalesKind.INVOICE)
    assert invoice_of(leader).gross == GROSS
    assert invoice_of(member).gross == GROSS


def test_who_is_billed_stays_until_a_credit_note_takes_its_lines_back(
    pavilion: tuple[Exhibitor, Exhibitor, Exhibitor],
) -> None:
    leader, member, other = pavilion
    invoice = invoice_of(leader)
    with pytest.raises(BilledToPayer, match=invoice.reference):
        attach(member, None, leader)
    with pytest.raises(InvoiceKeepsPrices):
        cut(member, "", "50")
    ranks = [line.rank for line in invoice.lines if line.exhibitor_id == member.id]
    note = issue_credit_note(Act(ORGANISER), invoice.id, ranks, "À part")
    assert {line.exhibitor_id for line in note.lines} == {member.id}
    attach(member, None, leader)
    assert invoice_of(member).gross == GROSS
    assert members_of(leader) == [other]


def test_a_late_member_is_a_complement_and_a_withdrawn_one_a_credit(
    edition: Edition, pavilion: tuple[Exhibitor, Exhibitor, Exhibitor]
) -> None:
    leader, member, _ = pavilion
    invoice_of(leader)
    late = make_buyer(edition, name="Cuisines Roux")
    attach(late, leader)
    cut(late, "", "50")
    add_sign(late)
    complement = invoice_of(leader)
    assert {line.beneficiary for line in complement.lines} == {"Cuisines Roux"}
    assert complement.gross < GROSS
    with transaction(member):
        member.status = ApplicationStatus.WITHDRAWN
    excess = lines_in_excess(leader, sales_file_of(sales_of(leader.id)))
    assert {line.beneficiary for line in excess} == {"Atelier Vert"}


def test_members_whose_payer_withdraws_are_to_settle(
    edition: Edition, pavilion: tuple[Exhibitor, Exhibitor, Exhibitor]
) -> None:
    leader, *members = pavilion
    with transaction(leader):
        leader.status = ApplicationStatus.WITHDRAWN
    rows = money_page(edition, MoneyFilter(step=SaleStep.TO_SETTLE.value), TODAY).items
    assert [exhibitor for exhibitor, _, _ in rows] == members
    attach(members[0], None, leader)
    assert figures_of(edition, TODAY)[SaleStep.TO_QUOTE].count == 1


def test_who_can_pay(edition: Edition, pavilion: tuple[Exhibitor, Exhibitor, Exhibitor]) -> None:
    leader, member, _ = pavilion
    alone, refused = make_buyer(edition), make_exhibitor(edition, status="refused")
    for payer in (member, refused, alone):
        with pytest.raises(NotAPayer):
            attach(alone, payer)
    with pytest.raises(NotAPayer):
        attach(leader, alone)
    with pytest.raises(NotAccepted):
        attach(refused, alone)
    with pytest.raises(StaleVersion):
        attach(member, None)
    order_of(alone)
    close_sale(Act(ORGANISER), alone.id, "Sans suite")
    with pytest.raises(SaleClosed):
        attach(alone, leader)
    assert payer_of(member) == leader
    assert payer_of(alone) is None


def test_an_invoice_of_its_own_is_left_out_of_a_gathered_pavilion(edition: Edition) -> None:
    make_shop(edition)
    leader, member = make_exhibitor(edition, area=0), make_buyer(edition)
    make_invoice(member, edition)
    with pytest.raises(MemberInvoiced):
        gather_members(Act(ORGANISER), leader.id, [make_buyer(edition).id, member.id])
    assert members_of(leader) == []
