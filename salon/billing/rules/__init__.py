"""Rules of billing, by subject."""
