"""Invitations that an exhibitor sends."""
