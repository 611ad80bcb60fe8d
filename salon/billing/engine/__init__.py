"""Amounts due, computed from issued documents and payments."""
