"""Texts proposed for mailings."""
