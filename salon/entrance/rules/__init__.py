"""Rules of the doors, by subject."""
