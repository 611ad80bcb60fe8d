"""Reads of invitations and of the book of communes and EPCI."""
