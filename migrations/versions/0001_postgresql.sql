CREATE OR REPLACE FUNCTION journal_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'journal_stays'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_stays';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER journal_stays AFTER UPDATE OR DELETE ON journal_entries
FOR EACH ROW EXECUTE FUNCTION journal_stays()

CREATE OR REPLACE FUNCTION scans_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'scans_stay'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'scans_stay';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER scans_stay AFTER UPDATE OR DELETE ON scans
FOR EACH ROW EXECUTE FUNCTION scans_stay()

CREATE OR REPLACE FUNCTION printings_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'printings_stay'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'printings_stay';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER printings_stay AFTER UPDATE OR DELETE ON printings
FOR EACH ROW EXECUTE FUNCTION printings_stay()

CREATE OR REPLACE FUNCTION readings_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'readings_stay'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'readings_stay';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER readings_stay AFTER UPDATE ON lead_readings
FOR EACH ROW EXECUTE FUNCTION readings_stay()

CREATE OR REPLACE FUNCTION consents_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'consents_stay'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'consents_stay';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER consents_stay AFTER DELETE ON consents
FOR EACH ROW EXECUTE FUNCTION consents_stay()

CREATE OR REPLACE FUNCTION consents_say_what_was_agreed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'consents_say_what_was_agreed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'consents_say_what_was_agreed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER consents_say_what_was_agreed AFTER UPDATE OF attendee_id, purpose, text_version, given_at ON consents
FOR EACH ROW EXECUTE FUNCTION consents_say_what_was_agreed()

CREATE OR REPLACE FUNCTION text_versions_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'text_versions_stay'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'text_versions_stay';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER text_versions_stay AFTER UPDATE OR DELETE ON text_versions
FOR EACH ROW EXECUTE FUNCTION text_versions_stay()

CREATE OR REPLACE FUNCTION consents_end_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'consents_end_once'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'consents_end_once';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER consents_end_once AFTER UPDATE OF withdrawn_at ON consents
FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL) EXECUTE FUNCTION consents_end_once()

CREATE OR REPLACE FUNCTION lead_consents_say_what_was_agreed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'lead_consents_say_what_was_agreed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'lead_consents_say_what_was_agreed';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER lead_consents_say_what_was_agreed AFTER UPDATE OF lead_id, purpose, fields, text_version, given_at ON lead_consents
FOR EACH ROW EXECUTE FUNCTION lead_consents_say_what_was_agreed()

CREATE OR REPLACE FUNCTION data_files_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'data_files_stay'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'data_files_stay';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER data_files_stay AFTER UPDATE OR DELETE ON data_files
FOR EACH ROW EXECUTE FUNCTION data_files_stay()

CREATE OR REPLACE FUNCTION sales_documents_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'sales_documents_stay'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sales_documents_stay';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_documents_stay AFTER DELETE ON sales_documents
FOR EACH ROW EXECUTE FUNCTION sales_documents_stay()

CREATE OR REPLACE FUNCTION sales_documents_say_what_was_issued() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'sales_documents_say_what_was_issued'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sales_documents_say_what_was_issued';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_documents_say_what_was_issued AFTER UPDATE OF edition_id, exhibitor_id, kind, series, number, reference, issued_on, due_on, from_id, cancels_id, seller, service_code, net, vat, gross, line_count, created_at ON sales_documents
FOR EACH ROW EXECUTE FUNCTION sales_documents_say_what_was_issued()

CREATE OR REPLACE FUNCTION sales_documents_name_their_buyer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'sales_documents_name_their_buyer'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sales_documents_name_their_buyer';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_documents_name_their_buyer AFTER UPDATE OF buyer, engagement_number, purchase_order, created_by ON sales_documents
FOR EACH ROW EXECUTE FUNCTION sales_documents_name_their_buyer()

CREATE OR REPLACE FUNCTION service_is_done_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'service_is_done_once'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'service_is_done_once';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER service_is_done_once AFTER UPDATE OF service_done_on ON sales_documents
FOR EACH ROW WHEN (OLD.kind <> 'order' OR OLD.service_done_on IS NOT NULL) EXECUTE FUNCTION service_is_done_once()

CREATE OR REPLACE FUNCTION sales_documents_follow_one_another() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM sales_documents WHERE series = NEW.series AND number = NEW.number - 1) THEN
        RAISE EXCEPTION 'sales_documents_follow_one_another'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sales_documents_follow_one_another';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_documents_follow_one_another AFTER INSERT ON sales_documents
FOR EACH ROW WHEN (NEW.number <> 1) EXECUTE FUNCTION sales_documents_follow_one_another()

