"""Rules of the appointments."""
