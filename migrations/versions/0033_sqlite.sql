CREATE TRIGGER days_of_shifts_insert
AFTER INSERT ON shifts FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'outside_the_days') WHERE NEW.status IN ('draft', 'published') AND EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id) AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id AND day_on = date(NEW.starts_at, edition_days.utc_offset || ' minutes')) AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER days_of_shifts_update
AFTER UPDATE OF starts_at, status ON shifts FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'outside_the_days') WHERE NEW.status IN ('draft', 'published') AND EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id) AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id AND day_on = date(NEW.starts_at, edition_days.utc_offset || ' minutes')) AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
    DELETE FROM unsettled WHERE name = 'days_of_shifts' AND row_id = NEW.id;
END

CREATE TRIGGER days_of_shifts_delete
AFTER DELETE ON shifts FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'days_of_shifts' AND row_id = OLD.id;
END

CREATE TRIGGER days_of_shifts_held
AFTER INSERT ON edition_days FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'days_of_shifts' AND row_id IN (SELECT a.id FROM shifts a WHERE a.edition_id = NEW.edition_id AND date(a.starts_at, NEW.utc_offset || ' minutes') = NEW.day_on);
END

CREATE TRIGGER days_of_shifts_moved
AFTER UPDATE OF day_on ON edition_days FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id) SELECT 'days_of_shifts', a.id FROM shifts a WHERE a.edition_id = OLD.edition_id AND a.status IN ('draft', 'published') AND date(a.starts_at, OLD.utc_offset || ' minutes') = OLD.day_on AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = OLD.edition_id AND day_on = date(a.starts_at, edition_days.utc_offset || ' minutes'));
    DELETE FROM unsettled WHERE name = 'days_of_shifts' AND row_id IN (SELECT a.id FROM shifts a WHERE a.edition_id = NEW.edition_id AND date(a.starts_at, NEW.utc_offset || ' minutes') = NEW.day_on);
END

CREATE TRIGGER days_of_shifts_left
AFTER DELETE ON edition_days FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id) SELECT 'days_of_shifts', a.id FROM shifts a WHERE a.edition_id = OLD.edition_id AND a.status IN ('draft', 'published') AND date(a.starts_at, OLD.utc_offset || ' minutes') = OLD.day_on AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = OLD.edition_id AND day_on = date(a.starts_at, edition_days.utc_offset || ' minutes'));
END

CREATE TRIGGER days_of_appointments_insert
AFTER INSERT ON appointments FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'outside_the_days') WHERE NEW.status = 'booked' AND EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id) AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id AND day_on = date(NEW.starts_at, edition_days.utc_offset || ' minutes')) AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER days_of_appointments_update
AFTER UPDATE OF starts_at, status ON appointments FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'outside_the_days') WHERE NEW.status = 'booked' AND EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id) AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id AND day_on = date(NEW.starts_at, edition_days.utc_offset || ' minutes')) AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
    DELETE FROM unsettled WHERE name = 'days_of_appointments' AND row_id = NEW.id;
END

CREATE TRIGGER days_of_appointments_delete
AFTER DELETE ON appointments FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'days_of_appointments' AND row_id = OLD.id;
END

CREATE TRIGGER days_of_appointments_held
AFTER INSERT ON edition_days FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'days_of_appointments' AND row_id IN (SELECT a.id FROM appointments a WHERE a.edition_id = NEW.edition_id AND date(a.starts_at, NEW.utc_offset || ' minutes') = NEW.day_on);
END

CREATE TRIGGER days_of_appointments_moved
AFTER UPDATE OF day_on ON edition_days FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id) SELECT 'days_of_appointments', a.id FROM appointments a WHERE a.edition_id = OLD.edition_id AND a.status = 'booked' AND date(a.starts_at, OLD.utc_offset || ' minutes') = OLD.day_on AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = OLD.edition_id AND day_on = date(a.starts_at, edition_days.utc_offset || ' minutes'));
    DELETE FROM unsettled WHERE name = 'days_of_appointments' AND row_id IN (SELECT a.id FROM appointments a WHERE a.edition_id = NEW.edition_id AND date(a.starts_at, NEW.utc_offset || ' minutes') = NEW.day_on);
END

CREATE TRIGGER days_of_appointments_left
AFTER DELETE ON edition_days FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id) SELECT 'days_of_appointments', a.id FROM appointments a WHERE a.edition_id = OLD.edition_id AND a.status = 'booked' AND date(a.starts_at, OLD.utc_offset || ' minutes') = OLD.day_on AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = OLD.edition_id AND day_on = date(a.starts_at, edition_days.utc_offset || ' minutes'));
END

