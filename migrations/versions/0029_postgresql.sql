CREATE TRIGGER mailings_apart_update AFTER UPDATE OF edition_id ON mailings
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER mailings_closed_insert AFTER INSERT ON mailings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER mailings_closed_update AFTER UPDATE ON mailings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER mailings_closed_delete AFTER DELETE ON mailings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION mailing_recipients_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM mailings parent WHERE parent.id = OLD.mailing_id) <> (SELECT parent.edition_id FROM mailings parent WHERE parent.id = NEW.mailing_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER mailing_recipients_apart_update AFTER UPDATE OF mailing_id ON mailing_recipients
FOR EACH ROW EXECUTE FUNCTION mailing_recipients_apart_update()

CREATE OR REPLACE FUNCTION mailing_recipients_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM mailings parent WHERE parent.id = NEW.mailing_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER mailing_recipients_closed_insert AFTER INSERT ON mailing_recipients
FOR EACH ROW EXECUTE FUNCTION mailing_recipients_closed_insert()

CREATE OR REPLACE FUNCTION mailing_recipients_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM mailings parent WHERE parent.id = OLD.mailing_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER mailing_recipients_closed_update AFTER UPDATE ON mailing_recipients
FOR EACH ROW EXECUTE FUNCTION mailing_recipients_closed_update()

CREATE TRIGGER mailing_recipients_closed_delete AFTER DELETE ON mailing_recipients
FOR EACH ROW EXECUTE FUNCTION mailing_recipients_closed_update()