CREATE OR REPLACE FUNCTION credit_notes_within_their_invoice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM sales_documents WHERE id = NEW.from_id FOR UPDATE;
    IF NOT EXISTS (SELECT 1 FROM sales_documents invoice WHERE invoice.id = NEW.from_id AND invoice.kind = 'invoice' AND round(invoice.net - (SELECT sum(note.net) FROM sales_documents note WHERE note.from_id = NEW.from_id AND note.kind = 'credit_note'), 2) >= 0) THEN
        RAISE EXCEPTION 'credit_notes_within_their_invoice'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'credit_notes_within_their_invoice';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER credit_notes_within_their_invoice AFTER INSERT ON sales_documents
FOR EACH ROW WHEN (NEW.kind = 'credit_note') EXECUTE FUNCTION credit_notes_within_their_invoice()

CREATE OR REPLACE FUNCTION sales_lines_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'sales_lines_stay'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sales_lines_stay';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_lines_stay AFTER UPDATE OR DELETE ON sales_lines
FOR EACH ROW EXECUTE FUNCTION sales_lines_stay()

CREATE OR REPLACE FUNCTION sales_lines_make_the_document() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM sales_documents WHERE id = NEW.document_id FOR UPDATE;
    IF NOT EXISTS (SELECT 1 FROM sales_documents document, (SELECT count(*) AS lines, sum(net) AS net FROM sales_lines WHERE document_id = NEW.document_id) written WHERE document.id = NEW.document_id AND (written.lines < document.line_count OR written.lines = document.line_count AND round(written.net - document.net, 2) = 0)) THEN
        RAISE EXCEPTION 'sales_lines_make_the_document'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'sales_lines_make_the_document';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER sales_lines_make_the_document AFTER INSERT ON sales_lines
FOR EACH ROW EXECUTE FUNCTION sales_lines_make_the_document()

CREATE OR REPLACE FUNCTION payments_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'payments_stay'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_stay';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER payments_stay AFTER DELETE ON payments
FOR EACH ROW EXECUTE FUNCTION payments_stay()

CREATE OR REPLACE FUNCTION payments_say_what_was_received() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'payments_say_what_was_received'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_say_what_was_received';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER payments_say_what_was_received AFTER UPDATE OF document_id, amount, method, received_on, recorded_at ON payments
FOR EACH ROW EXECUTE FUNCTION payments_say_what_was_received()

CREATE OR REPLACE FUNCTION payments_name_who_recorded_them() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure') THEN
        RAISE EXCEPTION 'payments_name_who_recorded_them'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_name_who_recorded_them';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER payments_name_who_recorded_them AFTER UPDATE OF reference, recorded_by ON payments
FOR EACH ROW EXECUTE FUNCTION payments_name_who_recorded_them()

CREATE OR REPLACE FUNCTION payments_are_cancelled_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF 1 = 1 THEN
        RAISE EXCEPTION 'payments_are_cancelled_once'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_are_cancelled_once';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER payments_are_cancelled_once AFTER UPDATE OF cancelled_at ON payments
FOR EACH ROW WHEN (OLD.cancelled_at IS NOT NULL) EXECUTE FUNCTION payments_are_cancelled_once()

CREATE OR REPLACE FUNCTION payments_of_an_invoice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM sales_documents WHERE id = NEW.document_id FOR UPDATE;
    IF NOT EXISTS (SELECT 1 FROM sales_documents invoice WHERE invoice.id = NEW.document_id AND invoice.kind = 'invoice' AND round(2 * invoice.gross - (SELECT sum(amount) FROM payments WHERE document_id = NEW.document_id AND cancelled_at IS NULL), 2) >= 0) THEN
        RAISE EXCEPTION 'payments_of_an_invoice'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_of_an_invoice';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER payments_of_an_invoice AFTER INSERT ON payments
FOR EACH ROW WHEN (NEW.cancelled_at IS NULL) EXECUTE FUNCTION payments_of_an_invoice()

CREATE OR REPLACE FUNCTION invitation_quota() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM invitations WHERE id = NEW.invitation_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM invitations WHERE id = NEW.invitation_id AND quota < (SELECT count(*) FROM attendees WHERE invitation_id = NEW.invitation_id AND status = 'registered')) THEN
        RAISE EXCEPTION 'invitation_quota'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invitation_quota';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER invitation_quota AFTER INSERT OR UPDATE OF status, invitation_id ON attendees
FOR EACH ROW WHEN (NEW.invitation_id IS NOT NULL AND NEW.status = 'registered') EXECUTE FUNCTION invitation_quota()

