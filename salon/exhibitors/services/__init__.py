"""What happens to exhibitors, by subject."""
