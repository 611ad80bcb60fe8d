"""Organisations of an earlier edition invited to the next one: exhibitors, communes and EPCI.

Inviter de nouveau, répondre par un lien, ne plus être invité.
"""
