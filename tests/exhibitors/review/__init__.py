"""The organiser's review of exhibitors."""
