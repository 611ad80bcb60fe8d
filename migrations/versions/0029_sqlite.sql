CREATE TRIGGER mailings_apart_update AFTER UPDATE OF edition_id ON mailings FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE OLD.edition_id <> NEW.edition_id;
END

CREATE TRIGGER mailings_closed_insert AFTER INSERT ON mailings FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = NEW.edition_id) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER mailings_closed_update AFTER UPDATE ON mailings FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = OLD.edition_id) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER mailings_closed_delete AFTER DELETE ON mailings FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = OLD.edition_id) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER mailing_recipients_apart_update AFTER UPDATE OF mailing_id ON mailing_recipients FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM mailings parent WHERE parent.id = OLD.mailing_id) <> (SELECT parent.edition_id FROM mailings parent WHERE parent.id = NEW.mailing_id);
END

CREATE TRIGGER mailing_recipients_closed_insert AFTER INSERT ON mailing_recipients FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM mailings parent WHERE parent.id = NEW.mailing_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER mailing_recipients_closed_update AFTER UPDATE ON mailing_recipients FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM mailings parent WHERE parent.id = OLD.mailing_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER mailing_recipients_closed_delete AFTER DELETE ON mailing_recipients FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM mailings parent WHERE parent.id = OLD.mailing_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END
