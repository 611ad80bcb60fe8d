CREATE TRIGGER negotiated_lines_stay_on_delete
AFTER DELETE ON negotiated_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'negotiated_lines_stay') WHERE 1 = 1;
END

CREATE TRIGGER negotiated_lines_say_what_was_granted_on_update
AFTER UPDATE OF exhibitor_id, quantity, unit_price, vat_rate, supply, granted_at ON negotiated_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'negotiated_lines_say_what_was_granted') WHERE 1 = 1;
END

CREATE TRIGGER negotiated_lines_name_who_granted_them_on_update
AFTER UPDATE OF label, reason, granted_by ON negotiated_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'negotiated_lines_name_who_granted_them') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER negotiated_lines_are_withdrawn_once_on_update
AFTER UPDATE OF withdrawn_at ON negotiated_lines FOR EACH ROW WHEN OLD.withdrawn_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'negotiated_lines_are_withdrawn_once') WHERE 1 = 1;
END

CREATE TRIGGER negotiated_lines_apart_insert AFTER INSERT ON negotiated_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM price_items parent WHERE parent.id = NEW.item_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id);
END

CREATE TRIGGER negotiated_lines_apart_update AFTER UPDATE OF exhibitor_id, item_id ON negotiated_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.exhibitor_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) OR (SELECT parent.edition_id FROM price_items parent WHERE parent.id = NEW.item_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id);
END

CREATE TRIGGER negotiated_lines_closed_insert AFTER INSERT ON negotiated_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER negotiated_lines_closed_update AFTER UPDATE ON negotiated_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.exhibitor_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER negotiated_lines_closed_delete AFTER DELETE ON negotiated_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.exhibitor_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END
