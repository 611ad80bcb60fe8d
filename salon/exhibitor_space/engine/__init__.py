"""State of an exhibitor's tasks, and who is late."""
