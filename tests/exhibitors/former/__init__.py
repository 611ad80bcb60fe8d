"""Former exhibitors, invited."""
