CREATE TRIGGER payments_keep_the_day_of_their_return_on_update
AFTER UPDATE OF cancelled_on ON payments FOR EACH ROW WHEN OLD.cancelled_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'payments_keep_the_day_of_their_return') WHERE 1 = 1;
END

CREATE TRIGGER refunds_keep_the_day_of_their_return_on_update
AFTER UPDATE OF cancelled_on ON refunds FOR EACH ROW WHEN OLD.cancelled_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'refunds_keep_the_day_of_their_return') WHERE 1 = 1;
END
