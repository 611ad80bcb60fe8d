"""Use cases of the appointments."""
