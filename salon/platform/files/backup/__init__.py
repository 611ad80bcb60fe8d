"""Backups of a whole installation: an archive, its seal and its encryption."""
