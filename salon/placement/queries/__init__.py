"""Reads of stands to give and of proposals."""
