"""Contacts left at a stand (leads): readings of badges or stand codes, and consents.

Without consent (consentement) the exhibitor sees « contact non partagé » and nothing else.
"""
