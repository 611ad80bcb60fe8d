CREATE TRIGGER sales_documents_keep_their_remark_on_update
AFTER UPDATE OF remark ON sales_documents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'sales_documents_keep_their_remark') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER sales_documents_keep_their_vat_on_update
AFTER UPDATE OF vat_by_rate ON sales_documents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'sales_documents_keep_their_vat') WHERE 1 = 1;
END

CREATE TRIGGER payments_keep_their_words_on_update
AFTER UPDATE OF payer, cancel_reason ON payments FOR EACH ROW WHEN OLD.payer <> NEW.payer OR OLD.cancelled_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'payments_keep_their_words') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER payments_of_an_invoice_on_insert
AFTER INSERT ON payments FOR EACH ROW WHEN NEW.cancelled_at IS NULL BEGIN
    SELECT RAISE(ABORT, 'payments_of_an_invoice') WHERE NOT EXISTS (SELECT 1 FROM sales_documents document WHERE document.id = NEW.document_id AND document.kind <> 'credit_note' AND round(2 * document.gross - (SELECT sum(amount - (SELECT coalesce(sum(refunds.amount), 0) FROM refunds WHERE refunds.payment_id = payments.id AND refunds.cancelled_at IS NULL)) FROM payments WHERE document_id = NEW.document_id AND cancelled_at IS NULL), 2) >= 0);
END

CREATE TRIGGER refunded_payments_stand_on_update
AFTER UPDATE OF cancelled_at ON payments FOR EACH ROW WHEN NEW.cancelled_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'refunded_payments_stand') WHERE (SELECT coalesce(sum(refunds.amount), 0) FROM refunds WHERE refunds.payment_id = NEW.id AND refunds.cancelled_at IS NULL) > 0;
END

CREATE TRIGGER allocations_stay_on_update
AFTER UPDATE ON allocations FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'allocations_stay') WHERE 1 = 1;
END

CREATE TRIGGER allocations_stay_on_delete
AFTER DELETE ON allocations FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'allocations_stay') WHERE 1 = 1;
END

CREATE TRIGGER allocations_within_their_receipt_on_insert
AFTER INSERT ON allocations FOR EACH ROW WHEN NEW.amount > 0 BEGIN
    SELECT RAISE(ABORT, 'allocations_within_their_receipt') WHERE NOT EXISTS (SELECT 1 FROM payments WHERE payments.id = NEW.payment_id AND payments.cancelled_at IS NULL AND round(payments.amount - (SELECT coalesce(sum(allocations.amount), 0) FROM allocations WHERE allocations.payment_id = payments.id) - (SELECT coalesce(sum(refunds.amount), 0) FROM refunds WHERE refunds.payment_id = payments.id AND refunds.cancelled_at IS NULL), 2) >= 0);
END

CREATE TRIGGER allocations_within_their_invoice_on_insert
AFTER INSERT ON allocations FOR EACH ROW WHEN NEW.amount > 0 BEGIN
    SELECT RAISE(ABORT, 'allocations_within_their_invoice') WHERE NOT EXISTS (SELECT 1 FROM sales_documents invoice JOIN payments ON payments.id = NEW.payment_id JOIN sales_documents document ON document.id = payments.document_id WHERE invoice.id = NEW.document_id AND invoice.kind = 'invoice' AND invoice.exhibitor_id = document.exhibitor_id AND round(invoice.gross - (SELECT coalesce(sum(note.gross), 0) FROM sales_documents note WHERE note.from_id = invoice.id AND note.kind = 'credit_note') - (SELECT sum(paid.amount) FROM allocations paid JOIN payments receipt ON receipt.id = paid.payment_id WHERE paid.document_id = invoice.id AND receipt.cancelled_at IS NULL), 2) >= 0);
END

CREATE TRIGGER allocations_are_freed_once_on_insert
AFTER INSERT ON allocations FOR EACH ROW WHEN NEW.amount < 0 BEGIN
    SELECT RAISE(ABORT, 'allocations_are_freed_once') WHERE (SELECT round(sum(amount), 2) FROM allocations WHERE payment_id = NEW.payment_id AND document_id = NEW.document_id) < 0;
END

CREATE TRIGGER refunds_stay_on_delete
AFTER DELETE ON refunds FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'refunds_stay') WHERE 1 = 1;
END

CREATE TRIGGER refunds_say_what_was_paid_back_on_update
AFTER UPDATE OF payment_id, amount, method, refunded_on, recorded_at ON refunds FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'refunds_say_what_was_paid_back') WHERE 1 = 1;
END

CREATE TRIGGER refunds_name_who_recorded_them_on_update
AFTER UPDATE OF reference, recorded_by ON refunds FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'refunds_name_who_recorded_them') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER refunds_are_cancelled_once_on_update
AFTER UPDATE OF cancelled_at ON refunds FOR EACH ROW WHEN OLD.cancelled_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'refunds_are_cancelled_once') WHERE 1 = 1;
END

CREATE TRIGGER refunds_keep_why_they_were_cancelled_on_update
AFTER UPDATE OF cancel_reason ON refunds FOR EACH ROW WHEN OLD.cancelled_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'refunds_keep_why_they_were_cancelled') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER refunds_within_their_receipt_on_insert
AFTER INSERT ON refunds FOR EACH ROW WHEN NEW.cancelled_at IS NULL BEGIN
    SELECT RAISE(ABORT, 'refunds_within_their_receipt') WHERE NOT EXISTS (SELECT 1 FROM payments WHERE payments.id = NEW.payment_id AND payments.cancelled_at IS NULL AND round(payments.amount - (SELECT coalesce(sum(allocations.amount), 0) FROM allocations WHERE allocations.payment_id = payments.id) - (SELECT coalesce(sum(refunds.amount), 0) FROM refunds WHERE refunds.payment_id = payments.id AND refunds.cancelled_at IS NULL), 2) >= 0);
END

CREATE TRIGGER allocations_apart_insert AFTER INSERT ON allocations FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.payment_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id);
END

CREATE TRIGGER allocations_apart_update AFTER UPDATE OF document_id, payment_id ON allocations FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = OLD.document_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) OR (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.payment_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id);
END

CREATE TRIGGER allocations_closed_insert AFTER INSERT ON allocations FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER allocations_closed_update AFTER UPDATE ON allocations FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = OLD.document_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER allocations_closed_delete AFTER DELETE ON allocations FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = OLD.document_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER refunds_apart_update AFTER UPDATE OF payment_id ON refunds FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = OLD.payment_id) <> (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.payment_id);
END

CREATE TRIGGER refunds_closed_insert AFTER INSERT ON refunds FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.payment_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER refunds_closed_update AFTER UPDATE ON refunds FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = OLD.payment_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER refunds_closed_delete AFTER DELETE ON refunds FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = OLD.payment_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END
