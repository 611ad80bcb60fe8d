CREATE TRIGGER journal_stays_on_update
AFTER UPDATE ON journal_entries FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'journal_stays') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER journal_stays_on_delete
AFTER DELETE ON journal_entries FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'journal_stays') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER scans_stay_on_update
AFTER UPDATE ON scans FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'scans_stay') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER scans_stay_on_delete
AFTER DELETE ON scans FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'scans_stay') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER printings_stay_on_update
AFTER UPDATE ON printings FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'printings_stay') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER printings_stay_on_delete
AFTER DELETE ON printings FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'printings_stay') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER readings_stay_on_update
AFTER UPDATE ON lead_readings FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'readings_stay') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER consents_stay_on_delete
AFTER DELETE ON consents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'consents_stay') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER consents_say_what_was_agreed_on_update
AFTER UPDATE OF attendee_id, purpose, text_version, given_at ON consents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'consents_say_what_was_agreed') WHERE 1 = 1;
END

CREATE TRIGGER text_versions_stay_on_update
AFTER UPDATE ON text_versions FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'text_versions_stay') WHERE 1 = 1;
END

CREATE TRIGGER text_versions_stay_on_delete
AFTER DELETE ON text_versions FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'text_versions_stay') WHERE 1 = 1;
END

CREATE TRIGGER consents_end_once_on_update
AFTER UPDATE OF withdrawn_at ON consents FOR EACH ROW WHEN OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL BEGIN
    SELECT RAISE(ABORT, 'consents_end_once') WHERE 1 = 1;
END

CREATE TRIGGER lead_consents_say_what_was_agreed_on_update
AFTER UPDATE OF lead_id, purpose, fields, text_version, given_at ON lead_consents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'lead_consents_say_what_was_agreed') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER data_files_stay_on_update
AFTER UPDATE ON data_files FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'data_files_stay') WHERE 1 = 1;
END

CREATE TRIGGER data_files_stay_on_delete
AFTER DELETE ON data_files FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'data_files_stay') WHERE 1 = 1;
END

CREATE TRIGGER sales_documents_stay_on_delete
AFTER DELETE ON sales_documents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'sales_documents_stay') WHERE 1 = 1;
END

CREATE TRIGGER sales_documents_say_what_was_issued_on_update
AFTER UPDATE OF edition_id, exhibitor_id, kind, series, number, reference, issued_on, due_on, from_id, cancels_id, seller, service_code, net, vat, gross, line_count, created_at ON sales_documents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'sales_documents_say_what_was_issued') WHERE 1 = 1;
END

CREATE TRIGGER sales_documents_name_their_buyer_on_update
AFTER UPDATE OF buyer, engagement_number, purchase_order, created_by ON sales_documents FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'sales_documents_name_their_buyer') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER service_is_done_once_on_update
AFTER UPDATE OF service_done_on ON sales_documents FOR EACH ROW WHEN OLD.kind <> 'order' OR OLD.service_done_on IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'service_is_done_once') WHERE 1 = 1;
END

CREATE TRIGGER sales_documents_follow_one_another_on_insert
AFTER INSERT ON sales_documents FOR EACH ROW WHEN NEW.number <> 1 BEGIN
    SELECT RAISE(ABORT, 'sales_documents_follow_one_another') WHERE NOT EXISTS (SELECT 1 FROM sales_documents WHERE series = NEW.series AND number = NEW.number - 1);
END

CREATE TRIGGER credit_notes_within_their_invoice_on_insert
AFTER INSERT ON sales_documents FOR EACH ROW WHEN NEW.kind = 'credit_note' BEGIN
    SELECT RAISE(ABORT, 'credit_notes_within_their_invoice') WHERE NOT EXISTS (SELECT 1 FROM sales_documents invoice WHERE invoice.id = NEW.from_id AND invoice.kind = 'invoice' AND round(invoice.net - (SELECT sum(note.net) FROM sales_documents note WHERE note.from_id = NEW.from_id AND note.kind = 'credit_note'), 2) >= 0);
