"""Contacts left at a stand (leads): a badge or a stand's code was scanned, and what was agreed to.

Without consent (consentement) the exhibitor sees « contact non partagé » and nothing else.
"""
