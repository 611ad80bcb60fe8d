"""Backups of a whole installation: an archive, its seal and its encryption.

`pg_dump` and SQLite's backup copy one engine for the same engine, past its rules: they neither move
a fair to the other one nor refuse rows that break a rule. zipfile packs, age (pyrage) encrypts.
"""
