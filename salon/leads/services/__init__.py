"""Verbs of the contacts: reading badges, following up, downloading; giving and taking back."""
