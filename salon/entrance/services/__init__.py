"""Use cases of the doors, by subject."""
