CREATE TRIGGER book_filters_apart_update AFTER UPDATE OF edition_id ON book_filters
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER book_filters_closed_insert AFTER INSERT ON book_filters
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER book_filters_closed_update AFTER UPDATE ON book_filters
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER book_filters_closed_delete AFTER DELETE ON book_filters
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()
