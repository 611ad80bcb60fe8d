CREATE OR REPLACE FUNCTION quotes_are_agreed_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM sales_documents WHERE id = NEW.from_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM sales_documents agreed WHERE agreed.from_id = NEW.from_id AND agreed.id <> NEW.id AND agreed.kind = 'order') THEN
        RAISE EXCEPTION 'quotes_are_agreed_once'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'quotes_are_agreed_once';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER quotes_are_agreed_once AFTER INSERT ON sales_documents
FOR EACH ROW WHEN (NEW.kind = 'order') EXECUTE FUNCTION quotes_are_agreed_once()

CREATE OR REPLACE FUNCTION payments_keep_the_day_of_their_return() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'payments_keep_the_day_of_their_return'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_keep_the_day_of_their_return';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER payments_keep_the_day_of_their_return AFTER UPDATE OF cancelled_on ON payments
FOR EACH ROW WHEN (OLD.cancelled_at IS NOT NULL) EXECUTE FUNCTION payments_keep_the_day_of_their_return()

CREATE OR REPLACE FUNCTION refunds_keep_the_day_of_their_return() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'refunds_keep_the_day_of_their_return'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'refunds_keep_the_day_of_their_return';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER refunds_keep_the_day_of_their_return AFTER UPDATE OF cancelled_on ON refunds
FOR EACH ROW WHEN (OLD.cancelled_at IS NOT NULL) EXECUTE FUNCTION refunds_keep_the_day_of_their_return()
