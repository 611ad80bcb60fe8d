CREATE OR REPLACE FUNCTION days_of_shifts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM edition_days WHERE edition_id = NEW.edition_id FOR KEY SHARE;
    IF NEW.status IN ('draft', 'published') AND EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id) AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id AND day_on = CAST(NEW.starts_at AT TIME ZONE 'UTC' + edition_days.utc_offset * interval '1 minute' AS date)) AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'outside_the_days'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'outside_the_days';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER days_of_shifts AFTER INSERT OR UPDATE OF starts_at, status
ON shifts FOR EACH ROW EXECUTE FUNCTION days_of_shifts()

CREATE OR REPLACE FUNCTION days_of_appointments() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM edition_days WHERE edition_id = NEW.edition_id FOR KEY SHARE;
    IF NEW.status = 'booked' AND EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id) AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id AND day_on = CAST(NEW.starts_at AT TIME ZONE 'UTC' + edition_days.utc_offset * interval '1 minute' AS date)) AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'outside_the_days'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'outside_the_days';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER days_of_appointments AFTER INSERT OR UPDATE OF starts_at, status
ON appointments FOR EACH ROW EXECUTE FUNCTION days_of_appointments()

CREATE OR REPLACE FUNCTION days_of_programme_items() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM edition_days WHERE edition_id = NEW.edition_id FOR KEY SHARE;
    IF NOT NEW.is_draft AND EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id) AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id AND day_on = CAST(NEW.starts_at AT TIME ZONE 'UTC' + edition_days.utc_offset * interval '1 minute' AS date)) AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'outside_the_days'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'outside_the_days';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER days_of_programme_items AFTER INSERT OR UPDATE OF starts_at, is_draft
ON programme_items FOR EACH ROW EXECUTE FUNCTION days_of_programme_items()

CREATE OR REPLACE FUNCTION days_of_needs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM edition_days WHERE edition_id = (SELECT edition_id FROM stands WHERE stands.id = NEW.stand_id) FOR KEY SHARE;
    IF 1 = 1 AND EXISTS (SELECT 1 FROM edition_days WHERE edition_id = (SELECT edition_id FROM stands WHERE stands.id = NEW.stand_id)) AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = (SELECT edition_id FROM stands WHERE stands.id = NEW.stand_id) AND day_on = CAST(NEW.starts_at AT TIME ZONE 'UTC' + edition_days.utc_offset * interval '1 minute' AS date)) AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'outside_the_days'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'outside_the_days';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER days_of_needs AFTER INSERT OR UPDATE OF starts_at, stand_id
ON needs FOR EACH ROW EXECUTE FUNCTION days_of_needs()

CREATE OR REPLACE FUNCTION days_of_what_is_live() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM shifts a WHERE a.edition_id = OLD.edition_id AND a.status IN ('draft', 'published') AND CAST(a.starts_at AT TIME ZONE 'UTC' + OLD.utc_offset * interval '1 minute' AS date) = OLD.day_on AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = OLD.edition_id AND day_on = CAST(a.starts_at AT TIME ZONE 'UTC' + edition_days.utc_offset * interval '1 minute' AS date))) OR EXISTS (SELECT 1 FROM appointments a WHERE a.edition_id = OLD.edition_id AND a.status = 'booked' AND CAST(a.starts_at AT TIME ZONE 'UTC' + OLD.utc_offset * interval '1 minute' AS date) = OLD.day_on AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = OLD.edition_id AND day_on = CAST(a.starts_at AT TIME ZONE 'UTC' + edition_days.utc_offset * interval '1 minute' AS date))) OR EXISTS (SELECT 1 FROM programme_items a WHERE a.edition_id = OLD.edition_id AND NOT a.is_draft AND CAST(a.starts_at AT TIME ZONE 'UTC' + OLD.utc_offset * interval '1 minute' AS date) = OLD.day_on AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = OLD.edition_id AND day_on = CAST(a.starts_at AT TIME ZONE 'UTC' + edition_days.utc_offset * interval '1 minute' AS date))) OR EXISTS (SELECT 1 FROM needs a WHERE (SELECT edition_id FROM stands WHERE stands.id = a.stand_id) = OLD.edition_id AND 1 = 1 AND CAST(a.starts_at AT TIME ZONE 'UTC' + OLD.utc_offset * interval '1 minute' AS date) = OLD.day_on AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = OLD.edition_id AND day_on = CAST(a.starts_at AT TIME ZONE 'UTC' + edition_days.utc_offset * interval '1 minute' AS date))) THEN
        RAISE EXCEPTION 'outside_the_days'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'outside_the_days';
    END IF;
    RETURN NULL;
END $$

CREATE CONSTRAINT TRIGGER days_of_what_is_live AFTER DELETE OR UPDATE OF day_on
ON edition_days DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION days_of_what_is_live()
