CREATE OR REPLACE FUNCTION badge_settings_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER badge_settings_apart_update AFTER UPDATE OF edition_id ON badge_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE OR REPLACE FUNCTION badge_settings_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = NEW.edition_id) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER badge_settings_closed_insert AFTER INSERT ON badge_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE OR REPLACE FUNCTION badge_settings_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = OLD.edition_id) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER badge_settings_closed_update AFTER UPDATE ON badge_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER badge_settings_closed_delete AFTER DELETE ON badge_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER booking_settings_apart_update AFTER UPDATE OF edition_id ON booking_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER booking_settings_closed_insert AFTER INSERT ON booking_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER booking_settings_closed_update AFTER UPDATE ON booking_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER booking_settings_closed_delete AFTER DELETE ON booking_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER data_releases_apart_update AFTER UPDATE OF edition_id ON data_releases
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER edition_days_apart_update AFTER UPDATE OF edition_id ON edition_days
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER edition_days_closed_insert AFTER INSERT ON edition_days
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER edition_days_closed_update AFTER UPDATE ON edition_days
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER edition_days_closed_delete AFTER DELETE ON edition_days
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER entrance_settings_apart_update AFTER UPDATE OF edition_id ON entrance_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER entrance_settings_closed_insert AFTER INSERT ON entrance_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER entrance_settings_closed_update AFTER UPDATE ON entrance_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER entrance_settings_closed_delete AFTER DELETE ON entrance_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER exhibitor_terms_apart_update AFTER UPDATE OF edition_id ON exhibitor_terms
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER exhibitor_terms_closed_insert AFTER INSERT ON exhibitor_terms
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER exhibitor_terms_closed_update AFTER UPDATE ON exhibitor_terms
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER exhibitor_terms_closed_delete AFTER DELETE ON exhibitor_terms
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER groups_apart_update AFTER UPDATE OF edition_id ON groups
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER groups_closed_insert AFTER INSERT ON groups
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER groups_closed_update AFTER UPDATE ON groups
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER groups_closed_delete AFTER DELETE ON groups
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER halls_apart_update AFTER UPDATE OF edition_id ON halls
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER halls_closed_insert AFTER INSERT ON halls
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER halls_closed_update AFTER UPDATE ON halls
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER halls_closed_delete AFTER DELETE ON halls
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER kept_figures_apart_update AFTER UPDATE OF edition_id ON kept_figures
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER mail_settings_apart_update AFTER UPDATE OF edition_id ON mail_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER mail_settings_closed_insert AFTER INSERT ON mail_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER mail_settings_closed_update AFTER UPDATE ON mail_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER mail_settings_closed_delete AFTER DELETE ON mail_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER paper_packs_apart_update AFTER UPDATE OF edition_id ON paper_packs
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER plan_proposals_apart_update AFTER UPDATE OF edition_id ON plan_proposals
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER price_items_apart_update AFTER UPDATE OF edition_id ON price_items
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER price_items_closed_insert AFTER INSERT ON price_items
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER price_items_closed_update AFTER UPDATE ON price_items
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER price_items_closed_delete AFTER DELETE ON price_items
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER print_runs_apart_update AFTER UPDATE OF edition_id ON print_runs
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER publications_apart_update AFTER UPDATE OF edition_id ON publications
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER publications_closed_insert AFTER INSERT ON publications
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER publications_closed_update AFTER UPDATE ON publications
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER publications_closed_delete AFTER DELETE ON publications
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER read_tokens_apart_update AFTER UPDATE OF edition_id ON read_tokens
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER registration_settings_apart_update AFTER UPDATE OF edition_id ON registration_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER registration_settings_closed_insert AFTER INSERT ON registration_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER registration_settings_closed_update AFTER UPDATE ON registration_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER registration_settings_closed_delete AFTER DELETE ON registration_settings
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER rooms_apart_update AFTER UPDATE OF edition_id ON rooms
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER rooms_closed_insert AFTER INSERT ON rooms
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER rooms_closed_update AFTER UPDATE ON rooms
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER rooms_closed_delete AFTER DELETE ON rooms
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER rota_runs_apart_update AFTER UPDATE OF edition_id ON rota_runs
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER rotas_apart_update AFTER UPDATE OF edition_id ON rotas
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER rotas_closed_insert AFTER INSERT ON rotas
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER rotas_closed_update AFTER UPDATE ON rotas
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER rotas_closed_delete AFTER DELETE ON rotas
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER stations_apart_update AFTER UPDATE OF edition_id ON stations
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER text_versions_apart_update AFTER UPDATE OF edition_id ON text_versions
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER text_versions_closed_insert AFTER INSERT ON text_versions
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER text_versions_closed_update AFTER UPDATE ON text_versions
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER text_versions_closed_delete AFTER DELETE ON text_versions
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER topics_apart_update AFTER UPDATE OF edition_id ON topics
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER topics_closed_insert AFTER INSERT ON topics
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER topics_closed_update AFTER UPDATE ON topics
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER topics_closed_delete AFTER DELETE ON topics
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION added_tasks_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM exhibitor_terms parent WHERE parent.id = OLD.terms_id) <> (SELECT parent.edition_id FROM exhibitor_terms parent WHERE parent.id = NEW.terms_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER added_tasks_apart_update AFTER UPDATE OF terms_id ON added_tasks
FOR EACH ROW EXECUTE FUNCTION added_tasks_apart_update()

CREATE OR REPLACE FUNCTION added_tasks_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM exhibitor_terms parent WHERE parent.id = NEW.terms_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER added_tasks_closed_insert AFTER INSERT ON added_tasks
FOR EACH ROW EXECUTE FUNCTION added_tasks_closed_insert()

CREATE OR REPLACE FUNCTION added_tasks_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM exhibitor_terms parent WHERE parent.id = OLD.terms_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER added_tasks_closed_update AFTER UPDATE ON added_tasks
FOR EACH ROW EXECUTE FUNCTION added_tasks_closed_update()

CREATE TRIGGER added_tasks_closed_delete AFTER DELETE ON added_tasks
FOR EACH ROW EXECUTE FUNCTION added_tasks_closed_update()

CREATE OR REPLACE FUNCTION data_files_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM data_releases parent WHERE parent.id = OLD.release_id) <> (SELECT parent.edition_id FROM data_releases parent WHERE parent.id = NEW.release_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER data_files_apart_update AFTER UPDATE OF release_id ON data_files
FOR EACH ROW EXECUTE FUNCTION data_files_apart_update()

CREATE OR REPLACE FUNCTION paper_pages_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM paper_packs parent WHERE parent.id = OLD.pack_id) <> (SELECT parent.edition_id FROM paper_packs parent WHERE parent.id = NEW.pack_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER paper_pages_apart_update AFTER UPDATE OF pack_id ON paper_pages
FOR EACH ROW EXECUTE FUNCTION paper_pages_apart_update()

CREATE OR REPLACE FUNCTION stands_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM halls parent WHERE parent.id = NEW.hall_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER stands_apart_insert AFTER INSERT ON stands
FOR EACH ROW EXECUTE FUNCTION stands_apart_insert()

CREATE OR REPLACE FUNCTION stands_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM halls parent WHERE parent.id = NEW.hall_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER stands_apart_update AFTER UPDATE OF edition_id, hall_id ON stands
FOR EACH ROW EXECUTE FUNCTION stands_apart_update()

CREATE TRIGGER stands_closed_insert AFTER INSERT ON stands
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER stands_closed_update AFTER UPDATE ON stands
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER stands_closed_delete AFTER DELETE ON stands
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION exhibitors_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.parent_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM halls parent WHERE parent.id = NEW.wished_hall_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER exhibitors_apart_insert AFTER INSERT ON exhibitors
FOR EACH ROW EXECUTE FUNCTION exhibitors_apart_insert()

CREATE OR REPLACE FUNCTION exhibitors_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.parent_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM halls parent WHERE parent.id = NEW.wished_hall_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER exhibitors_apart_update AFTER UPDATE OF edition_id, parent_id, stand_id, wished_hall_id ON exhibitors
FOR EACH ROW EXECUTE FUNCTION exhibitors_apart_update()

CREATE TRIGGER exhibitors_closed_insert AFTER INSERT ON exhibitors
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER exhibitors_closed_update AFTER UPDATE ON exhibitors
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER exhibitors_closed_delete AFTER DELETE ON exhibitors
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION needs_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM stands parent WHERE parent.id = OLD.stand_id) <> (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER needs_apart_update AFTER UPDATE OF stand_id ON needs
FOR EACH ROW EXECUTE FUNCTION needs_apart_update()

CREATE OR REPLACE FUNCTION needs_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER needs_closed_insert AFTER INSERT ON needs
FOR EACH ROW EXECUTE FUNCTION needs_closed_insert()

CREATE OR REPLACE FUNCTION needs_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM stands parent WHERE parent.id = OLD.stand_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER needs_closed_update AFTER UPDATE ON needs
FOR EACH ROW EXECUTE FUNCTION needs_closed_update()

CREATE TRIGGER needs_closed_delete AFTER DELETE ON needs
FOR EACH ROW EXECUTE FUNCTION needs_closed_update()

CREATE OR REPLACE FUNCTION partner_bodies_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER partner_bodies_apart_insert AFTER INSERT ON partner_bodies
FOR EACH ROW EXECUTE FUNCTION partner_bodies_apart_insert()

CREATE OR REPLACE FUNCTION partner_bodies_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER partner_bodies_apart_update AFTER UPDATE OF edition_id, stand_id ON partner_bodies
FOR EACH ROW EXECUTE FUNCTION partner_bodies_apart_update()

CREATE TRIGGER partner_bodies_closed_insert AFTER INSERT ON partner_bodies
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER partner_bodies_closed_update AFTER UPDATE ON partner_bodies
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER partner_bodies_closed_delete AFTER DELETE ON partner_bodies
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER stand_bookings_apart_update AFTER UPDATE OF stand_id ON stand_bookings
FOR EACH ROW EXECUTE FUNCTION needs_apart_update()

CREATE TRIGGER stand_bookings_closed_insert AFTER INSERT ON stand_bookings
FOR EACH ROW EXECUTE FUNCTION needs_closed_insert()

CREATE TRIGGER stand_bookings_closed_update AFTER UPDATE ON stand_bookings
FOR EACH ROW EXECUTE FUNCTION needs_closed_update()

CREATE TRIGGER stand_bookings_closed_delete AFTER DELETE ON stand_bookings
FOR EACH ROW EXECUTE FUNCTION needs_closed_update()

CREATE TRIGGER zones_apart_insert AFTER INSERT ON zones
FOR EACH ROW EXECUTE FUNCTION partner_bodies_apart_insert()

CREATE TRIGGER zones_apart_update AFTER UPDATE OF edition_id, stand_id ON zones
FOR EACH ROW EXECUTE FUNCTION partner_bodies_apart_update()

CREATE TRIGGER zones_closed_insert AFTER INSERT ON zones
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER zones_closed_update AFTER UPDATE ON zones
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER zones_closed_delete AFTER DELETE ON zones
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION agents_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM partner_bodies parent WHERE parent.id = NEW.body_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER agents_apart_insert AFTER INSERT ON agents
FOR EACH ROW EXECUTE FUNCTION agents_apart_insert()

CREATE OR REPLACE FUNCTION agents_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM partner_bodies parent WHERE parent.id = NEW.body_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER agents_apart_update AFTER UPDATE OF edition_id, body_id ON agents
FOR EACH ROW EXECUTE FUNCTION agents_apart_update()

CREATE TRIGGER agents_closed_insert AFTER INSERT ON agents
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER agents_closed_update AFTER UPDATE ON agents
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER agents_closed_delete AFTER DELETE ON agents
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION billing_details_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.exhibitor_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER billing_details_apart_update AFTER UPDATE OF exhibitor_id ON billing_details
FOR EACH ROW EXECUTE FUNCTION billing_details_apart_update()

CREATE OR REPLACE FUNCTION billing_details_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER billing_details_closed_insert AFTER INSERT ON billing_details
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_insert()

CREATE OR REPLACE FUNCTION billing_details_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.exhibitor_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER billing_details_closed_update AFTER UPDATE ON billing_details
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER billing_details_closed_delete AFTER DELETE ON billing_details
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER co_exhibitors_apart_update AFTER UPDATE OF exhibitor_id ON co_exhibitors
FOR EACH ROW EXECUTE FUNCTION billing_details_apart_update()

CREATE TRIGGER co_exhibitors_closed_insert AFTER INSERT ON co_exhibitors
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_insert()

CREATE TRIGGER co_exhibitors_closed_update AFTER UPDATE ON co_exhibitors
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER co_exhibitors_closed_delete AFTER DELETE ON co_exhibitors
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE OR REPLACE FUNCTION doors_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM zones parent WHERE parent.id = NEW.zone_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER doors_apart_insert AFTER INSERT ON doors
FOR EACH ROW EXECUTE FUNCTION doors_apart_insert()

CREATE OR REPLACE FUNCTION doors_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM zones parent WHERE parent.id = NEW.zone_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER doors_apart_update AFTER UPDATE OF edition_id, zone_id ON doors
FOR EACH ROW EXECUTE FUNCTION doors_apart_update()

CREATE TRIGGER doors_closed_insert AFTER INSERT ON doors
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER doors_closed_update AFTER UPDATE ON doors
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER doors_closed_delete AFTER DELETE ON doors
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER exhibitor_contacts_apart_update AFTER UPDATE OF exhibitor_id ON exhibitor_contacts
FOR EACH ROW EXECUTE FUNCTION billing_details_apart_update()

CREATE TRIGGER exhibitor_contacts_closed_insert AFTER INSERT ON exhibitor_contacts
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_insert()

CREATE TRIGGER exhibitor_contacts_closed_update AFTER UPDATE ON exhibitor_contacts
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER exhibitor_contacts_closed_delete AFTER DELETE ON exhibitor_contacts
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE OR REPLACE FUNCTION exhibitor_documents_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent_1.edition_id FROM added_tasks parent JOIN exhibitor_terms parent_1 ON parent_1.id = parent.terms_id WHERE parent.id = NEW.task_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER exhibitor_documents_apart_insert AFTER INSERT ON exhibitor_documents
FOR EACH ROW EXECUTE FUNCTION exhibitor_documents_apart_insert()

CREATE OR REPLACE FUNCTION exhibitor_documents_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.exhibitor_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) OR (SELECT parent_1.edition_id FROM added_tasks parent JOIN exhibitor_terms parent_1 ON parent_1.id = parent.terms_id WHERE parent.id = NEW.task_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER exhibitor_documents_apart_update AFTER UPDATE OF exhibitor_id, task_id ON exhibitor_documents
FOR EACH ROW EXECUTE FUNCTION exhibitor_documents_apart_update()

CREATE TRIGGER exhibitor_documents_closed_insert AFTER INSERT ON exhibitor_documents
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_insert()

CREATE TRIGGER exhibitor_documents_closed_update AFTER UPDATE ON exhibitor_documents
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER exhibitor_documents_closed_delete AFTER DELETE ON exhibitor_documents
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER invitations_apart_update AFTER UPDATE OF exhibitor_id ON invitations
FOR EACH ROW EXECUTE FUNCTION billing_details_apart_update()

CREATE TRIGGER invitations_closed_insert AFTER INSERT ON invitations
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_insert()

CREATE TRIGGER invitations_closed_update AFTER UPDATE ON invitations
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER invitations_closed_delete AFTER DELETE ON invitations
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER organisation_invitations_apart_update AFTER UPDATE OF edition_id ON organisation_invitations
FOR EACH ROW EXECUTE FUNCTION badge_settings_apart_update()

CREATE TRIGGER organisation_invitations_closed_insert AFTER INSERT ON organisation_invitations
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER organisation_invitations_closed_update AFTER UPDATE ON organisation_invitations
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER organisation_invitations_closed_delete AFTER DELETE ON organisation_invitations
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER reminders_apart_update AFTER UPDATE OF exhibitor_id ON reminders
FOR EACH ROW EXECUTE FUNCTION billing_details_apart_update()

CREATE TRIGGER reminders_closed_insert AFTER INSERT ON reminders
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_insert()

CREATE TRIGGER reminders_closed_update AFTER UPDATE ON reminders
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER reminders_closed_delete AFTER DELETE ON reminders
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER safety_forms_apart_update AFTER UPDATE OF exhibitor_id ON safety_forms
FOR EACH ROW EXECUTE FUNCTION billing_details_apart_update()

CREATE TRIGGER safety_forms_closed_insert AFTER INSERT ON safety_forms
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_insert()

CREATE TRIGGER safety_forms_closed_update AFTER UPDATE ON safety_forms
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER safety_forms_closed_delete AFTER DELETE ON safety_forms
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER sales_apart_update AFTER UPDATE OF exhibitor_id ON sales
FOR EACH ROW EXECUTE FUNCTION billing_details_apart_update()

CREATE TRIGGER sales_closed_insert AFTER INSERT ON sales
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_insert()

CREATE TRIGGER sales_closed_update AFTER UPDATE ON sales
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER sales_closed_delete AFTER DELETE ON sales
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE OR REPLACE FUNCTION sales_documents_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.cancels_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.from_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_documents_apart_insert AFTER INSERT ON sales_documents
FOR EACH ROW EXECUTE FUNCTION sales_documents_apart_insert()

CREATE OR REPLACE FUNCTION sales_documents_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.cancels_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.from_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_documents_apart_update AFTER UPDATE OF edition_id, cancels_id, exhibitor_id, from_id ON sales_documents
FOR EACH ROW EXECUTE FUNCTION sales_documents_apart_update()

CREATE TRIGGER sales_documents_closed_insert AFTER INSERT ON sales_documents
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER sales_documents_closed_update AFTER UPDATE ON sales_documents
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER sales_documents_closed_delete AFTER DELETE ON sales_documents
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER task_answers_apart_insert AFTER INSERT ON task_answers
FOR EACH ROW EXECUTE FUNCTION exhibitor_documents_apart_insert()

CREATE TRIGGER task_answers_apart_update AFTER UPDATE OF exhibitor_id, task_id ON task_answers
FOR EACH ROW EXECUTE FUNCTION exhibitor_documents_apart_update()

CREATE TRIGGER task_answers_closed_insert AFTER INSERT ON task_answers
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_insert()

CREATE TRIGGER task_answers_closed_update AFTER UPDATE ON task_answers
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER task_answers_closed_delete AFTER DELETE ON task_answers
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER themes_apart_insert AFTER INSERT ON themes
FOR EACH ROW EXECUTE FUNCTION agents_apart_insert()

CREATE TRIGGER themes_apart_update AFTER UPDATE OF edition_id, body_id ON themes
FOR EACH ROW EXECUTE FUNCTION agents_apart_update()

CREATE TRIGGER themes_closed_insert AFTER INSERT ON themes
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER themes_closed_update AFTER UPDATE ON themes
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER themes_closed_delete AFTER DELETE ON themes
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION wanted_options_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM price_items parent WHERE parent.id = NEW.price_item_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER wanted_options_apart_insert AFTER INSERT ON wanted_options
FOR EACH ROW EXECUTE FUNCTION wanted_options_apart_insert()

CREATE OR REPLACE FUNCTION wanted_options_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.exhibitor_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) OR (SELECT parent.edition_id FROM price_items parent WHERE parent.id = NEW.price_item_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER wanted_options_apart_update AFTER UPDATE OF exhibitor_id, price_item_id ON wanted_options
FOR EACH ROW EXECUTE FUNCTION wanted_options_apart_update()

CREATE TRIGGER wanted_options_closed_insert AFTER INSERT ON wanted_options
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_insert()

CREATE TRIGGER wanted_options_closed_update AFTER UPDATE ON wanted_options
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER wanted_options_closed_delete AFTER DELETE ON wanted_options
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE OR REPLACE FUNCTION agent_periods_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.agent_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER agent_periods_apart_update AFTER UPDATE OF agent_id ON agent_periods
FOR EACH ROW EXECUTE FUNCTION agent_periods_apart_update()

CREATE OR REPLACE FUNCTION agent_periods_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER agent_periods_closed_insert AFTER INSERT ON agent_periods
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_insert()

CREATE OR REPLACE FUNCTION agent_periods_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.agent_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER agent_periods_closed_update AFTER UPDATE ON agent_periods
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE TRIGGER agent_periods_closed_delete AFTER DELETE ON agent_periods
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE OR REPLACE FUNCTION agent_stands_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER agent_stands_apart_insert AFTER INSERT ON agent_stands
FOR EACH ROW EXECUTE FUNCTION agent_stands_apart_insert()

CREATE OR REPLACE FUNCTION agent_stands_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.agent_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) OR (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER agent_stands_apart_update AFTER UPDATE OF agent_id, stand_id ON agent_stands
FOR EACH ROW EXECUTE FUNCTION agent_stands_apart_update()

CREATE TRIGGER agent_stands_closed_insert AFTER INSERT ON agent_stands
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_insert()

CREATE TRIGGER agent_stands_closed_update AFTER UPDATE ON agent_stands
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE TRIGGER agent_stands_closed_delete AFTER DELETE ON agent_stands
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE OR REPLACE FUNCTION agent_themes_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER agent_themes_apart_insert AFTER INSERT ON agent_themes
FOR EACH ROW EXECUTE FUNCTION agent_themes_apart_insert()

CREATE OR REPLACE FUNCTION agent_themes_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.agent_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER agent_themes_apart_update AFTER UPDATE OF agent_id, theme_id ON agent_themes
FOR EACH ROW EXECUTE FUNCTION agent_themes_apart_update()

CREATE TRIGGER agent_themes_closed_insert AFTER INSERT ON agent_themes
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_insert()

CREATE TRIGGER agent_themes_closed_update AFTER UPDATE ON agent_themes
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE TRIGGER agent_themes_closed_delete AFTER DELETE ON agent_themes
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE OR REPLACE FUNCTION attendees_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM groups parent WHERE parent.id = NEW.group_id) <> NEW.edition_id OR (SELECT parent_1.edition_id FROM invitations parent JOIN exhibitors parent_1 ON parent_1.id = parent.exhibitor_id WHERE parent.id = NEW.invitation_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.replaced_by_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER attendees_apart_insert AFTER INSERT ON attendees
FOR EACH ROW EXECUTE FUNCTION attendees_apart_insert()

CREATE OR REPLACE FUNCTION attendees_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM groups parent WHERE parent.id = NEW.group_id) <> NEW.edition_id OR (SELECT parent_1.edition_id FROM invitations parent JOIN exhibitors parent_1 ON parent_1.id = parent.exhibitor_id WHERE parent.id = NEW.invitation_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.replaced_by_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER attendees_apart_update AFTER UPDATE OF edition_id, agent_id, exhibitor_id, group_id, invitation_id, replaced_by_id ON attendees
FOR EACH ROW EXECUTE FUNCTION attendees_apart_update()

CREATE TRIGGER attendees_closed_insert AFTER INSERT ON attendees
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER attendees_closed_update AFTER UPDATE ON attendees
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER attendees_closed_delete AFTER DELETE ON attendees
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION booking_requests_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER booking_requests_apart_insert AFTER INSERT ON booking_requests
FOR EACH ROW EXECUTE FUNCTION booking_requests_apart_insert()

CREATE OR REPLACE FUNCTION booking_requests_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER booking_requests_apart_update AFTER UPDATE OF edition_id, agent_id, theme_id ON booking_requests
FOR EACH ROW EXECUTE FUNCTION booking_requests_apart_update()

CREATE TRIGGER booking_requests_closed_insert AFTER INSERT ON booking_requests
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER booking_requests_closed_update AFTER UPDATE ON booking_requests
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER booking_requests_closed_delete AFTER DELETE ON booking_requests
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION exhibitor_themes_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER exhibitor_themes_apart_insert AFTER INSERT ON exhibitor_themes
FOR EACH ROW EXECUTE FUNCTION exhibitor_themes_apart_insert()

CREATE OR REPLACE FUNCTION exhibitor_themes_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.exhibitor_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER exhibitor_themes_apart_update AFTER UPDATE OF exhibitor_id, theme_id ON exhibitor_themes
FOR EACH ROW EXECUTE FUNCTION exhibitor_themes_apart_update()

CREATE TRIGGER exhibitor_themes_closed_insert AFTER INSERT ON exhibitor_themes
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_insert()

CREATE TRIGGER exhibitor_themes_closed_update AFTER UPDATE ON exhibitor_themes
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE TRIGGER exhibitor_themes_closed_delete AFTER DELETE ON exhibitor_themes
FOR EACH ROW EXECUTE FUNCTION billing_details_closed_update()

CREATE OR REPLACE FUNCTION need_themes_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent_1.edition_id FROM needs parent JOIN stands parent_1 ON parent_1.id = parent.stand_id WHERE parent.id = NEW.need_id) <> (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER need_themes_apart_insert AFTER INSERT ON need_themes
FOR EACH ROW EXECUTE FUNCTION need_themes_apart_insert()

CREATE OR REPLACE FUNCTION need_themes_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM themes parent WHERE parent.id = OLD.theme_id) <> (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) OR (SELECT parent_1.edition_id FROM needs parent JOIN stands parent_1 ON parent_1.id = parent.stand_id WHERE parent.id = NEW.need_id) <> (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER need_themes_apart_update AFTER UPDATE OF theme_id, need_id ON need_themes
FOR EACH ROW EXECUTE FUNCTION need_themes_apart_update()

CREATE OR REPLACE FUNCTION need_themes_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER need_themes_closed_insert AFTER INSERT ON need_themes
FOR EACH ROW EXECUTE FUNCTION need_themes_closed_insert()

CREATE OR REPLACE FUNCTION need_themes_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM themes parent WHERE parent.id = OLD.theme_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER need_themes_closed_update AFTER UPDATE ON need_themes
FOR EACH ROW EXECUTE FUNCTION need_themes_closed_update()

CREATE TRIGGER need_themes_closed_delete AFTER DELETE ON need_themes
FOR EACH ROW EXECUTE FUNCTION need_themes_closed_update()

CREATE OR REPLACE FUNCTION payments_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = OLD.document_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER payments_apart_update AFTER UPDATE OF document_id ON payments
FOR EACH ROW EXECUTE FUNCTION payments_apart_update()

CREATE OR REPLACE FUNCTION payments_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER payments_closed_insert AFTER INSERT ON payments
FOR EACH ROW EXECUTE FUNCTION payments_closed_insert()

CREATE OR REPLACE FUNCTION payments_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = OLD.document_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER payments_closed_update AFTER UPDATE ON payments
FOR EACH ROW EXECUTE FUNCTION payments_closed_update()

CREATE TRIGGER payments_closed_delete AFTER DELETE ON payments
FOR EACH ROW EXECUTE FUNCTION payments_closed_update()

CREATE OR REPLACE FUNCTION programme_items_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM rooms parent WHERE parent.id = NEW.room_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER programme_items_apart_insert AFTER INSERT ON programme_items
FOR EACH ROW EXECUTE FUNCTION programme_items_apart_insert()

CREATE OR REPLACE FUNCTION programme_items_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM rooms parent WHERE parent.id = NEW.room_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER programme_items_apart_update AFTER UPDATE OF edition_id, room_id, theme_id ON programme_items
FOR EACH ROW EXECUTE FUNCTION programme_items_apart_update()

CREATE TRIGGER programme_items_closed_insert AFTER INSERT ON programme_items
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER programme_items_closed_update AFTER UPDATE ON programme_items
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER programme_items_closed_delete AFTER DELETE ON programme_items
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER sales_lines_apart_update AFTER UPDATE OF document_id ON sales_lines
FOR EACH ROW EXECUTE FUNCTION payments_apart_update()

CREATE TRIGGER sales_lines_closed_insert AFTER INSERT ON sales_lines
FOR EACH ROW EXECUTE FUNCTION payments_closed_insert()

CREATE TRIGGER sales_lines_closed_update AFTER UPDATE ON sales_lines
FOR EACH ROW EXECUTE FUNCTION payments_closed_update()

CREATE TRIGGER sales_lines_closed_delete AFTER DELETE ON sales_lines
FOR EACH ROW EXECUTE FUNCTION payments_closed_update()

CREATE OR REPLACE FUNCTION shifts_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM publications parent WHERE parent.id = NEW.publication_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER shifts_apart_insert AFTER INSERT ON shifts
FOR EACH ROW EXECUTE FUNCTION shifts_apart_insert()

CREATE OR REPLACE FUNCTION shifts_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM publications parent WHERE parent.id = NEW.publication_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER shifts_apart_update AFTER UPDATE OF edition_id, agent_id, publication_id, stand_id ON shifts
FOR EACH ROW EXECUTE FUNCTION shifts_apart_update()

CREATE TRIGGER shifts_closed_insert AFTER INSERT ON shifts
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER shifts_closed_update AFTER UPDATE ON shifts
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER shifts_closed_delete AFTER DELETE ON shifts
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION theme_bookings_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM themes parent WHERE parent.id = OLD.theme_id) <> (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER theme_bookings_apart_update AFTER UPDATE OF theme_id ON theme_bookings
FOR EACH ROW EXECUTE FUNCTION theme_bookings_apart_update()

CREATE TRIGGER theme_bookings_closed_insert AFTER INSERT ON theme_bookings
FOR EACH ROW EXECUTE FUNCTION need_themes_closed_insert()

CREATE TRIGGER theme_bookings_closed_update AFTER UPDATE ON theme_bookings
FOR EACH ROW EXECUTE FUNCTION need_themes_closed_update()

CREATE TRIGGER theme_bookings_closed_delete AFTER DELETE ON theme_bookings
FOR EACH ROW EXECUTE FUNCTION need_themes_closed_update()

CREATE OR REPLACE FUNCTION topic_themes_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM topics parent WHERE parent.id = NEW.topic_id) <> (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER topic_themes_apart_insert AFTER INSERT ON topic_themes
FOR EACH ROW EXECUTE FUNCTION topic_themes_apart_insert()

CREATE OR REPLACE FUNCTION topic_themes_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM themes parent WHERE parent.id = OLD.theme_id) <> (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) OR (SELECT parent.edition_id FROM topics parent WHERE parent.id = NEW.topic_id) <> (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER topic_themes_apart_update AFTER UPDATE OF theme_id, topic_id ON topic_themes
FOR EACH ROW EXECUTE FUNCTION topic_themes_apart_update()

CREATE TRIGGER topic_themes_closed_insert AFTER INSERT ON topic_themes
FOR EACH ROW EXECUTE FUNCTION need_themes_closed_insert()

CREATE TRIGGER topic_themes_closed_update AFTER UPDATE ON topic_themes
FOR EACH ROW EXECUTE FUNCTION need_themes_closed_update()

CREATE TRIGGER topic_themes_closed_delete AFTER DELETE ON topic_themes
FOR EACH ROW EXECUTE FUNCTION need_themes_closed_update()

CREATE OR REPLACE FUNCTION appointments_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER appointments_apart_insert AFTER INSERT ON appointments
FOR EACH ROW EXECUTE FUNCTION appointments_apart_insert()

CREATE OR REPLACE FUNCTION appointments_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER appointments_apart_update AFTER UPDATE OF edition_id, agent_id, attendee_id, stand_id, theme_id ON appointments
FOR EACH ROW EXECUTE FUNCTION appointments_apart_update()

CREATE TRIGGER appointments_closed_insert AFTER INSERT ON appointments
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER appointments_closed_update AFTER UPDATE ON appointments
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER appointments_closed_delete AFTER DELETE ON appointments
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION badges_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER badges_apart_insert AFTER INSERT ON badges
FOR EACH ROW EXECUTE FUNCTION badges_apart_insert()

CREATE OR REPLACE FUNCTION badges_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER badges_apart_update AFTER UPDATE OF edition_id, attendee_id ON badges
FOR EACH ROW EXECUTE FUNCTION badges_apart_update()

CREATE TRIGGER badges_closed_insert AFTER INSERT ON badges
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER badges_closed_update AFTER UPDATE ON badges
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER badges_closed_delete AFTER DELETE ON badges
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION consents_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM attendees parent WHERE parent.id = OLD.attendee_id) <> (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER consents_apart_update AFTER UPDATE OF attendee_id ON consents
FOR EACH ROW EXECUTE FUNCTION consents_apart_update()

CREATE OR REPLACE FUNCTION consents_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER consents_closed_insert AFTER INSERT ON consents
FOR EACH ROW EXECUTE FUNCTION consents_closed_insert()

CREATE OR REPLACE FUNCTION consents_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM attendees parent WHERE parent.id = OLD.attendee_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER consents_closed_update AFTER UPDATE ON consents
FOR EACH ROW EXECUTE FUNCTION consents_closed_update()

CREATE TRIGGER consents_closed_delete AFTER DELETE ON consents
FOR EACH ROW EXECUTE FUNCTION consents_closed_update()

CREATE OR REPLACE FUNCTION exchanges_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.asked_of_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.asked_by_id) OR (SELECT parent.edition_id FROM shifts parent WHERE parent.id = NEW.offered_shift_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.asked_by_id) OR (SELECT parent.edition_id FROM shifts parent WHERE parent.id = NEW.requested_shift_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.asked_by_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER exchanges_apart_insert AFTER INSERT ON exchanges
FOR EACH ROW EXECUTE FUNCTION exchanges_apart_insert()

CREATE OR REPLACE FUNCTION exchanges_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.asked_by_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.asked_by_id) OR (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.asked_of_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.asked_by_id) OR (SELECT parent.edition_id FROM shifts parent WHERE parent.id = NEW.offered_shift_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.asked_by_id) OR (SELECT parent.edition_id FROM shifts parent WHERE parent.id = NEW.requested_shift_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.asked_by_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER exchanges_apart_update AFTER UPDATE OF asked_by_id, asked_of_id, offered_shift_id, requested_shift_id ON exchanges
FOR EACH ROW EXECUTE FUNCTION exchanges_apart_update()

CREATE OR REPLACE FUNCTION exchanges_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.asked_by_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER exchanges_closed_insert AFTER INSERT ON exchanges
FOR EACH ROW EXECUTE FUNCTION exchanges_closed_insert()

CREATE OR REPLACE FUNCTION exchanges_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.asked_by_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER exchanges_closed_update AFTER UPDATE ON exchanges
FOR EACH ROW EXECUTE FUNCTION exchanges_closed_update()

CREATE TRIGGER exchanges_closed_delete AFTER DELETE ON exchanges
FOR EACH ROW EXECUTE FUNCTION exchanges_closed_update()

CREATE OR REPLACE FUNCTION fair_files_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM programme_items parent WHERE parent.id = NEW.item_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER fair_files_apart_insert AFTER INSERT ON fair_files
FOR EACH ROW EXECUTE FUNCTION fair_files_apart_insert()

CREATE OR REPLACE FUNCTION fair_files_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM programme_items parent WHERE parent.id = NEW.item_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER fair_files_apart_update AFTER UPDATE OF edition_id, item_id, theme_id ON fair_files
FOR EACH ROW EXECUTE FUNCTION fair_files_apart_update()

CREATE TRIGGER fair_files_closed_insert AFTER INSERT ON fair_files
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER fair_files_closed_update AFTER UPDATE ON fair_files
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER fair_files_closed_delete AFTER DELETE ON fair_files
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION leads_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER leads_apart_insert AFTER INSERT ON leads
FOR EACH ROW EXECUTE FUNCTION leads_apart_insert()

CREATE OR REPLACE FUNCTION leads_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER leads_apart_update AFTER UPDATE OF edition_id, attendee_id, exhibitor_id ON leads
FOR EACH ROW EXECUTE FUNCTION leads_apart_update()

CREATE TRIGGER leads_closed_insert AFTER INSERT ON leads
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER leads_closed_update AFTER UPDATE ON leads
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER leads_closed_delete AFTER DELETE ON leads
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION shift_claims_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM shifts parent WHERE parent.id = NEW.shift_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER shift_claims_apart_insert AFTER INSERT ON shift_claims
FOR EACH ROW EXECUTE FUNCTION shift_claims_apart_insert()

CREATE OR REPLACE FUNCTION shift_claims_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.agent_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) OR (SELECT parent.edition_id FROM shifts parent WHERE parent.id = NEW.shift_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER shift_claims_apart_update AFTER UPDATE OF agent_id, shift_id ON shift_claims
FOR EACH ROW EXECUTE FUNCTION shift_claims_apart_update()

CREATE TRIGGER shift_claims_closed_insert AFTER INSERT ON shift_claims
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_insert()

CREATE TRIGGER shift_claims_closed_update AFTER UPDATE ON shift_claims
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE TRIGGER shift_claims_closed_delete AFTER DELETE ON shift_claims
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE OR REPLACE FUNCTION stand_ins_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM shifts parent WHERE parent.id = NEW.shift_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) OR (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.taken_by_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER stand_ins_apart_insert AFTER INSERT ON stand_ins
FOR EACH ROW EXECUTE FUNCTION stand_ins_apart_insert()

CREATE OR REPLACE FUNCTION stand_ins_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.agent_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) OR (SELECT parent.edition_id FROM shifts parent WHERE parent.id = NEW.shift_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) OR (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.taken_by_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER stand_ins_apart_update AFTER UPDATE OF agent_id, shift_id, taken_by_id ON stand_ins
FOR EACH ROW EXECUTE FUNCTION stand_ins_apart_update()

CREATE TRIGGER stand_ins_closed_insert AFTER INSERT ON stand_ins
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_insert()

CREATE TRIGGER stand_ins_closed_update AFTER UPDATE ON stand_ins
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE TRIGGER stand_ins_closed_delete AFTER DELETE ON stand_ins
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE OR REPLACE FUNCTION appointment_documents_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM appointments parent WHERE parent.id = OLD.appointment_id) <> (SELECT parent.edition_id FROM appointments parent WHERE parent.id = NEW.appointment_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER appointment_documents_apart_update AFTER UPDATE OF appointment_id ON appointment_documents
FOR EACH ROW EXECUTE FUNCTION appointment_documents_apart_update()

CREATE OR REPLACE FUNCTION appointment_documents_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM appointments parent WHERE parent.id = NEW.appointment_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER appointment_documents_closed_insert AFTER INSERT ON appointment_documents
FOR EACH ROW EXECUTE FUNCTION appointment_documents_closed_insert()

CREATE OR REPLACE FUNCTION appointment_documents_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM appointments parent WHERE parent.id = OLD.appointment_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER appointment_documents_closed_update AFTER UPDATE ON appointment_documents
FOR EACH ROW EXECUTE FUNCTION appointment_documents_closed_update()

CREATE TRIGGER appointment_documents_closed_delete AFTER DELETE ON appointment_documents
FOR EACH ROW EXECUTE FUNCTION appointment_documents_closed_update()

CREATE TRIGGER appointment_steps_apart_update AFTER UPDATE OF appointment_id ON appointment_steps
FOR EACH ROW EXECUTE FUNCTION appointment_documents_apart_update()

CREATE TRIGGER appointment_steps_closed_insert AFTER INSERT ON appointment_steps
FOR EACH ROW EXECUTE FUNCTION appointment_documents_closed_insert()

CREATE TRIGGER appointment_steps_closed_update AFTER UPDATE ON appointment_steps
FOR EACH ROW EXECUTE FUNCTION appointment_documents_closed_update()

CREATE TRIGGER appointment_steps_closed_delete AFTER DELETE ON appointment_steps
FOR EACH ROW EXECUTE FUNCTION appointment_documents_closed_update()

CREATE OR REPLACE FUNCTION conflicts_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM stations parent WHERE parent.id = NEW.station_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER conflicts_apart_insert AFTER INSERT ON conflicts
FOR EACH ROW EXECUTE FUNCTION conflicts_apart_insert()

CREATE OR REPLACE FUNCTION conflicts_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM stations parent WHERE parent.id = NEW.station_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER conflicts_apart_update AFTER UPDATE OF edition_id, station_id ON conflicts
FOR EACH ROW EXECUTE FUNCTION conflicts_apart_update()

CREATE TRIGGER conflicts_closed_insert AFTER INSERT ON conflicts
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER conflicts_closed_update AFTER UPDATE ON conflicts
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER conflicts_closed_delete AFTER DELETE ON conflicts
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION lead_consents_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM leads parent WHERE parent.id = OLD.lead_id) <> (SELECT parent.edition_id FROM leads parent WHERE parent.id = NEW.lead_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER lead_consents_apart_update AFTER UPDATE OF lead_id ON lead_consents
FOR EACH ROW EXECUTE FUNCTION lead_consents_apart_update()

CREATE OR REPLACE FUNCTION lead_consents_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM leads parent WHERE parent.id = NEW.lead_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER lead_consents_closed_insert AFTER INSERT ON lead_consents
FOR EACH ROW EXECUTE FUNCTION lead_consents_closed_insert()

CREATE OR REPLACE FUNCTION lead_consents_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM leads parent WHERE parent.id = OLD.lead_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER lead_consents_closed_update AFTER UPDATE ON lead_consents
FOR EACH ROW EXECUTE FUNCTION lead_consents_closed_update()

CREATE TRIGGER lead_consents_closed_delete AFTER DELETE ON lead_consents
FOR EACH ROW EXECUTE FUNCTION lead_consents_closed_update()

CREATE TRIGGER lead_readings_apart_update AFTER UPDATE OF lead_id ON lead_readings
FOR EACH ROW EXECUTE FUNCTION lead_consents_apart_update()

CREATE OR REPLACE FUNCTION list_entries_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM badges parent WHERE parent.id = NEW.badge_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER list_entries_apart_insert AFTER INSERT ON list_entries
FOR EACH ROW EXECUTE FUNCTION list_entries_apart_insert()

CREATE OR REPLACE FUNCTION list_entries_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM badges parent WHERE parent.id = NEW.badge_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER list_entries_apart_update AFTER UPDATE OF edition_id, badge_id ON list_entries
FOR EACH ROW EXECUTE FUNCTION list_entries_apart_update()

CREATE TRIGGER list_entries_closed_insert AFTER INSERT ON list_entries
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER list_entries_closed_update AFTER UPDATE ON list_entries
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER list_entries_closed_delete AFTER DELETE ON list_entries
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION presences_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM badges parent WHERE parent.id = OLD.badge_id) <> (SELECT parent.edition_id FROM badges parent WHERE parent.id = NEW.badge_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER presences_apart_update AFTER UPDATE OF badge_id ON presences
FOR EACH ROW EXECUTE FUNCTION presences_apart_update()

CREATE OR REPLACE FUNCTION presences_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM badges parent WHERE parent.id = NEW.badge_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER presences_closed_insert AFTER INSERT ON presences
FOR EACH ROW EXECUTE FUNCTION presences_closed_insert()

CREATE OR REPLACE FUNCTION presences_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT state FROM editions WHERE id = (SELECT parent.edition_id FROM badges parent WHERE parent.id = OLD.badge_id)) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER presences_closed_update AFTER UPDATE ON presences
FOR EACH ROW EXECUTE FUNCTION presences_closed_update()

