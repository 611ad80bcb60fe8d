CREATE TRIGGER undo_records_apart_update AFTER UPDATE OF edition_id ON undo_records
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER undo_records_closed_insert AFTER INSERT ON undo_records
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER undo_records_closed_update AFTER UPDATE ON undo_records
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER undo_records_closed_delete AFTER DELETE ON undo_records
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()
