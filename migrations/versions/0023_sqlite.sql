CREATE TRIGGER landmarks_apart_insert AFTER INSERT ON landmarks FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM halls parent WHERE parent.id = NEW.hall_id) <> NEW.edition_id;
END

CREATE TRIGGER landmarks_apart_update AFTER UPDATE OF edition_id, hall_id ON landmarks FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM halls parent WHERE parent.id = NEW.hall_id) <> NEW.edition_id;
END

CREATE TRIGGER landmarks_closed_insert AFTER INSERT ON landmarks FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = NEW.edition_id) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER landmarks_closed_update AFTER UPDATE ON landmarks FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = OLD.edition_id) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER landmarks_closed_delete AFTER DELETE ON landmarks FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = OLD.edition_id) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END
