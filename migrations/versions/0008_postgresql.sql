CREATE TRIGGER sales_papers_apart_update AFTER UPDATE OF document_id ON sales_papers
FOR EACH ROW EXECUTE FUNCTION payments_apart_update()
