"""Writes of invitations: sent by the organisers, answered by their link."""
