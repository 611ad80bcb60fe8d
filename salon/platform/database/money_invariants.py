"""Triggers for the invariants of sales documents, receipts and refunds."""

from salon.platform.database.guards import ALWAYS, CHANGED, UNLESS_ERASING, Refusal

REFUNDED = (
    "(SELECT coalesce(sum(refunds.amount), 0) FROM refunds"
    " WHERE refunds.payment_id = {} AND refunds.cancelled_at IS NULL)"
)
WITHIN_RECEIPT = (
    "NOT EXISTS (SELECT 1 FROM payments WHERE payments.id = NEW.payment_id"
    " AND payments.cancelled_at IS NULL AND round(payments.amount"
    " - (SELECT coalesce(sum(allocations.amount), 0) FROM allocations"
    f" WHERE allocations.payment_id = payments.id) - {REFUNDED.format('payments.id')}, 2) >= 0)"
)
"""What a receipt pays and what is paid back of it make its amount at most."""
RECEIPT_LOCKED = "FROM payments WHERE id = NEW.payment_id FOR UPDATE"

MONEY = (
    Refusal("sales_documents_stay", "sales_documents", ("DELETE",), ALWAYS),
    Refusal(
        "sales_documents_say_what_was_issued",
        "sales_documents",
        (
            "UPDATE OF edition_id, exhibitor_id, kind, series, number, reference, issued_on,"
            " due_on, from_id, cancels_id, seller, service_code, net, vat, gross, line_count,"
            " created_at",
        ),
        ALWAYS,
    ),
    Refusal(
        "sales_documents_name_their_buyer",
        "sales_documents",
        ("UPDATE OF buyer, engagement_number, purchase_order, created_by",),
        UNLESS_ERASING,
    ),
    Refusal(
        "sales_documents_keep_their_remark",
        "sales_documents",
        ("UPDATE OF remark",),
        UNLESS_ERASING,
    ),
    Refusal(
        "sales_documents_keep_their_vat", "sales_documents", ("UPDATE OF vat_by_rate",), ALWAYS
    ),
    Refusal(
        "service_is_done_once",
        "sales_documents",
        ("UPDATE OF service_done_on",),
        ALWAYS,
        when="OLD.kind <> 'order' OR OLD.service_done_on IS NOT NULL",
    ),
    Refusal(
        "sales_documents_follow_one_another",
        "sales_documents",
        ("INSERT",),
        "NOT EXISTS (SELECT 1 FROM sales_documents"
        " WHERE series = NEW.series AND number = NEW.number - 1)",
        when="NEW.number <> 1",
    ),
    Refusal(
        "credit_notes_within_their_invoice",
        "sales_documents",
        ("INSERT",),
        "NOT EXISTS (SELECT 1 FROM sales_documents invoice"
        " WHERE invoice.id = NEW.from_id AND invoice.kind = 'invoice' AND round(invoice.net"
        " - (SELECT sum(note.net) FROM sales_documents note"
        " WHERE note.from_id = NEW.from_id AND note.kind = 'credit_note'), 2) >= 0)",
        when="NEW.kind = 'credit_note'",
        lock="FROM sales_documents WHERE id = NEW.from_id FOR UPDATE",
    ),
    Refusal(
        "closed_sales_sell_nothing",
        "sales_documents",
        ("INSERT",),
        "EXISTS (SELECT 1 FROM sales WHERE exhibitor_id = NEW.exhibitor_id AND status = 'closed')",
        when="NEW.kind <> 'credit_note'",
        lock="FROM sales WHERE exhibitor_id = NEW.exhibitor_id FOR UPDATE",
    ),
    Refusal(
        "sales_documents_keep_their_share",
        "sales_documents",
        ("UPDATE OF deposit_percent",),
        ALWAYS,
    ),
    Refusal(
        "orders_are_invoiced_once",
        "sales_documents",
        ("INSERT",),
        "EXISTS (SELECT 1 FROM sales_documents invoice WHERE invoice.from_id = NEW.from_id"
        " AND invoice.id <> NEW.id AND invoice.kind = 'invoice'"
        " AND (invoice.deposit_percent IS NULL OR NEW.deposit_percent IS NOT NULL)"
        " AND NOT EXISTS (SELECT 1 FROM sales_documents note WHERE note.cancels_id = invoice.id))",
        when="NEW.kind = 'invoice'",
        lock="FROM sales_documents WHERE id = NEW.from_id FOR UPDATE",
    ),
    Refusal(
        "quotes_are_agreed_once",
        "sales_documents",
        ("INSERT",),
        "EXISTS (SELECT 1 FROM sales_documents agreed WHERE agreed.from_id = NEW.from_id"
        " AND agreed.id <> NEW.id AND agreed.kind = 'order')",
        when="NEW.kind = 'order'",
        lock="FROM sales_documents WHERE id = NEW.from_id FOR UPDATE",
    ),
    Refusal(
        "payers_pay_for_themselves",
        "sales",
        ("INSERT", "UPDATE OF payer_id"),
        "EXISTS (SELECT 1 FROM sales WHERE payer_id IS NOT NULL"
        " AND exhibitor_id = NEW.payer_id OR payer_id = NEW.exhibitor_id)",
        when="NEW.payer_id IS NOT NULL",
        lock="FROM exhibitors WHERE id IN (NEW.exhibitor_id, NEW.payer_id) ORDER BY id FOR UPDATE",
    ),
    Refusal(
        "billed_members_keep_their_payer",
        "sales",
        ("UPDATE OF payer_id",),
        "(NEW.payer_id IS NULL OR NEW.payer_id <> OLD.payer_id) AND (SELECT round(sum("
        "CASE document.kind WHEN 'invoice' THEN line.net ELSE -line.net END), 2)"
        " FROM sales_lines line JOIN sales_documents document ON document.id = line.document_id"
        " WHERE line.exhibitor_id = NEW.exhibitor_id"
        " AND document.kind IN ('invoice', 'credit_note')) > 0",
        when="OLD.payer_id IS NOT NULL",
    ),
    Refusal(
        "members_are_invoiced_to_their_payer",
        "sales_lines",
        ("INSERT",),
        "EXISTS (SELECT 1 FROM sales_documents document WHERE document.id = NEW.document_id"
        " AND document.kind = 'invoice' AND NOT EXISTS (SELECT 1 FROM sales"
        " WHERE sales.exhibitor_id = NEW.exhibitor_id"
        " AND sales.payer_id = document.exhibitor_id))",
        when="NEW.exhibitor_id IS NOT NULL",
        lock="FROM sales WHERE exhibitor_id = NEW.exhibitor_id FOR UPDATE",
    ),
    Refusal(
        "sales_lines_stay",
        "sales_lines",
        (
            "UPDATE OF document_id, rank, code, label, unit, quantity, unit_price, vat_rate, net,"
            " exhibitor_id",
            "DELETE",
        ),
        ALWAYS,
    ),
    Refusal(
        "sales_lines_name_whom_they_are_for",
        "sales_lines",
        ("UPDATE OF beneficiary",),
        UNLESS_ERASING,
    ),
    Refusal(
        "sales_lines_make_the_document",
        "sales_lines",
        ("INSERT",),
        "NOT EXISTS (SELECT 1 FROM sales_documents document, (SELECT count(*) AS lines,"
        " sum(net) AS net FROM sales_lines WHERE document_id = NEW.document_id) written"
        " WHERE document.id = NEW.document_id AND (written.lines < document.line_count OR"
        " written.lines = document.line_count AND round(written.net - document.net, 2) = 0))",
        lock="FROM sales_documents WHERE id = NEW.document_id FOR UPDATE",
    ),
    Refusal("negotiated_lines_stay", "negotiated_lines", ("DELETE",), ALWAYS),
    Refusal(
        "negotiated_lines_say_what_was_granted",
        "negotiated_lines",
        ("UPDATE OF exhibitor_id, quantity, unit_price, vat_rate, supply, granted_at",),
        ALWAYS,
    ),
    Refusal(
        "negotiated_lines_name_who_granted_them",
        "negotiated_lines",
        ("UPDATE OF label, reason, granted_by",),
        UNLESS_ERASING,
    ),
    Refusal(
        "negotiated_lines_are_withdrawn_once",
        "negotiated_lines",
        ("UPDATE OF withdrawn_at",),
        ALWAYS,
        when="OLD.withdrawn_at IS NOT NULL",
    ),
    Refusal("payments_stay", "payments", ("DELETE",), ALWAYS),
    Refusal(
        "payments_say_what_was_received",
        "payments",
        ("UPDATE OF document_id, amount, method, received_on, recorded_at, first_part_id",),
        ALWAYS,
    ),
    Refusal(
        "parts_are_of_one_receipt",
        "payments",
        ("INSERT",),
        "NOT EXISTS (SELECT 1 FROM payments part WHERE part.id = NEW.first_part_id"
        " AND part.first_part_id IS NULL AND part.method = NEW.method"
        " AND part.received_on = NEW.received_on AND part.payer = NEW.payer"
        " AND part.reference = NEW.reference AND part.recorded_at = NEW.recorded_at)",
        when="NEW.first_part_id IS NOT NULL",
    ),
    Refusal(
        "lines_are_the_receipts_of_their_amount",
        "statement_lines",
        ("UPDATE OF payment_id, outcome",),
        "NEW.outcome = 'recorded' AND (SELECT round(sum(amount) - NEW.amount, 2) FROM payments"
        " WHERE NEW.payment_id IN (id, first_part_id)) <> 0",
        when="NEW.payment_id IS NOT NULL",
    ),
    Refusal(
        "payments_name_who_recorded_them",
        "payments",
        ("UPDATE OF reference, recorded_by",),
        UNLESS_ERASING,
    ),
    Refusal(
        "payments_are_cancelled_once",
        "payments",
        ("UPDATE OF cancelled_at",),
        ALWAYS,
        when="OLD.cancelled_at IS NOT NULL",
    ),
    Refusal(
        "payments_keep_the_day_of_their_return",
        "payments",
        ("UPDATE OF cancelled_on",),
        ALWAYS,
        when="OLD.cancelled_at IS NOT NULL",
    ),
    Refusal(
        "payments_keep_their_words",
        "payments",
        ("UPDATE OF payer, cancel_reason",),
        UNLESS_ERASING,
        when="OLD.payer <> NEW.payer OR OLD.cancelled_at IS NOT NULL",
    ),
    Refusal(
        "payments_of_an_invoice",
        "payments",
        ("INSERT",),
        "NOT EXISTS (SELECT 1 FROM sales_documents document WHERE document.id = NEW.document_id"
        " AND document.kind <> 'credit_note' AND round(2 * (SELECT"
        " CASE WHEN sum(sold.gross) > document.gross THEN sum(sold.gross) ELSE document.gross END"
        " FROM sales_documents sold WHERE sold.exhibitor_id = document.exhibitor_id"
        " AND sold.kind = 'invoice')"
        f" - (SELECT sum(amount - {REFUNDED.format('payments.id')}) FROM payments"
        " WHERE document_id = NEW.document_id AND cancelled_at IS NULL), 2) >= 0)",
        when="NEW.cancelled_at IS NULL",
        lock="FROM sales_documents WHERE id = NEW.document_id FOR UPDATE",
    ),
    Refusal(
        "refunded_payments_stand",
        "payments",
        ("UPDATE OF cancelled_at",),
        f"{REFUNDED.format('NEW.id')} > 0 AND NEW.cancel_reason = ''",
        when="NEW.cancelled_at IS NOT NULL",
    ),
    Refusal("allocations_stay", "allocations", CHANGED, ALWAYS),
    Refusal(
        "allocations_within_their_receipt",
        "allocations",
        ("INSERT",),
        WITHIN_RECEIPT,
        when="NEW.amount > 0",
        lock=RECEIPT_LOCKED,
    ),
    Refusal(
        "allocations_within_their_invoice",
        "allocations",
        ("INSERT",),
        "NOT EXISTS (SELECT 1 FROM sales_documents invoice"
        " JOIN payments ON payments.id = NEW.payment_id"
        " JOIN sales_documents document ON document.id = payments.document_id"
        " WHERE invoice.id = NEW.document_id AND invoice.kind = 'invoice'"
        " AND invoice.exhibitor_id = document.exhibitor_id AND round(invoice.gross"
        " - (SELECT coalesce(sum(note.gross), 0) FROM sales_documents note"
        " WHERE note.from_id = invoice.id AND note.kind = 'credit_note')"
        " - (SELECT sum(paid.amount) FROM allocations paid JOIN payments receipt"
        " ON receipt.id = paid.payment_id WHERE paid.document_id = invoice.id"
        " AND receipt.cancelled_at IS NULL), 2) >= 0)",
        when="NEW.amount > 0",
        lock="FROM sales_documents WHERE id = NEW.document_id FOR UPDATE",
    ),
    Refusal(
        "allocations_are_freed_once",
        "allocations",
        ("INSERT",),
        "(SELECT round(sum(amount), 2) FROM allocations WHERE payment_id = NEW.payment_id"
        " AND document_id = NEW.document_id) < 0",
        when="NEW.amount < 0",
        lock=RECEIPT_LOCKED,
    ),
    Refusal("refunds_stay", "refunds", ("DELETE",), ALWAYS),
    Refusal(
        "refunds_say_what_was_paid_back",
        "refunds",
        ("UPDATE OF payment_id, amount, method, refunded_on, recorded_at",),
        ALWAYS,
    ),
    Refusal(
        "refunds_name_who_recorded_them",
        "refunds",
        ("UPDATE OF reference, recorded_by",),
        UNLESS_ERASING,
    ),
    Refusal(
        "refunds_are_cancelled_once",
        "refunds",
        ("UPDATE OF cancelled_at",),
        ALWAYS,
        when="OLD.cancelled_at IS NOT NULL",
    ),
    Refusal(
        "refunds_keep_the_day_of_their_return",
        "refunds",
        ("UPDATE OF cancelled_on",),
        ALWAYS,
        when="OLD.cancelled_at IS NOT NULL",
    ),
    Refusal(
        "refunds_keep_why_they_were_cancelled",
        "refunds",
        ("UPDATE OF cancel_reason",),
        UNLESS_ERASING,
        when="OLD.cancelled_at IS NOT NULL",
    ),
    Refusal(
        "refunds_within_their_receipt",
        "refunds",
        ("INSERT",),
        WITHIN_RECEIPT,
        when="NEW.cancelled_at IS NULL",
        lock=RECEIPT_LOCKED,
    ),
)
