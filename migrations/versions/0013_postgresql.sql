CREATE OR REPLACE FUNCTION sales_documents_keep_their_share() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'sales_documents_keep_their_share'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sales_documents_keep_their_share';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_documents_keep_their_share AFTER UPDATE OF deposit_percent ON sales_documents
FOR EACH ROW EXECUTE FUNCTION sales_documents_keep_their_share()

CREATE OR REPLACE FUNCTION orders_are_invoiced_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM sales_documents WHERE id = NEW.from_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM sales_documents invoice WHERE invoice.from_id = NEW.from_id AND invoice.id <> NEW.id AND invoice.kind = 'invoice' AND (invoice.deposit_percent IS NULL OR NEW.deposit_percent IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM sales_documents note WHERE note.cancels_id = invoice.id)) THEN
        RAISE EXCEPTION 'orders_are_invoiced_once'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'orders_are_invoiced_once';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER orders_are_invoiced_once AFTER INSERT ON sales_documents
FOR EACH ROW WHEN (NEW.kind = 'invoice') EXECUTE FUNCTION orders_are_invoiced_once()

CREATE OR REPLACE FUNCTION payments_of_an_invoice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM sales_documents WHERE id = NEW.document_id FOR UPDATE;
    IF NOT EXISTS (SELECT 1 FROM sales_documents document WHERE document.id = NEW.document_id AND document.kind <> 'credit_note' AND round(2 * (SELECT CASE WHEN sum(sold.gross) > document.gross THEN sum(sold.gross) ELSE document.gross END FROM sales_documents sold WHERE sold.exhibitor_id = document.exhibitor_id AND sold.kind = 'invoice') - (SELECT sum(amount - (SELECT coalesce(sum(refunds.amount), 0) FROM refunds WHERE refunds.payment_id = payments.id AND refunds.cancelled_at IS NULL)) FROM payments WHERE document_id = NEW.document_id AND cancelled_at IS NULL), 2) >= 0) THEN
        RAISE EXCEPTION 'payments_of_an_invoice'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_of_an_invoice';
    END IF;
    RETURN NULL;
END $$
