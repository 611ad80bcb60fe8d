"""The database: engine, writing, schema, what its rows promise, and the journal."""
