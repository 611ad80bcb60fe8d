"""Use cases of the contacts."""
