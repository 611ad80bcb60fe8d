CREATE OR REPLACE FUNCTION landmarks_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM halls parent WHERE parent.id = NEW.hall_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER landmarks_apart_insert AFTER INSERT ON landmarks
FOR EACH ROW EXECUTE FUNCTION landmarks_apart_insert()

CREATE OR REPLACE FUNCTION landmarks_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM halls parent WHERE parent.id = NEW.hall_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER landmarks_apart_update AFTER UPDATE OF edition_id, hall_id ON landmarks
FOR EACH ROW EXECUTE FUNCTION landmarks_apart_update()

CREATE TRIGGER landmarks_closed_insert AFTER INSERT ON landmarks
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER landmarks_closed_update AFTER UPDATE ON landmarks
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER landmarks_closed_delete AFTER DELETE ON landmarks
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER stands_apart_insert AFTER INSERT ON stands
FOR EACH ROW EXECUTE FUNCTION landmarks_apart_insert()

CREATE TRIGGER stands_apart_update AFTER UPDATE OF edition_id, hall_id ON stands
FOR EACH ROW EXECUTE FUNCTION landmarks_apart_update()

DROP FUNCTION stands_apart_insert()

DROP FUNCTION stands_apart_update()
