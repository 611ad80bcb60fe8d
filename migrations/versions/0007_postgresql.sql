CREATE OR REPLACE FUNCTION sales_documents_keep_their_remark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'sales_documents_keep_their_remark'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sales_documents_keep_their_remark';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_documents_keep_their_remark AFTER UPDATE OF remark ON sales_documents
FOR EACH ROW EXECUTE FUNCTION sales_documents_keep_their_remark()

CREATE OR REPLACE FUNCTION sales_documents_keep_their_vat() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'sales_documents_keep_their_vat'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sales_documents_keep_their_vat';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_documents_keep_their_vat AFTER UPDATE OF vat_by_rate ON sales_documents
FOR EACH ROW EXECUTE FUNCTION sales_documents_keep_their_vat()

CREATE OR REPLACE FUNCTION payments_keep_their_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'payments_keep_their_words'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_keep_their_words';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER payments_keep_their_words AFTER UPDATE OF payer, cancel_reason ON payments
FOR EACH ROW WHEN (OLD.payer <> NEW.payer OR OLD.cancelled_at IS NOT NULL) EXECUTE FUNCTION payments_keep_their_words()

CREATE OR REPLACE FUNCTION payments_of_an_invoice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM sales_documents WHERE id = NEW.document_id FOR UPDATE;
    IF NOT EXISTS (SELECT 1 FROM sales_documents document WHERE document.id = NEW.document_id AND document.kind <> 'credit_note' AND round(2 * document.gross - (SELECT sum(amount - (SELECT coalesce(sum(refunds.amount), 0) FROM refunds WHERE refunds.payment_id = payments.id AND refunds.cancelled_at IS NULL)) FROM payments WHERE document_id = NEW.document_id AND cancelled_at IS NULL), 2) >= 0) THEN
        RAISE EXCEPTION 'payments_of_an_invoice'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_of_an_invoice';
    END IF;
    RETURN NULL;
END $$

CREATE OR REPLACE FUNCTION refunded_payments_stand() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT coalesce(sum(refunds.amount), 0) FROM refunds WHERE refunds.payment_id = NEW.id AND refunds.cancelled_at IS NULL) > 0 THEN
        RAISE EXCEPTION 'refunded_payments_stand'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'refunded_payments_stand';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER refunded_payments_stand AFTER UPDATE OF cancelled_at ON payments
FOR EACH ROW WHEN (NEW.cancelled_at IS NOT NULL) EXECUTE FUNCTION refunded_payments_stand()

CREATE OR REPLACE FUNCTION allocations_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'allocations_stay'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'allocations_stay';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER allocations_stay AFTER UPDATE OR DELETE ON allocations
FOR EACH ROW EXECUTE FUNCTION allocations_stay()

CREATE OR REPLACE FUNCTION allocations_within_their_receipt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM payments WHERE id = NEW.payment_id FOR UPDATE;
    IF NOT EXISTS (SELECT 1 FROM payments WHERE payments.id = NEW.payment_id AND payments.cancelled_at IS NULL AND round(payments.amount - (SELECT coalesce(sum(allocations.amount), 0) FROM allocations WHERE allocations.payment_id = payments.id) - (SELECT coalesce(sum(refunds.amount), 0) FROM refunds WHERE refunds.payment_id = payments.id AND refunds.cancelled_at IS NULL), 2) >= 0) THEN
        RAISE EXCEPTION 'allocations_within_their_receipt'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'allocations_within_their_receipt';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER allocations_within_their_receipt AFTER INSERT ON allocations
FOR EACH ROW WHEN (NEW.amount > 0) EXECUTE FUNCTION allocations_within_their_receipt()

CREATE OR REPLACE FUNCTION allocations_within_their_invoice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM sales_documents WHERE id = NEW.document_id FOR UPDATE;
    IF NOT EXISTS (SELECT 1 FROM sales_documents invoice JOIN payments ON payments.id = NEW.payment_id JOIN sales_documents document ON document.id = payments.document_id WHERE invoice.id = NEW.document_id AND invoice.kind = 'invoice' AND invoice.exhibitor_id = document.exhibitor_id AND round(invoice.gross - (SELECT coalesce(sum(note.gross), 0) FROM sales_documents note WHERE note.from_id = invoice.id AND note.kind = 'credit_note') - (SELECT sum(paid.amount) FROM allocations paid JOIN payments receipt ON receipt.id = paid.payment_id WHERE paid.document_id = invoice.id AND receipt.cancelled_at IS NULL), 2) >= 0) THEN
        RAISE EXCEPTION 'allocations_within_their_invoice'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'allocations_within_their_invoice';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER allocations_within_their_invoice AFTER INSERT ON allocations
FOR EACH ROW WHEN (NEW.amount > 0) EXECUTE FUNCTION allocations_within_their_invoice()

CREATE OR REPLACE FUNCTION allocations_are_freed_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM payments WHERE id = NEW.payment_id FOR UPDATE;
    IF (SELECT round(sum(amount), 2) FROM allocations WHERE payment_id = NEW.payment_id AND document_id = NEW.document_id) < 0 THEN
        RAISE EXCEPTION 'allocations_are_freed_once'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'allocations_are_freed_once';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER allocations_are_freed_once AFTER INSERT ON allocations
