"""Where an agent is expected."""
