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
