"""Values and sentences shown by pages, made from rows."""
