"""What must be true of exhibitors, by subject."""