END

CREATE TRIGGER sales_lines_stay_on_update
AFTER UPDATE ON sales_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'sales_lines_stay') WHERE 1 = 1;
END

CREATE TRIGGER sales_lines_stay_on_delete
AFTER DELETE ON sales_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'sales_lines_stay') WHERE 1 = 1;
END

CREATE TRIGGER sales_lines_make_the_document_on_insert
AFTER INSERT ON sales_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'sales_lines_make_the_document') WHERE NOT EXISTS (SELECT 1 FROM sales_documents document, (SELECT count(*) AS lines, sum(net) AS net FROM sales_lines WHERE document_id = NEW.document_id) written WHERE document.id = NEW.document_id AND (written.lines < document.line_count OR written.lines = document.line_count AND round(written.net - document.net, 2) = 0));
END

CREATE TRIGGER payments_stay_on_delete
AFTER DELETE ON payments FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'payments_stay') WHERE 1 = 1;
END

CREATE TRIGGER payments_say_what_was_received_on_update
AFTER UPDATE OF document_id, amount, method, received_on, recorded_at ON payments FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'payments_say_what_was_received') WHERE 1 = 1;
END

CREATE TRIGGER payments_name_who_recorded_them_on_update
AFTER UPDATE OF reference, recorded_by ON payments FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'payments_name_who_recorded_them') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER payments_are_cancelled_once_on_update
AFTER UPDATE OF cancelled_at ON payments FOR EACH ROW WHEN OLD.cancelled_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'payments_are_cancelled_once') WHERE 1 = 1;
END

CREATE TRIGGER payments_of_an_invoice_on_insert
AFTER INSERT ON payments FOR EACH ROW WHEN NEW.cancelled_at IS NULL BEGIN
    SELECT RAISE(ABORT, 'payments_of_an_invoice') WHERE NOT EXISTS (SELECT 1 FROM sales_documents invoice WHERE invoice.id = NEW.document_id AND invoice.kind = 'invoice' AND round(2 * invoice.gross - (SELECT sum(amount) FROM payments WHERE document_id = NEW.document_id AND cancelled_at IS NULL), 2) >= 0);
END

CREATE TRIGGER invitation_quota_on_insert
AFTER INSERT ON attendees FOR EACH ROW WHEN NEW.invitation_id IS NOT NULL AND NEW.status = 'registered' BEGIN
    SELECT RAISE(ABORT, 'invitation_quota') WHERE EXISTS (SELECT 1 FROM invitations WHERE id = NEW.invitation_id AND quota < (SELECT count(*) FROM attendees WHERE invitation_id = NEW.invitation_id AND status = 'registered'));
END

CREATE TRIGGER invitation_quota_on_update
AFTER UPDATE OF status, invitation_id ON attendees FOR EACH ROW WHEN NEW.invitation_id IS NOT NULL AND NEW.status = 'registered' BEGIN
    SELECT RAISE(ABORT, 'invitation_quota') WHERE EXISTS (SELECT 1 FROM invitations WHERE id = NEW.invitation_id AND quota < (SELECT count(*) FROM attendees WHERE invitation_id = NEW.invitation_id AND status = 'registered'));
END

CREATE TRIGGER invitation_quota_lowered_on_update
AFTER UPDATE OF quota ON invitations FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'invitation_quota_lowered') WHERE NEW.quota < (SELECT count(*) FROM attendees WHERE invitation_id = NEW.id AND status = 'registered');
END

CREATE TRIGGER stand_in_its_hall_on_insert
AFTER INSERT ON stands FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'stand_in_its_hall') WHERE NOT EXISTS (SELECT 1 FROM halls WHERE id = NEW.hall_id AND edition_id = NEW.edition_id AND NEW.x + NEW.width < width + 0.01 AND NEW.y + NEW.depth < depth + 0.01);
END

