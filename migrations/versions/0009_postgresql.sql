CREATE OR REPLACE FUNCTION negotiated_lines_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'negotiated_lines_stay'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'negotiated_lines_stay';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER negotiated_lines_stay AFTER DELETE ON negotiated_lines
FOR EACH ROW EXECUTE FUNCTION negotiated_lines_stay()

CREATE OR REPLACE FUNCTION negotiated_lines_say_what_was_granted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'negotiated_lines_say_what_was_granted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'negotiated_lines_say_what_was_granted';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER negotiated_lines_say_what_was_granted AFTER UPDATE OF exhibitor_id, quantity, unit_price, vat_rate, supply, granted_at ON negotiated_lines
FOR EACH ROW EXECUTE FUNCTION negotiated_lines_say_what_was_granted()

CREATE OR REPLACE FUNCTION negotiated_lines_name_who_granted_them() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'negotiated_lines_name_who_granted_them'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'negotiated_lines_name_who_granted_them';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER negotiated_lines_name_who_granted_them AFTER UPDATE OF label, reason, granted_by ON negotiated_lines
FOR EACH ROW EXECUTE FUNCTION negotiated_lines_name_who_granted_them()

CREATE OR REPLACE FUNCTION negotiated_lines_are_withdrawn_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'negotiated_lines_are_withdrawn_once'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'negotiated_lines_are_withdrawn_once';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER negotiated_lines_are_withdrawn_once AFTER UPDATE OF withdrawn_at ON negotiated_lines
FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION negotiated_lines_are_withdrawn_once()

CREATE OR REPLACE FUNCTION negotiated_lines_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM price_items parent WHERE parent.id = NEW.item_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER negotiated_lines_apart_insert AFTER INSERT ON negotiated_lines
FOR EACH ROW EXECUTE FUNCTION negotiated_lines_apart_insert()

CREATE OR REPLACE FUNCTION negotiated_lines_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.exhibitor_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) OR (SELECT parent.edition_id FROM price_items parent WHERE parent.id = NEW.item_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER negotiated_lines_apart_update AFTER UPDATE OF exhibitor_id, item_id ON negotiated_lines
FOR EACH ROW EXECUTE FUNCTION negotiated_lines_apart_update()

CREATE TRIGGER negotiated_lines_closed_insert AFTER INSERT ON negotiated_lines
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_insert()

CREATE TRIGGER negotiated_lines_closed_update AFTER UPDATE ON negotiated_lines
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER negotiated_lines_closed_delete AFTER DELETE ON negotiated_lines
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()
