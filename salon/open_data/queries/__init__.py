"""Reads of open data: what may be published, what was."""
