"""Writes of the mailings: drafts, their hour, their sending."""