FOR EACH ROW WHEN (NEW.amount < 0) EXECUTE FUNCTION allocations_are_freed_once()

CREATE OR REPLACE FUNCTION refunds_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'refunds_stay'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'refunds_stay';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER refunds_stay AFTER DELETE ON refunds
FOR EACH ROW EXECUTE FUNCTION refunds_stay()

CREATE OR REPLACE FUNCTION refunds_say_what_was_paid_back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'refunds_say_what_was_paid_back'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'refunds_say_what_was_paid_back';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER refunds_say_what_was_paid_back AFTER UPDATE OF payment_id, amount, method, refunded_on, recorded_at ON refunds
FOR EACH ROW EXECUTE FUNCTION refunds_say_what_was_paid_back()

CREATE OR REPLACE FUNCTION refunds_name_who_recorded_them() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'refunds_name_who_recorded_them'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'refunds_name_who_recorded_them';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER refunds_name_who_recorded_them AFTER UPDATE OF reference, recorded_by ON refunds
FOR EACH ROW EXECUTE FUNCTION refunds_name_who_recorded_them()

CREATE OR REPLACE FUNCTION refunds_are_cancelled_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'refunds_are_cancelled_once'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'refunds_are_cancelled_once';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER refunds_are_cancelled_once AFTER UPDATE OF cancelled_at ON refunds
FOR EACH ROW WHEN (OLD.cancelled_at IS NOT NULL) EXECUTE FUNCTION refunds_are_cancelled_once()

CREATE OR REPLACE FUNCTION refunds_keep_why_they_were_cancelled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'refunds_keep_why_they_were_cancelled'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'refunds_keep_why_they_were_cancelled';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER refunds_keep_why_they_were_cancelled AFTER UPDATE OF cancel_reason ON refunds
FOR EACH ROW WHEN (OLD.cancelled_at IS NOT NULL) EXECUTE FUNCTION refunds_keep_why_they_were_cancelled()

CREATE OR REPLACE FUNCTION refunds_within_their_receipt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM payments WHERE id = NEW.payment_id FOR UPDATE;
    IF NOT EXISTS (SELECT 1 FROM payments WHERE payments.id = NEW.payment_id AND payments.cancelled_at IS NULL AND round(payments.amount - (SELECT coalesce(sum(allocations.amount), 0) FROM allocations WHERE allocations.payment_id = payments.id) - (SELECT coalesce(sum(refunds.amount), 0) FROM refunds WHERE refunds.payment_id = payments.id AND refunds.cancelled_at IS NULL), 2) >= 0) THEN
        RAISE EXCEPTION 'refunds_within_their_receipt'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'refunds_within_their_receipt';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER refunds_within_their_receipt AFTER INSERT ON refunds
FOR EACH ROW WHEN (NEW.cancelled_at IS NULL) EXECUTE FUNCTION refunds_within_their_receipt()

CREATE TRIGGER allocations_not_emptied BEFORE TRUNCATE ON allocations
FOR EACH STATEMENT EXECUTE FUNCTION rows_stay()

CREATE TRIGGER refunds_not_emptied BEFORE TRUNCATE ON refunds
FOR EACH STATEMENT EXECUTE FUNCTION rows_stay()

CREATE OR REPLACE FUNCTION allocations_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.payment_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER allocations_apart_insert AFTER INSERT ON allocations
FOR EACH ROW EXECUTE FUNCTION allocations_apart_insert()

CREATE OR REPLACE FUNCTION allocations_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = OLD.document_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) OR (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.payment_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER allocations_apart_update AFTER UPDATE OF document_id, payment_id ON allocations
FOR EACH ROW EXECUTE FUNCTION allocations_apart_update()

CREATE TRIGGER allocations_closed_insert AFTER INSERT ON allocations
FOR EACH ROW EXECUTE FUNCTION payments_closed_insert()

CREATE TRIGGER allocations_closed_update AFTER UPDATE ON allocations
FOR EACH ROW EXECUTE FUNCTION payments_closed_update()

CREATE TRIGGER allocations_closed_delete AFTER DELETE ON allocations
FOR EACH ROW EXECUTE FUNCTION payments_closed_update()

CREATE OR REPLACE FUNCTION refunds_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = OLD.payment_id) <> (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.payment_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER refunds_apart_update AFTER UPDATE OF payment_id ON refunds
FOR EACH ROW EXECUTE FUNCTION refunds_apart_update()

CREATE OR REPLACE FUNCTION refunds_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.payment_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER refunds_closed_insert AFTER INSERT ON refunds
FOR EACH ROW EXECUTE FUNCTION refunds_closed_insert()

CREATE OR REPLACE FUNCTION refunds_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = OLD.payment_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER refunds_closed_update AFTER UPDATE ON refunds
FOR EACH ROW EXECUTE FUNCTION refunds_closed_update()

CREATE TRIGGER refunds_closed_delete AFTER DELETE ON refunds
FOR EACH ROW EXECUTE FUNCTION refunds_closed_update()
