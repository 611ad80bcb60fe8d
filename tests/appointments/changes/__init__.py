"""Changes of the fair and their undoings, in any order: rows, messages and calendars."""
