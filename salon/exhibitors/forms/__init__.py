"""What is typed by and about exhibitors, by subject."""
