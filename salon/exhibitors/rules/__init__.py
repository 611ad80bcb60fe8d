"""Rules of the exhibitors, by subject."""