CREATE TRIGGER stand_in_its_hall_on_update
AFTER UPDATE OF hall_id, edition_id, x, y, width, depth ON stands FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'stand_in_its_hall') WHERE NOT EXISTS (SELECT 1 FROM halls WHERE id = NEW.hall_id AND edition_id = NEW.edition_id AND NEW.x + NEW.width < width + 0.01 AND NEW.y + NEW.depth < depth + 0.01);
END

CREATE TRIGGER appointments_of_an_agent_appointments_insert
AFTER INSERT ON appointments FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'appointments_of_an_agent', a.id, b.id FROM appointments a, appointments b WHERE a.id <> b.id AND a.agent_id = b.agent_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at AND a.status = 'booked' AND b.status = 'booked' AND a.id = NEW.id;
END

CREATE TRIGGER appointments_of_an_agent_appointments_update
AFTER UPDATE OF agent_id, starts_at, ends_at, status ON appointments FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'appointments_of_an_agent' AND NEW.id IN (row_id, other_id);
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'appointments_of_an_agent', a.id, b.id FROM appointments a, appointments b WHERE a.id <> b.id AND a.agent_id = b.agent_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at AND a.status = 'booked' AND b.status = 'booked' AND a.id = NEW.id;
END

CREATE TRIGGER appointments_of_an_agent_appointments_delete
AFTER DELETE ON appointments FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'appointments_of_an_agent' AND OLD.id IN (row_id, other_id);
END

CREATE TRIGGER appointments_of_a_visitor_appointments_insert
AFTER INSERT ON appointments FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'appointments_of_a_visitor', a.id, b.id FROM appointments a, appointments b WHERE a.id <> b.id AND a.attendee_id = b.attendee_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at AND a.status = 'booked' AND b.status = 'booked' AND a.id = NEW.id;
END

CREATE TRIGGER appointments_of_a_visitor_appointments_update
AFTER UPDATE OF attendee_id, starts_at, ends_at, status ON appointments FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'appointments_of_a_visitor' AND NEW.id IN (row_id, other_id);
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'appointments_of_a_visitor', a.id, b.id FROM appointments a, appointments b WHERE a.id <> b.id AND a.attendee_id = b.attendee_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at AND a.status = 'booked' AND b.status = 'booked' AND a.id = NEW.id;
END

CREATE TRIGGER appointments_of_a_visitor_appointments_delete
AFTER DELETE ON appointments FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'appointments_of_a_visitor' AND OLD.id IN (row_id, other_id);
END

CREATE TRIGGER published_shifts_of_an_agent_shifts_insert
AFTER INSERT ON shifts FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'published_shifts_of_an_agent', a.id, b.id FROM shifts a, shifts b WHERE a.id <> b.id AND a.agent_id = b.agent_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at AND a.status = 'published' AND b.status = 'published' AND a.id = NEW.id;
END

CREATE TRIGGER published_shifts_of_an_agent_shifts_update
AFTER UPDATE OF agent_id, starts_at, ends_at, status ON shifts FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'published_shifts_of_an_agent' AND NEW.id IN (row_id, other_id);
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'published_shifts_of_an_agent', a.id, b.id FROM shifts a, shifts b WHERE a.id <> b.id AND a.agent_id = b.agent_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at AND a.status = 'published' AND b.status = 'published' AND a.id = NEW.id;
END

CREATE TRIGGER published_shifts_of_an_agent_shifts_delete
AFTER DELETE ON shifts FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'published_shifts_of_an_agent' AND OLD.id IN (row_id, other_id);
END

CREATE TRIGGER draft_shifts_of_an_agent_shifts_insert
AFTER INSERT ON shifts FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'draft_shifts_of_an_agent', a.id, b.id FROM shifts a, shifts b WHERE a.id <> b.id AND a.agent_id = b.agent_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at AND a.status = 'draft' AND b.status = 'draft' AND a.id = NEW.id;
END

