"""Reads of the appointments, by what is read."""
