CREATE TRIGGER sales_documents_keep_their_share_on_update
AFTER UPDATE OF deposit_percent ON sales_documents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'sales_documents_keep_their_share') WHERE 1 = 1;
END

CREATE TRIGGER orders_are_invoiced_once_on_insert
AFTER INSERT ON sales_documents FOR EACH ROW WHEN NEW.kind = 'invoice' BEGIN
    SELECT RAISE(ABORT, 'orders_are_invoiced_once') WHERE EXISTS (SELECT 1 FROM sales_documents invoice WHERE invoice.from_id = NEW.from_id AND invoice.id <> NEW.id AND invoice.kind = 'invoice' AND (invoice.deposit_percent IS NULL OR NEW.deposit_percent IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM sales_documents note WHERE note.cancels_id = invoice.id));
END

CREATE TRIGGER payments_of_an_invoice_on_insert
AFTER INSERT ON payments FOR EACH ROW WHEN NEW.cancelled_at IS NULL BEGIN
    SELECT RAISE(ABORT, 'payments_of_an_invoice') WHERE NOT EXISTS (SELECT 1 FROM sales_documents document WHERE document.id = NEW.document_id AND document.kind <> 'credit_note' AND round(2 * (SELECT CASE WHEN sum(sold.gross) > document.gross THEN sum(sold.gross) ELSE document.gross END FROM sales_documents sold WHERE sold.exhibitor_id = document.exhibitor_id AND sold.kind = 'invoice') - (SELECT sum(amount - (SELECT coalesce(sum(refunds.amount), 0) FROM refunds WHERE refunds.payment_id = payments.id AND refunds.cancelled_at IS NULL)) FROM payments WHERE document_id = NEW.document_id AND cancelled_at IS NULL), 2) >= 0);
END
