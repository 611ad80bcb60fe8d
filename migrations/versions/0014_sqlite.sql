CREATE TRIGGER payers_pay_for_themselves_on_insert
AFTER INSERT ON sales FOR EACH ROW WHEN NEW.payer_id IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'payers_pay_for_themselves') WHERE EXISTS (SELECT 1 FROM sales WHERE payer_id IS NOT NULL AND exhibitor_id = NEW.payer_id OR payer_id = NEW.exhibitor_id);
END

CREATE TRIGGER payers_pay_for_themselves_on_update
AFTER UPDATE OF payer_id ON sales FOR EACH ROW WHEN NEW.payer_id IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'payers_pay_for_themselves') WHERE EXISTS (SELECT 1 FROM sales WHERE payer_id IS NOT NULL AND exhibitor_id = NEW.payer_id OR payer_id = NEW.exhibitor_id);
END

CREATE TRIGGER billed_members_keep_their_payer_on_update
AFTER UPDATE OF payer_id ON sales FOR EACH ROW WHEN OLD.payer_id IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'billed_members_keep_their_payer') WHERE (NEW.payer_id IS NULL OR NEW.payer_id <> OLD.payer_id) AND (SELECT round(sum(CASE document.kind WHEN 'invoice' THEN line.net ELSE -line.net END), 2) FROM sales_lines line JOIN sales_documents document ON document.id = line.document_id WHERE line.exhibitor_id = NEW.exhibitor_id AND document.kind IN ('invoice', 'credit_note')) > 0;
END

CREATE TRIGGER members_are_invoiced_to_their_payer_on_insert
AFTER INSERT ON sales_lines FOR EACH ROW WHEN NEW.exhibitor_id IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'members_are_invoiced_to_their_payer') WHERE EXISTS (SELECT 1 FROM sales_documents document WHERE document.id = NEW.document_id AND document.kind = 'invoice' AND NOT EXISTS (SELECT 1 FROM sales WHERE sales.exhibitor_id = NEW.exhibitor_id AND sales.payer_id = document.exhibitor_id));
END

CREATE TRIGGER sales_lines_stay_on_update
AFTER UPDATE OF document_id, rank, code, label, unit, quantity, unit_price, vat_rate, net, exhibitor_id ON sales_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'sales_lines_stay') WHERE 1 = 1;
END

CREATE TRIGGER sales_lines_name_whom_they_are_for_on_update
AFTER UPDATE OF beneficiary ON sales_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'sales_lines_name_whom_they_are_for') WHERE NOT EXISTS (SELECT 1 FROM unsettled WHERE name = 'erasure');
END

CREATE TRIGGER payments_say_what_was_received_on_update
AFTER UPDATE OF document_id, amount, method, received_on, recorded_at, first_part_id ON payments FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'payments_say_what_was_received') WHERE 1 = 1;
END

CREATE TRIGGER parts_are_of_one_receipt_on_insert
AFTER INSERT ON payments FOR EACH ROW WHEN NEW.first_part_id IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'parts_are_of_one_receipt') WHERE NOT EXISTS (SELECT 1 FROM payments part WHERE part.id = NEW.first_part_id AND part.first_part_id IS NULL AND part.method = NEW.method AND part.received_on = NEW.received_on AND part.payer = NEW.payer AND part.reference = NEW.reference AND part.recorded_at = NEW.recorded_at);
END

CREATE TRIGGER lines_are_the_receipts_of_their_amount_on_update
AFTER UPDATE OF payment_id, outcome ON statement_lines FOR EACH ROW WHEN NEW.payment_id IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'lines_are_the_receipts_of_their_amount') WHERE NEW.outcome = 'recorded' AND (SELECT round(sum(amount) - NEW.amount, 2) FROM payments WHERE NEW.payment_id IN (id, first_part_id)) <> 0;
END

CREATE TRIGGER sales_apart_insert AFTER INSERT ON sales FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.payer_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id);
END

CREATE TRIGGER sales_apart_update AFTER UPDATE OF exhibitor_id, payer_id ON sales FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = OLD.exhibitor_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) OR (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.payer_id) <> (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id);
END

CREATE TRIGGER payments_apart_insert AFTER INSERT ON payments FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.first_part_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id);
END

CREATE TRIGGER payments_apart_update AFTER UPDATE OF document_id, first_part_id ON payments FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = OLD.document_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) OR (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.first_part_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id);
END

CREATE TRIGGER sales_lines_apart_insert AFTER INSERT ON sales_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id);
END

CREATE TRIGGER sales_lines_apart_update AFTER UPDATE OF document_id, exhibitor_id ON sales_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = OLD.document_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id) OR (SELECT parent.edition_id FROM exhibitors parent WHERE parent.id = NEW.exhibitor_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id);
END
