"""What must be true at the doors, by subject."""
