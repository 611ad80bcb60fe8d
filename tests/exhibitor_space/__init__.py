"""An exhibitor's space: files, tasks, documents, reminders."""