CREATE TRIGGER draft_shifts_of_an_agent_shifts_update
AFTER UPDATE OF agent_id, starts_at, ends_at, status ON shifts FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'draft_shifts_of_an_agent' AND NEW.id IN (row_id, other_id);
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'draft_shifts_of_an_agent', a.id, b.id FROM shifts a, shifts b WHERE a.id <> b.id AND a.agent_id = b.agent_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at AND a.status = 'draft' AND b.status = 'draft' AND a.id = NEW.id;
END

CREATE TRIGGER draft_shifts_of_an_agent_shifts_delete
AFTER DELETE ON shifts FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'draft_shifts_of_an_agent' AND OLD.id IN (row_id, other_id);
END

CREATE TRIGGER stands_on_one_place_stands_insert
AFTER INSERT ON stands FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'stands_on_one_place', a.id, b.id FROM stands a, stands b WHERE a.id <> b.id AND a.hall_id = b.hall_id AND a.x + a.width - b.x > 0.01 AND b.x + b.width - a.x > 0.01 AND a.y + a.depth - b.y > 0.01 AND b.y + b.depth - a.y > 0.01 AND a.id = NEW.id;
END

CREATE TRIGGER stands_on_one_place_stands_update
AFTER UPDATE OF hall_id, x, y, width, depth ON stands FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'stands_on_one_place' AND NEW.id IN (row_id, other_id);
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'stands_on_one_place', a.id, b.id FROM stands a, stands b WHERE a.id <> b.id AND a.hall_id = b.hall_id AND a.x + a.width - b.x > 0.01 AND b.x + b.width - a.x > 0.01 AND a.y + a.depth - b.y > 0.01 AND b.y + b.depth - a.y > 0.01 AND a.id = NEW.id;
END

CREATE TRIGGER stands_on_one_place_stands_delete
AFTER DELETE ON stands FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'stands_on_one_place' AND OLD.id IN (row_id, other_id);
END

CREATE TRIGGER valid_badges_of_registered_people_badges_insert
AFTER INSERT ON badges FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'valid_badges_of_registered_people', a.id, b.id FROM badges a, attendees b WHERE a.attendee_id = b.id AND a.revoked_at IS NULL AND b.status <> 'registered' AND a.id = NEW.id;
END

CREATE TRIGGER valid_badges_of_registered_people_badges_update
AFTER UPDATE OF attendee_id, revoked_at ON badges FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'valid_badges_of_registered_people' AND NEW.id IN (row_id);
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'valid_badges_of_registered_people', a.id, b.id FROM badges a, attendees b WHERE a.attendee_id = b.id AND a.revoked_at IS NULL AND b.status <> 'registered' AND a.id = NEW.id;
END

CREATE TRIGGER valid_badges_of_registered_people_badges_delete
AFTER DELETE ON badges FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'valid_badges_of_registered_people' AND OLD.id IN (row_id);
END

CREATE TRIGGER valid_badges_of_registered_people_attendees_insert
AFTER INSERT ON attendees FOR EACH ROW BEGIN
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'valid_badges_of_registered_people', a.id, b.id FROM badges a, attendees b WHERE a.attendee_id = b.id AND a.revoked_at IS NULL AND b.status <> 'registered' AND b.id = NEW.id;
END

CREATE TRIGGER valid_badges_of_registered_people_attendees_update
AFTER UPDATE OF status ON attendees FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'valid_badges_of_registered_people' AND NEW.id IN (other_id);
    INSERT INTO unsettled (name, row_id, other_id)
    SELECT 'valid_badges_of_registered_people', a.id, b.id FROM badges a, attendees b WHERE a.attendee_id = b.id AND a.revoked_at IS NULL AND b.status <> 'registered' AND b.id = NEW.id;
END

CREATE TRIGGER valid_badges_of_registered_people_attendees_delete
AFTER DELETE ON attendees FOR EACH ROW BEGIN
    DELETE FROM unsettled WHERE name = 'valid_badges_of_registered_people' AND OLD.id IN (other_id);
END
