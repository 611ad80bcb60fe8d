"""Reads of the doors, by subject."""
