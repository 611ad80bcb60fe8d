"""Forms of the day and of stand-ins."""
