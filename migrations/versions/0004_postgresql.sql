CREATE OR REPLACE FUNCTION closed_sales_sell_nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM sales WHERE exhibitor_id = NEW.exhibitor_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM sales WHERE exhibitor_id = NEW.exhibitor_id AND status = 'closed') THEN
        RAISE EXCEPTION 'closed_sales_sell_nothing'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'closed_sales_sell_nothing';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER closed_sales_sell_nothing AFTER INSERT ON sales_documents
FOR EACH ROW WHEN (NEW.kind <> 'credit_note') EXECUTE FUNCTION closed_sales_sell_nothing()
