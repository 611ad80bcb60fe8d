"""Declaration of the data that people left, without the database."""
