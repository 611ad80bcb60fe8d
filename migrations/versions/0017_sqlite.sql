CREATE TRIGGER quotes_are_agreed_once_on_insert
AFTER INSERT ON sales_documents FOR EACH ROW WHEN NEW.kind = 'order' BEGIN
    SELECT RAISE(ABORT, 'quotes_are_agreed_once') WHERE EXISTS (SELECT 1 FROM sales_documents agreed WHERE agreed.from_id = NEW.from_id AND agreed.id <> NEW.id AND agreed.kind = 'order');
END

CREATE TRIGGER payments_keep_the_day_of_their_return_on_update
AFTER UPDATE OF cancelled_on ON payments FOR EACH ROW WHEN OLD.cancelled_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'payments_keep_the_day_of_their_return') WHERE 1 = 1;
END

CREATE TRIGGER refunds_keep_the_day_of_their_return_on_update
AFTER UPDATE OF cancelled_on ON refunds FOR EACH ROW WHEN OLD.cancelled_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'refunds_keep_the_day_of_their_return') WHERE 1 = 1;
END
