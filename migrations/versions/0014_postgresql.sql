CREATE OR REPLACE FUNCTION payers_pay_for_themselves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM exhibitors WHERE id IN (NEW.exhibitor_id, NEW.payer_id) ORDER BY id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM sales WHERE payer_id IS NOT NULL AND exhibitor_id = NEW.payer_id OR payer_id = NEW.exhibitor_id) THEN
        RAISE EXCEPTION 'payers_pay_for_themselves'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payers_pay_for_themselves';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER payers_pay_for_themselves AFTER INSERT OR UPDATE OF payer_id ON sales
FOR EACH ROW WHEN (NEW.payer_id IS NOT NULL) EXECUTE FUNCTION payers_pay_for_themselves()

CREATE OR REPLACE FUNCTION billed_members_keep_their_payer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (NEW.payer_id IS NULL OR NEW.payer_id <> OLD.payer_id) AND (SELECT round(sum(CASE document.kind WHEN 'invoice' THEN line.net ELSE -line.net END), 2) FROM sales_lines line JOIN sales_documents document ON document.id = line.document_id WHERE line.exhibitor_id = NEW.exhibitor_id AND document.kind IN ('invoice', 'credit_note')) > 0 THEN
        RAISE EXCEPTION 'billed_members_keep_their_payer'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'billed_members_keep_their_payer';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER billed_members_keep_their_payer AFTER UPDATE OF payer_id ON sales
FOR EACH ROW WHEN (OLD.payer_id IS NOT NULL) EXECUTE FUNCTION billed_members_keep_their_payer()

CREATE OR REPLACE FUNCTION members_are_invoiced_to_their_payer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM sales WHERE exhibitor_id = NEW.exhibitor_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM sales_documents document WHERE document.id = NEW.document_id AND document.kind = 'invoice' AND NOT EXISTS (SELECT 1 FROM sales WHERE sales.exhibitor_id = NEW.exhibitor_id AND sales.payer_id = document.exhibitor_id)) THEN
        RAISE EXCEPTION 'members_are_invoiced_to_their_payer'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'members_are_invoiced_to_their_payer';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER members_are_invoiced_to_their_payer AFTER INSERT ON sales_lines
FOR EACH ROW WHEN (NEW.exhibitor_id IS NOT NULL) EXECUTE FUNCTION members_are_invoiced_to_their_payer()

CREATE TRIGGER sales_lines_stay AFTER UPDATE OF document_id, rank, code, label, unit, quantity, unit_price, vat_rate, net, exhibitor_id OR DELETE ON sales_lines
FOR EACH ROW EXECUTE FUNCTION sales_lines_stay()

CREATE OR REPLACE FUNCTION sales_lines_name_whom_they_are_for() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'sales_lines_name_whom_they_are_for'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sales_lines_name_whom_they_are_for';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_lines_name_whom_they_are_for AFTER UPDATE OF beneficiary ON sales_lines
FOR EACH ROW EXECUTE FUNCTION sales_lines_name_whom_they_are_for()

CREATE TRIGGER payments_say_what_was_received AFTER UPDATE OF document_id, amount, method, received_on, recorded_at, first_part_id ON payments
FOR EACH ROW EXECUTE FUNCTION payments_say_what_was_received()

CREATE OR REPLACE FUNCTION parts_are_of_one_receipt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments part WHERE part.id = NEW.first_part_id AND part.first_part_id IS NULL AND part.method = NEW.method AND part.received_on = NEW.received_on AND part.payer = NEW.payer AND part.reference = NEW.reference AND part.recorded_at = NEW.recorded_at) THEN
        RAISE EXCEPTION 'parts_are_of_one_receipt'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'parts_are_of_one_receipt';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER parts_are_of_one_receipt AFTER INSERT ON payments
FOR EACH ROW WHEN (NEW.first_part_id IS NOT NULL) EXECUTE FUNCTION parts_are_of_one_receipt()

CREATE OR REPLACE FUNCTION lines_are_the_receipts_of_their_amount() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.outcome = 'recorded' AND (SELECT round(sum(amount) - NEW.amount, 2) FROM payments WHERE NEW.payment_id IN (id, first_part_id)) <> 0 THEN
        RAISE EXCEPTION 'lines_are_the_receipts_of_their_amount'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'lines_are_the_receipts_of_their_amount';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER lines_are_the_receipts_of_their_amount AFTER UPDATE OF payment_id, outcome ON statement_lines
FOR EACH ROW WHEN (NEW.payment_id IS NOT NULL) EXECUTE FUNCTION lines_are_the_receipts_of_their_amount()

CREATE OR REPLACE FUNCTION sales_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.payer_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_apart_insert AFTER INSERT ON sales
FOR EACH ROW EXECUTE FUNCTION sales_apart_insert()

CREATE OR REPLACE FUNCTION sales_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.exhibitor_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) OR (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.payer_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_apart_update AFTER UPDATE OF exhibitor_id, payer_id ON sales
FOR EACH ROW EXECUTE FUNCTION sales_apart_update()

CREATE OR REPLACE FUNCTION payments_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.first_part_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER payments_apart_insert AFTER INSERT ON payments
FOR EACH ROW EXECUTE FUNCTION payments_apart_insert()

CREATE OR REPLACE FUNCTION payments_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = OLD.document_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) OR (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.first_part_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER payments_apart_update AFTER UPDATE OF document_id, first_part_id ON payments
FOR EACH ROW EXECUTE FUNCTION payments_apart_update()

CREATE OR REPLACE FUNCTION sales_lines_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_lines_apart_insert AFTER INSERT ON sales_lines
FOR EACH ROW EXECUTE FUNCTION sales_lines_apart_insert()

CREATE OR REPLACE FUNCTION sales_lines_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = OLD.document_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) OR (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_lines_apart_update AFTER UPDATE OF document_id, exhibitor_id ON sales_lines
FOR EACH ROW EXECUTE FUNCTION sales_lines_apart_update()

CREATE OR REPLACE FUNCTION sales_papers_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = OLD.document_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_papers_apart_update AFTER UPDATE OF document_id ON sales_papers
FOR EACH ROW EXECUTE FUNCTION sales_papers_apart_update()
