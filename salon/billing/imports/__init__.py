"""Bank statements that a treasurer imports."""
