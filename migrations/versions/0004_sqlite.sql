CREATE TRIGGER closed_sales_sell_nothing_on_insert
AFTER INSERT ON sales_documents FOR EACH ROW WHEN NEW.kind <> 'credit_note' BEGIN
    SELECT RAISE(ABORT, 'closed_sales_sell_nothing') WHERE EXISTS (SELECT 1 FROM sales WHERE exhibitor_id = NEW.exhibitor_id AND status = 'closed');
END
