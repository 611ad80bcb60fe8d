CREATE TRIGGER refunded_payments_stand_on_update
AFTER UPDATE OF cancelled_at ON payments FOR EACH ROW WHEN NEW.cancelled_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'refunded_payments_stand') WHERE (SELECT coalesce(sum(refunds.amount), 0) FROM refunds WHERE refunds.payment_id = NEW.id AND refunds.cancelled_at IS NULL) > 0 AND NEW.cancel_reason = '';
END

CREATE TRIGGER statement_lines_apart_insert AFTER INSERT ON statement_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.payment_id) <> NEW.edition_id OR (SELECT parent_2.edition_id FROM refunds parent JOIN payments parent_1 ON parent_1.id = parent.payment_id JOIN sales_documents parent_2 ON parent_2.id = parent_1.document_id WHERE parent.id = NEW.refund_id) <> NEW.edition_id;
END

CREATE TRIGGER statement_lines_apart_update AFTER UPDATE OF edition_id, payment_id, refund_id ON statement_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE OLD.edition_id <> NEW.edition_id OR (SELECT parent_1.edition_id FROM payments parent JOIN sales_documents parent_1 ON parent_1.id = parent.document_id WHERE parent.id = NEW.payment_id) <> NEW.edition_id OR (SELECT parent_2.edition_id FROM refunds parent JOIN payments parent_1 ON parent_1.id = parent.payment_id JOIN sales_documents parent_2 ON parent_2.id = parent_1.document_id WHERE parent.id = NEW.refund_id) <> NEW.edition_id;
END

CREATE TRIGGER statement_lines_closed_insert AFTER INSERT ON statement_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = NEW.edition_id) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER statement_lines_closed_update AFTER UPDATE ON statement_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = OLD.edition_id) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END

CREATE TRIGGER statement_lines_closed_delete AFTER DELETE ON statement_lines FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'edition_is_closed') WHERE (SELECT state FROM editions WHERE id = OLD.edition_id) = 'closed' AND NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('erasure', 'retention'));
END