CREATE TRIGGER presences_closed_delete AFTER DELETE ON presences
FOR EACH ROW EXECUTE FUNCTION presences_closed_update()

CREATE OR REPLACE FUNCTION print_jobs_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM badges parent WHERE parent.id = NEW.badge_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM stations parent WHERE parent.id = NEW.taken_by_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER print_jobs_apart_insert AFTER INSERT ON print_jobs
FOR EACH ROW EXECUTE FUNCTION print_jobs_apart_insert()

CREATE OR REPLACE FUNCTION print_jobs_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM badges parent WHERE parent.id = NEW.badge_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM stations parent WHERE parent.id = NEW.taken_by_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER print_jobs_apart_update AFTER UPDATE OF edition_id, badge_id, taken_by_id ON print_jobs
FOR EACH ROW EXECUTE FUNCTION print_jobs_apart_update()

CREATE TRIGGER print_jobs_closed_insert AFTER INSERT ON print_jobs
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER print_jobs_closed_update AFTER UPDATE ON print_jobs
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER print_jobs_closed_delete AFTER DELETE ON print_jobs
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION printings_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM print_runs parent WHERE parent.id = NEW.print_run_id) <> (SELECT parent.edition_id FROM badges parent WHERE parent.id = NEW.badge_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER printings_apart_insert AFTER INSERT ON printings
FOR EACH ROW EXECUTE FUNCTION printings_apart_insert()

CREATE OR REPLACE FUNCTION printings_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM badges parent WHERE parent.id = OLD.badge_id) <> (SELECT parent.edition_id FROM badges parent WHERE parent.id = NEW.badge_id) OR (SELECT parent.edition_id FROM print_runs parent WHERE parent.id = NEW.print_run_id) <> (SELECT parent.edition_id FROM badges parent WHERE parent.id = NEW.badge_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER printings_apart_update AFTER UPDATE OF badge_id, print_run_id ON printings
FOR EACH ROW EXECUTE FUNCTION printings_apart_update()

CREATE OR REPLACE FUNCTION queue_tickets_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM appointments parent WHERE parent.id = NEW.appointment_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.called_by_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER queue_tickets_apart_insert AFTER INSERT ON queue_tickets
FOR EACH ROW EXECUTE FUNCTION queue_tickets_apart_insert()

CREATE OR REPLACE FUNCTION queue_tickets_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM appointments parent WHERE parent.id = NEW.appointment_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.called_by_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER queue_tickets_apart_update AFTER UPDATE OF edition_id, appointment_id, attendee_id, called_by_id, stand_id, theme_id ON queue_tickets
FOR EACH ROW EXECUTE FUNCTION queue_tickets_apart_update()

CREATE TRIGGER queue_tickets_closed_insert AFTER INSERT ON queue_tickets
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER queue_tickets_closed_update AFTER UPDATE ON queue_tickets
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER queue_tickets_closed_delete AFTER DELETE ON queue_tickets
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER scans_apart_insert AFTER INSERT ON scans
FOR EACH ROW EXECUTE FUNCTION conflicts_apart_insert()

CREATE TRIGGER scans_apart_update AFTER UPDATE OF edition_id, station_id ON scans
FOR EACH ROW EXECUTE FUNCTION conflicts_apart_update()

CREATE TRIGGER scans_closed_insert AFTER INSERT ON scans
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER scans_closed_update AFTER UPDATE ON scans
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER scans_closed_delete AFTER DELETE ON scans
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION stand_in_asks_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent_1.edition_id FROM stand_ins parent JOIN agents parent_1 ON parent_1.id = parent.agent_id WHERE parent.id = NEW.stand_in_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER stand_in_asks_apart_insert AFTER INSERT ON stand_in_asks
FOR EACH ROW EXECUTE FUNCTION stand_in_asks_apart_insert()

CREATE OR REPLACE FUNCTION stand_in_asks_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.agent_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) OR (SELECT parent_1.edition_id FROM stand_ins parent JOIN agents parent_1 ON parent_1.id = parent.agent_id WHERE parent.id = NEW.stand_in_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER stand_in_asks_apart_update AFTER UPDATE OF agent_id, stand_in_id ON stand_in_asks
FOR EACH ROW EXECUTE FUNCTION stand_in_asks_apart_update()

CREATE TRIGGER stand_in_asks_closed_insert AFTER INSERT ON stand_in_asks
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_insert()

CREATE TRIGGER stand_in_asks_closed_update AFTER UPDATE ON stand_in_asks
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE TRIGGER stand_in_asks_closed_delete AFTER DELETE ON stand_in_asks
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE OR REPLACE FUNCTION waiting_entries_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM appointments parent WHERE parent.id = NEW.appointment_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER waiting_entries_apart_insert AFTER INSERT ON waiting_entries
FOR EACH ROW EXECUTE FUNCTION waiting_entries_apart_insert()

CREATE OR REPLACE FUNCTION waiting_entries_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM appointments parent WHERE parent.id = NEW.appointment_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER waiting_entries_apart_update AFTER UPDATE OF edition_id, appointment_id, attendee_id, theme_id ON waiting_entries
FOR EACH ROW EXECUTE FUNCTION waiting_entries_apart_update()

CREATE TRIGGER waiting_entries_closed_insert AFTER INSERT ON waiting_entries
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER waiting_entries_closed_update AFTER UPDATE ON waiting_entries
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER waiting_entries_closed_delete AFTER DELETE ON waiting_entries
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION zone_presences_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM zones parent WHERE parent.id = NEW.zone_id) <> (SELECT parent.edition_id FROM badges parent WHERE parent.id = NEW.badge_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER zone_presences_apart_insert AFTER INSERT ON zone_presences
FOR EACH ROW EXECUTE FUNCTION zone_presences_apart_insert()

CREATE OR REPLACE FUNCTION zone_presences_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM badges parent WHERE parent.id = OLD.badge_id) <> (SELECT parent.edition_id FROM badges parent WHERE parent.id = NEW.badge_id) OR (SELECT parent.edition_id FROM zones parent WHERE parent.id = NEW.zone_id) <> (SELECT parent.edition_id FROM badges parent WHERE parent.id = NEW.badge_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER zone_presences_apart_update AFTER UPDATE OF badge_id, zone_id ON zone_presences
FOR EACH ROW EXECUTE FUNCTION zone_presences_apart_update()

CREATE TRIGGER zone_presences_closed_insert AFTER INSERT ON zone_presences
FOR EACH ROW EXECUTE FUNCTION presences_closed_insert()

CREATE TRIGGER zone_presences_closed_update AFTER UPDATE ON zone_presences
FOR EACH ROW EXECUTE FUNCTION presences_closed_update()

CREATE TRIGGER zone_presences_closed_delete AFTER DELETE ON zone_presences
FOR EACH ROW EXECUTE FUNCTION presences_closed_update()

CREATE OR REPLACE FUNCTION appointment_holds_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM appointments parent WHERE parent.id = NEW.appointment_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM waiting_entries parent WHERE parent.id = NEW.waiting_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER appointment_holds_apart_insert AFTER INSERT ON appointment_holds
FOR EACH ROW EXECUTE FUNCTION appointment_holds_apart_insert()

CREATE OR REPLACE FUNCTION appointment_holds_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.edition_id <> NEW.edition_id OR (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM appointments parent WHERE parent.id = NEW.appointment_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM stands parent WHERE parent.id = NEW.stand_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM themes parent WHERE parent.id = NEW.theme_id) <> NEW.edition_id OR (SELECT parent.edition_id FROM waiting_entries parent WHERE parent.id = NEW.waiting_id) <> NEW.edition_id THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER appointment_holds_apart_update AFTER UPDATE OF edition_id, agent_id, appointment_id, stand_id, theme_id, waiting_id ON appointment_holds
FOR EACH ROW EXECUTE FUNCTION appointment_holds_apart_update()

CREATE TRIGGER appointment_holds_closed_insert AFTER INSERT ON appointment_holds
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_insert()

CREATE TRIGGER appointment_holds_closed_update AFTER UPDATE ON appointment_holds
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE TRIGGER appointment_holds_closed_delete AFTER DELETE ON appointment_holds
FOR EACH ROW EXECUTE FUNCTION badge_settings_closed_update()

CREATE OR REPLACE FUNCTION appointment_agent_claims_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM appointments parent WHERE parent.id = NEW.appointment_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) OR (SELECT parent.edition_id FROM appointment_holds parent WHERE parent.id = NEW.hold_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER appointment_agent_claims_apart_insert AFTER INSERT ON appointment_agent_claims
FOR EACH ROW EXECUTE FUNCTION appointment_agent_claims_apart_insert()

CREATE OR REPLACE FUNCTION appointment_agent_claims_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM agents parent WHERE parent.id = OLD.agent_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) OR (SELECT parent.edition_id FROM appointments parent WHERE parent.id = NEW.appointment_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) OR (SELECT parent.edition_id FROM appointment_holds parent WHERE parent.id = NEW.hold_id) <> (SELECT parent.edition_id FROM agents parent WHERE parent.id = NEW.agent_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER appointment_agent_claims_apart_update AFTER UPDATE OF agent_id, appointment_id, hold_id ON appointment_agent_claims
FOR EACH ROW EXECUTE FUNCTION appointment_agent_claims_apart_update()

CREATE TRIGGER appointment_agent_claims_closed_insert AFTER INSERT ON appointment_agent_claims
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_insert()

CREATE TRIGGER appointment_agent_claims_closed_update AFTER UPDATE ON appointment_agent_claims
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE TRIGGER appointment_agent_claims_closed_delete AFTER DELETE ON appointment_agent_claims
FOR EACH ROW EXECUTE FUNCTION agent_periods_closed_update()

CREATE OR REPLACE FUNCTION appointment_visitor_claims_apart_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM appointments parent WHERE parent.id = NEW.appointment_id) <> (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) OR (SELECT parent.edition_id FROM appointment_holds parent WHERE parent.id = NEW.hold_id) <> (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER appointment_visitor_claims_apart_insert AFTER INSERT ON appointment_visitor_claims
FOR EACH ROW EXECUTE FUNCTION appointment_visitor_claims_apart_insert()

CREATE OR REPLACE FUNCTION appointment_visitor_claims_apart_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT parent.edition_id FROM attendees parent WHERE parent.id = OLD.attendee_id) <> (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) OR (SELECT parent.edition_id FROM appointments parent WHERE parent.id = NEW.appointment_id) <> (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) OR (SELECT parent.edition_id FROM appointment_holds parent WHERE parent.id = NEW.hold_id) <> (SELECT parent.edition_id FROM attendees parent WHERE parent.id = NEW.attendee_id) THEN
        RAISE EXCEPTION 'editions_stay_apart'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'editions_stay_apart';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER appointment_visitor_claims_apart_update AFTER UPDATE OF attendee_id, appointment_id, hold_id ON appointment_visitor_claims
FOR EACH ROW EXECUTE FUNCTION appointment_visitor_claims_apart_update()

CREATE TRIGGER appointment_visitor_claims_closed_insert AFTER INSERT ON appointment_visitor_claims
FOR EACH ROW EXECUTE FUNCTION consents_closed_insert()

CREATE TRIGGER appointment_visitor_claims_closed_update AFTER UPDATE ON appointment_visitor_claims
FOR EACH ROW EXECUTE FUNCTION consents_closed_update()

CREATE TRIGGER appointment_visitor_claims_closed_delete AFTER DELETE ON appointment_visitor_claims
FOR EACH ROW EXECUTE FUNCTION consents_closed_update()

CREATE OR REPLACE FUNCTION editions_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.state = 'closed' AND NEW.state = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER editions_closed_update AFTER UPDATE ON editions
FOR EACH ROW EXECUTE FUNCTION editions_closed_update()

CREATE OR REPLACE FUNCTION editions_closed_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.state = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention')) THEN
        RAISE EXCEPTION 'edition_is_closed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_is_closed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER editions_closed_delete AFTER DELETE ON editions
FOR EACH ROW EXECUTE FUNCTION editions_closed_delete()