CREATE OR REPLACE FUNCTION invitation_quota_lowered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.quota < (SELECT count(*) FROM attendees WHERE invitation_id = NEW.id AND status = 'registered') THEN
        RAISE EXCEPTION 'invitation_quota_lowered'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invitation_quota_lowered';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER invitation_quota_lowered AFTER UPDATE OF quota ON invitations
FOR EACH ROW EXECUTE FUNCTION invitation_quota_lowered()

CREATE OR REPLACE FUNCTION stand_in_its_hall() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM halls WHERE id = NEW.hall_id AND edition_id = NEW.edition_id AND NEW.x + NEW.width < width + 0.01 AND NEW.y + NEW.depth < depth + 0.01) THEN
        RAISE EXCEPTION 'stand_in_its_hall'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stand_in_its_hall';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER stand_in_its_hall AFTER INSERT OR UPDATE OF hall_id, edition_id, x, y, width, depth ON stands
FOR EACH ROW EXECUTE FUNCTION stand_in_its_hall()

ALTER TABLE appointments ADD CONSTRAINT appointments_of_an_agent
EXCLUDE USING gist (int4range(agent_id, agent_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) WHERE (status = 'booked') DEFERRABLE INITIALLY DEFERRED

ALTER TABLE appointments ADD CONSTRAINT appointments_of_a_visitor
EXCLUDE USING gist (int4range(attendee_id, attendee_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) WHERE (status = 'booked') DEFERRABLE INITIALLY DEFERRED

ALTER TABLE shifts ADD CONSTRAINT published_shifts_of_an_agent
EXCLUDE USING gist (int4range(agent_id, agent_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) WHERE (status = 'published') DEFERRABLE INITIALLY DEFERRED

ALTER TABLE shifts ADD CONSTRAINT draft_shifts_of_an_agent
EXCLUDE USING gist (int4range(agent_id, agent_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) WHERE (status = 'draft') DEFERRABLE INITIALLY DEFERRED

ALTER TABLE stands ADD CONSTRAINT stands_on_one_place
EXCLUDE USING gist (int4range(hall_id, hall_id, '[]') WITH &&, box(point(x + 0.005, y + 0.005), point(x + width - 0.005, y + depth - 0.005)) WITH &&) DEFERRABLE INITIALLY DEFERRED

CREATE OR REPLACE FUNCTION valid_badges_of_registered_people_badges() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM attendees WHERE id = NEW.attendee_id FOR SHARE;
    IF EXISTS (SELECT 1 FROM badges a, attendees b WHERE a.attendee_id = b.id AND a.revoked_at IS NULL AND b.status <> 'registered' AND a.id = NEW.id) THEN
        RAISE EXCEPTION 'valid_badges_of_registered_people'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'valid_badges_of_registered_people';
    END IF;
    RETURN NULL;
END $$

CREATE CONSTRAINT TRIGGER valid_badges_of_registered_people_badges AFTER INSERT OR UPDATE OF attendee_id, revoked_at
ON badges DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION valid_badges_of_registered_people_badges()

CREATE OR REPLACE FUNCTION valid_badges_of_registered_people_attendees() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM badges a, attendees b WHERE a.attendee_id = b.id AND a.revoked_at IS NULL AND b.status <> 'registered' AND b.id = NEW.id) THEN
        RAISE EXCEPTION 'valid_badges_of_registered_people'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'valid_badges_of_registered_people';
    END IF;
    RETURN NULL;
END $$

CREATE CONSTRAINT TRIGGER valid_badges_of_registered_people_attendees AFTER INSERT OR UPDATE OF status
ON attendees DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION valid_badges_of_registered_people_attendees()

CREATE OR REPLACE FUNCTION rows_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF true THEN
        RAISE EXCEPTION 'rows_stay'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'rows_stay';
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER journal_entries_not_emptied BEFORE TRUNCATE ON journal_entries
FOR EACH STATEMENT EXECUTE FUNCTION rows_stay()

CREATE TRIGGER scans_not_emptied BEFORE TRUNCATE ON scans
FOR EACH STATEMENT EXECUTE FUNCTION rows_stay()

CREATE TRIGGER consents_not_emptied BEFORE TRUNCATE ON consents
FOR EACH STATEMENT EXECUTE FUNCTION rows_stay()

CREATE TRIGGER sales_documents_not_emptied BEFORE TRUNCATE ON sales_documents
FOR EACH STATEMENT EXECUTE FUNCTION rows_stay()

CREATE TRIGGER sales_lines_not_emptied BEFORE TRUNCATE ON sales_lines
FOR EACH STATEMENT EXECUTE FUNCTION rows_stay()

CREATE TRIGGER payments_not_emptied BEFORE TRUNCATE ON payments
FOR EACH STATEMENT EXECUTE FUNCTION rows_stay()
