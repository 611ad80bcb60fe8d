"""Forms of the fair: the plan, the settings."""
