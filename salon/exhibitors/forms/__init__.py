"""Forms of the exhibitors, by subject."""
