"""Use cases of an exhibitor's documents and reminders."""
