"""Named reads of the exhibitors, by subject."""
