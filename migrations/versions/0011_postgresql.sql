CREATE OR REPLACE FUNCTION refunded_payments_stand() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT coalesce(sum(refunds.amount), 0) FROM refunds WHERE refunds.payment_id = NEW.id AND refunds.cancelled_at IS NULL) > 0 AND NEW.cancel_reason = '' THEN
        RAISE EXCEPTION 'refunded_payments_stand'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'refunded_payments_stand';
    END IF;
    RETURN NULL;
END $$

CREATE OR REPLACE FUNCTION statement_lines_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.payment_id) <> NEW.edition_id OR (SELECT parent_2.edition_id FROM refunds parent JOIN payments parent_1 ON parent_1.id = parent.payment_id JOIN sales_documents parent_2 ON parent_2.id = parent_1.document_id WHERE parent.id = NEW.refund_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER statement_lines_apart_insert AFTER INSERT ON statement_lines
FOR EACH ROW EXECUTE FUNCTION statement_lines_apart_insert()

CREATE OR REPLACE FUNCTION statement_lines_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.payment_id) <> NEW.edition_id OR (SELECT parent_2.edition_id FROM refunds parent JOIN payments parent_1 ON parent_1.id = parent.payment_id JOIN sales_documents parent_2 ON parent_2.id = parent_1.document_id WHERE parent.id = NEW.refund_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER statement_lines_apart_update AFTER UPDATE OF edition_id, payment_id, refund_id ON statement_lines
FOR EACH ROW EXECUTE FUNCTION statement_lines_apart_update()

CREATE TRIGGER statement_lines_closed_insert AFTER INSERT ON statement_lines
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER statement_lines_closed_update AFTER UPDATE ON statement_lines
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER statement_lines_closed_delete AFTER DELETE ON statement_lines
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()
