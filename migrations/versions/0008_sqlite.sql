CREATE TRIGGER sales_papers_apart_update AFTER UPDATE OF document_id ON sales_papers FOR EACH ROW BEGIN
    SELECT RAISE(ABORT, 'editions_stay_apart') WHERE (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = OLD.document_id) <> (SELECT parent.edition_id FROM sales_documents parent WHERE parent.id = NEW.document_id);
END
