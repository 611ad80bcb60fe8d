"""Pages: forms, lists, settings, confirmations, and those stored until a commit."""
