CREATE TRIGGER distinct_exhibitors_apart_insert AFTER INSERT ON distinct_exhibitors FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.second_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.first_id);
END

CREATE TRIGGER distinct_exhibitors_apart_update AFTER UPDATE OF first_id, second_id ON distinct_exhibitors FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.first_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.first_id) OR (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.second_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.first_id);
END

CREATE TRIGGER distinct_exhibitors_closed_insert AFTER INSERT ON distinct_exhibitors FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.first_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER distinct_exhibitors_closed_update AFTER UPDATE ON distinct_exhibitors FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.first_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER distinct_exhibitors_closed_delete AFTER DELETE ON distinct_exhibitors FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.first_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER distinct_agents_apart_insert AFTER INSERT ON distinct_agents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.second_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.first_id);
END

CREATE TRIGGER distinct_agents_apart_update AFTER UPDATE OF first_id, second_id ON distinct_agents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.first_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.first_id) OR (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.second_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.first_id);
END

CREATE TRIGGER distinct_agents_closed_insert AFTER INSERT ON distinct_agents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.first_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER distinct_agents_closed_update AFTER UPDATE ON distinct_agents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.first_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER distinct_agents_closed_delete AFTER DELETE ON distinct_agents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.first_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER merged_agents_apart_insert AFTER INSERT ON merged_agents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.kept_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id);
END

CREATE TRIGGER merged_agents_apart_update AFTER UPDATE OF agent_id, kept_id ON merged_agents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.agent_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) OR (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.kept_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id);
END

CREATE TRIGGER merged_agents_closed_insert AFTER INSERT ON merged_agents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER merged_agents_closed_update AFTER UPDATE ON merged_agents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.agent_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER merged_agents_closed_delete AFTER DELETE ON merged_agents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.agent_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER distinct_people_apart_insert AFTER INSERT ON distinct_people FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.second_id) <> (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.first_id);
END

CREATE TRIGGER distinct_people_apart_update AFTER UPDATE OF first_id, second_id ON distinct_people FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM attendees parent WHERE parent.id = OLD.first_id) <> (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.first_id) OR (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.second_id) <> (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.first_id);
END

CREATE TRIGGER distinct_people_closed_insert AFTER INSERT ON distinct_people FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.first_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER distinct_people_closed_update AFTER UPDATE ON distinct_people FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM attendees parent WHERE parent.id = OLD.first_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER distinct_people_closed_delete AFTER DELETE ON distinct_people FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM attendees parent WHERE parent.id = OLD.first_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER merged_people_apart_insert AFTER INSERT ON merged_people FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.kept_id) <> (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id);
END

CREATE TRIGGER merged_people_apart_update AFTER UPDATE OF attendee_id, kept_id ON merged_people FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM attendees parent WHERE parent.id = OLD.attendee_id) <> (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) OR (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.kept_id) <> (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id);
END

CREATE TRIGGER merged_people_closed_insert AFTER INSERT ON merged_people FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER merged_people_closed_update AFTER UPDATE ON merged_people FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM attendees parent WHERE parent.id = OLD.attendee_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER merged_people_closed_delete AFTER DELETE ON merged_people FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM attendees parent WHERE parent.id = OLD.attendee_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END