CREATE TRIGGER days_of_programme_items_insert
AFTER INSERT ON programme_items FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'outside_the_days') WHERE NOT NEW.is_draft AND EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id) AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id AND day_on = date(NEW.starts_at, edition_days.utc_offset || ' minutes')) AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER days_of_programme_items_update
AFTER UPDATE OF starts_at, is_draft ON programme_items FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'outside_the_days') WHERE NOT NEW.is_draft AND EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id) AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = NEW.edition_id AND day_on = date(NEW.starts_at, edition_days.utc_offset || ' minutes')) AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
    DELETE FROM unsettled WHERE name = 'days_of_programme_items' AND row_id = NEW.id;
END

CREATE TRIGGER days_of_programme_items_delete
AFTER DELETE ON programme_items FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'days_of_programme_items' AND row_id = OLD.id;
END

CREATE TRIGGER days_of_programme_items_held
AFTER INSERT ON edition_days FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'days_of_programme_items' AND row_id IN (SELECT a.id FROM programme_items a WHERE a.edition_id = NEW.edition_id AND date(a.starts_at, NEW.utc_offset || ' minutes') = NEW.day_on);
END

CREATE TRIGGER days_of_programme_items_moved
AFTER UPDATE OF day_on ON edition_days FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id) SELECT 'days_of_programme_items', a.id FROM programme_items a WHERE a.edition_id = OLD.edition_id AND NOT a.is_draft AND date(a.starts_at, OLD.utc_offset || ' minutes') = OLD.day_on AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = OLD.edition_id AND day_on = date(a.starts_at, edition_days.utc_offset || ' minutes'));
    DELETE FROM unsettled WHERE name = 'days_of_programme_items' AND row_id IN (SELECT a.id FROM programme_items a WHERE a.edition_id = NEW.edition_id AND date(a.starts_at, NEW.utc_offset || ' minutes') = NEW.day_on);
END

CREATE TRIGGER days_of_programme_items_left
AFTER DELETE ON edition_days FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id) SELECT 'days_of_programme_items', a.id FROM programme_items a WHERE a.edition_id = OLD.edition_id AND NOT a.is_draft AND date(a.starts_at, OLD.utc_offset || ' minutes') = OLD.day_on AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = OLD.edition_id AND day_on = date(a.starts_at, edition_days.utc_offset || ' minutes'));
END

CREATE TRIGGER days_of_needs_insert
AFTER INSERT ON needs FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'outside_the_days') WHERE 1 = 1 AND EXISTS (SELECT 1 FROM edition_days WHERE edition_id = (SELECT edition_id FROM stands WHERE stands.id = NEW.stand_id)) AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = (SELECT edition_id FROM stands WHERE stands.id = NEW.stand_id) AND day_on = date(NEW.starts_at, edition_days.utc_offset || ' minutes')) AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER days_of_needs_update
AFTER UPDATE OF starts_at, stand_id ON needs FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'outside_the_days') WHERE 1 = 1 AND EXISTS (SELECT 1 FROM edition_days WHERE edition_id = (SELECT edition_id FROM stands WHERE stands.id = NEW.stand_id)) AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = (SELECT edition_id FROM stands WHERE stands.id = NEW.stand_id) AND day_on = date(NEW.starts_at, edition_days.utc_offset || ' minutes')) AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
    DELETE FROM unsettled WHERE name = 'days_of_needs' AND row_id = NEW.id;
END

CREATE TRIGGER days_of_needs_delete
AFTER DELETE ON needs FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'days_of_needs' AND row_id = OLD.id;
END

CREATE TRIGGER days_of_needs_held
AFTER INSERT ON edition_days FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'days_of_needs' AND row_id IN (SELECT a.id FROM needs a WHERE (SELECT edition_id FROM stands WHERE stands.id = a.stand_id) = NEW.edition_id AND date(a.starts_at, NEW.utc_offset || ' minutes') = NEW.day_on);
END

CREATE TRIGGER days_of_needs_moved
AFTER UPDATE OF day_on ON edition_days FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id) SELECT 'days_of_needs', a.id FROM needs a WHERE (SELECT edition_id FROM stands WHERE stands.id = a.stand_id) = OLD.edition_id AND 1 = 1 AND date(a.starts_at, OLD.utc_offset || ' minutes') = OLD.day_on AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = OLD.edition_id AND day_on = date(a.starts_at, edition_days.utc_offset || ' minutes'));
    DELETE FROM unsettled WHERE name = 'days_of_needs' AND row_id IN (SELECT a.id FROM needs a WHERE (SELECT edition_id FROM stands WHERE stands.id = a.stand_id) = NEW.edition_id AND date(a.starts_at, NEW.utc_offset || ' minutes') = NEW.day_on);
END

CREATE TRIGGER days_of_needs_left
AFTER DELETE ON edition_days FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id) SELECT 'days_of_needs', a.id FROM needs a WHERE (SELECT edition_id FROM stands WHERE stands.id = a.stand_id) = OLD.edition_id AND 1 = 1 AND date(a.starts_at, OLD.utc_offset || ' minutes') = OLD.day_on AND NOT EXISTS (SELECT 1 FROM edition_days WHERE edition_id = OLD.edition_id AND day_on = date(a.starts_at, edition_days.utc_offset || ' minutes'));
END
