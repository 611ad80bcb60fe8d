"""Each invariant of documents and payments, attacked by SQL alone on both databases."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from salon.billing.models import Payment, PaymentMethod, SalesDocument, SalesLine
from salon.billing.services.negotiation import withdraw_grant
from salon.billing.services.pavilion import gather_members
from salon.billing.services.payments import ReceivedPayment, cancel_payment, record_payment
from salon.billing.services.sales import issue_credit_note
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local, now
from tests.billing.negotiation.make import add_sign, grant
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop
from tests.factories import new_key
from tests.platform.database.invariants.attacks import copy_of, execute, refused

pytestmark = pytest.mark.on_both


@pytest.fixture
def invoice(app: Flask, edition: Edition) -> SalesDocument:
    make_shop(edition)
    return make_invoice(make_buyer(edition), edition)


# Money


def test_an_issued_document_stays(invoice: SalesDocument) -> None:
    condition = f"WHERE id = {invoice.id}"
    for change in (
        "net = net + 1, gross = gross + 1",
        "number = 9",
        "reference = 'F-0'",
        "issued_on = due_on",
    ):
        stays = "sales_documents_say_what_was_issued"
        refused(stays, f"UPDATE sales_documents SET {change} {condition}")
    for change in ("created_by = 'X'", "purchase_order = 'BC-1'", "buyer = '{}'"):
        refused(
            "sales_documents_name_their_buyer", f"UPDATE sales_documents SET {change} {condition}"
        )
    changed = "UPDATE sales_documents SET {} = 'true' " + condition
    refused("sales_documents_keep_their_remark", changed.format("remark"))
    refused("sales_documents_keep_their_vat", changed.format("vat_by_rate"))
    refused(
        "service_is_done_once", f"UPDATE sales_documents SET service_done_on = due_on {condition}"
    )
    refused(
        "sales_documents_keep_their_share",
        f"UPDATE sales_documents SET deposit_percent = 1 {condition}",
    )
    again = {"number": "number + 1", "reference": "'F-X'"}
    for share in ("NULL", "30"):
        copy = copy_of("sales_documents", invoice.id, **again, deposit_percent=share)
        refused("orders_are_invoiced_once", copy)
    copy = copy_of("sales_documents", invoice.from_id or 0, **again)
    refused("quotes_are_agreed_once", copy)
    without_lines = copy_of(
        "sales_documents", invoice.id, number="2", reference="'F-X'", from_id="NULL"
    )
    refused(
        "sales_documents_stay",
        without_lines,
        "DELETE FROM sales_documents WHERE reference = 'F-X'",
    )


def test_the_lines_of_an_issued_document_stay(invoice: SalesDocument) -> None:
    line = (
        current_session()
        .scalars(select(SalesLine).where(SalesLine.document_id == invoice.id))
        .first()
    )
    assert line is not None
    refused("sales_lines_stay", f"UPDATE sales_lines SET vat_rate = 0 WHERE id = {line.id}")
    refused("sales_lines_stay", f"UPDATE sales_lines SET label = 'X' WHERE id = {line.id}")
    named = f"UPDATE sales_lines SET beneficiary = 'X' WHERE id = {line.id}"
    refused("sales_lines_name_whom_they_are_for", named)
    refused("sales_lines_stay", f"DELETE FROM sales_lines WHERE id = {line.id}")
    refused("sales_lines_make_the_document", copy_of("sales_lines", line.id, rank="99"))
    negative = copy_of("sales_lines", line.id, rank="99", quantity="-quantity", net="-net")
    refused("ck_sales_lines_deposits_alone_are_deducted", negative)


def test_the_lines_of_a_document_make_its_total(invoice: SalesDocument) -> None:
    line = (
        current_session()
        .scalars(select(SalesLine).where(SalesLine.document_id == invoice.id))
        .first()
    )
    assert line is not None
    new = copy_of(
        "sales_documents",
        invoice.id,
        **{"number": "number + 1", "reference": "'F-X'", "from_id": "NULL", "line_count": "1"},
    )
    newest = "(SELECT max(id) FROM sales_documents)"
    refused(
        "sales_lines_make_the_document", new, copy_of("sales_lines", line.id, document_id=newest)
    )


def test_numbers_follow_one_another(invoice: SalesDocument) -> None:
    for jump in (2, 1000):
        refused(
            "sales_documents_follow_one_another",
            copy_of(
                "sales_documents",
                invoice.id,
                number=f"number + {jump}",
                reference="'F-2021-9'",
                from_id="NULL",
            ),
        )
    is_postgresql = current_session().get_bind().dialect.name == "postgresql"
    twice = "uq_sales_documents_series_number" if is_postgresql else "sales_documents.series"
    refused(twice, copy_of("sales_documents", invoice.id, reference="'F-X'", from_id="NULL"))


def test_net_and_vat_make_gross(invoice: SalesDocument) -> None:
    next_one = {"number": "number + 1", "reference": "'F-X'"}
    for wrong in ({"gross": "gross + 0.01"}, {"vat": "vat - 0.01"}, {"net": "net * 2"}):
        refused(
            "ck_sales_documents_net_and_vat_make_gross",
            copy_of("sales_documents", invoice.id, **next_one, **wrong),
        )


def test_a_credit_note_stays_within_its_invoice(invoice: SalesDocument) -> None:
    note = issue_credit_note(Act(ORGANISER), invoice.id, None, "Désistement")
    changed_columns = {"number": "number + 1", "reference": "'A-X'", "cancels_id": "NULL"}
    guard = "credit_notes_within_their_invoice"
    refused(guard, copy_of("sales_documents", note.id, **changed_columns))
    refused(guard, copy_of("sales_documents", note.id, **changed_columns, from_id="NULL"))
    refused(
        "ck_sales_documents_credit_notes_cancel",
        copy_of(
            "sales_documents",
            invoice.id,
            **{**changed_columns, "reference": "'F-X'", "cancels_id": str(invoice.id)},
        ),
    )


def pay(invoice: SalesDocument) -> Payment:
    received = ReceivedPayment(invoice.gross, PaymentMethod.TRANSFER, local(now()).date())
    record_payment(Act(ORGANISER), invoice.id, received, new_key(), {})
    return current_session().scalars(select(Payment)).one()


def test_a_payment_stays_near_its_invoice(invoice: SalesDocument) -> None:
    payment = pay(invoice)
    refused("payments_of_an_invoice", copy_of("payments", payment.id, amount="9999999"))
    execute(copy_of("payments", payment.id))
    refused("payments_of_an_invoice", copy_of("payments", payment.id, amount="0.01"))
    note = issue_credit_note(Act(ORGANISER), invoice.id, [2], "Pas d’angle")
    refused("payments_of_an_invoice", copy_of("payments", payment.id, document_id=str(note.id)))
    refused("ck_payments_amount_positive", copy_of("payments", payment.id, amount="0"))


def test_a_payment_stays(invoice: SalesDocument) -> None:
    payment = pay(invoice)
    condition = f"WHERE id = {payment.id}"
    unallocated = copy_of("payments", payment.id, payer="'X'")
    refused("payments_stay", unallocated, "DELETE FROM payments WHERE payer = 'X'")
    refused("payments_say_what_was_received", f"UPDATE payments SET amount = 1 {condition}")
    refused("payments_name_who_recorded_them", f"UPDATE payments SET recorded_by = 'X' {condition}")
    refused("payments_keep_their_words", f"UPDATE payments SET payer = 'X' {condition}")
    cancel_payment(Act(ORGANISER), payment.id, "Doublon")
    refused("payments_are_cancelled_once", f"UPDATE payments SET cancelled_at = NULL {condition}")
    refused("payments_keep_their_words", f"UPDATE payments SET cancel_reason = '' {condition}")
    guard = "payments_keep_the_day_of_their_return"
    refused(guard, f"UPDATE payments SET cancelled_on = NULL {condition}")


def test_who_pays_for_others_is_billed_for_them_alone(edition: Edition) -> None:
    make_shop(edition)
    leader, member, other = (make_buyer(edition) for _ in range(3))
    leader_id, member_id, other_id = leader.id, member.id, other.id
    gather_members(Act(ORGANISER), leader_id, [member_id])
    invoice = make_invoice(leader, edition)
    lines = [line for line in invoice.lines if line.exhibitor_id == member_id]
    line_id, ranks = lines[0].id, [line.rank for line in lines]
    changed = f"UPDATE sales SET {{}} WHERE exhibitor_id = {member_id}"
    refused(
        "ck_sales_paid_by_another_is_closed", changed.format("status = 'open', closed_at = NULL")
    )
    for payer_id in ("NULL", other_id):
        refused("billed_members_keep_their_payer", changed.format(f"payer_id = {payer_id}"))
    closed_by = (
        "INSERT INTO sales (exhibitor_id, status, closed_at, payer_id)"
        f" SELECT {{}}, 'closed', closed_at, {{}} FROM sales WHERE exhibitor_id = {member_id}"
    )
    refused("payers_pay_for_themselves", closed_by.format(other_id, member_id))
    execute(closed_by.format(other_id, leader_id))
    chained = f"UPDATE sales SET payer_id = {member_id} WHERE exhibitor_id = {other_id}"
    refused("payers_pay_for_themselves", chained)
    stranger = make_buyer(edition)
    new = {"number": "number + 1", "reference": "'F-X'", "from_id": "NULL", "line_count": "2"}
    newest = "(SELECT max(id) FROM sales_documents)"
    copied = copy_of("sales_lines", line_id, document_id=newest, exhibitor_id=str(stranger.id))
    copy = copy_of("sales_documents", invoice.id, **new)
    refused("members_are_invoiced_to_their_payer", copy, copied)
    issue_credit_note(Act(ORGANISER), invoice.id, ranks, "À part")
    execute(changed.format("payer_id = NULL"))


def test_what_was_granted_stays(edition: Edition) -> None:
    make_shop(edition)
    exhibitor = make_buyer(edition)
    sign_id, grant_id = add_sign(exhibitor), grant(exhibitor, "angle", "90.00")
    condition = f"WHERE id = {grant_id}"
    refused("negotiated_lines_stay", f"DELETE FROM negotiated_lines {condition}")
    for change in ("unit_price = 1", "exhibitor_id = exhibitor_id", "granted_at = '2021-09-01'"):
        refused(
            "negotiated_lines_say_what_was_granted",
            f"UPDATE negotiated_lines SET {change} {condition}",
        )
    for change in ("label = 'X'", "reason = 'X'", "granted_by = 'X'"):
        refused(
            "negotiated_lines_name_who_granted_them",
            f"UPDATE negotiated_lines SET {change} {condition}",
        )
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        execute(copy_of("negotiated_lines", grant_id))
    for name, value, constraint in (
        ("quantity", "0", "quantity_above_zero"),
        ("quantity", "NULL", "free_lines_have_a_quantity"),
        ("vat_rate", "NULL", "free_lines_have_a_rate"),
        ("vat_rate", "101", "vat_rate_in_percent"),
        ("unit_price", "-1", "unit_price_at_least_0"),
    ):
        copy = copy_of("negotiated_lines", sign_id, **{name: value})
        refused(f"ck_negotiated_lines_{constraint}", copy)
    withdraw_grant(Act(ORGANISER), exhibitor.id, grant_id)
    refused(
        "negotiated_lines_are_withdrawn_once",
        f"UPDATE negotiated_lines SET withdrawn_at = NULL {condition}",
    )
    execute(copy_of("negotiated_lines", grant_id))


def test_a_closed_sale_sells_nothing(invoice: SalesDocument) -> None:
    again = copy_of("sales_documents", invoice.id, number="number + 1", reference="'F-X'")
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Désistement", closes_sale=True)
    refused("closed_sales_sell_nothing", again)
    where = f"WHERE exhibitor_id = {invoice.exhibitor_id}"
    refused("ck_sales_closed_has_its_time", f"UPDATE sales SET status = 'open' {where}")
    execute(f"UPDATE sales SET status = 'open', closed_at = NULL {where}", again)


# Traces
