"""Whom a request speaks for, and what that person may see and do."""
