"""Answers of the identity provider, read and checked."""
