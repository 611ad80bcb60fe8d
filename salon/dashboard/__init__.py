"""Organisers' dashboard (organisation): overview, live entries, exports, rights of persons.

Reads everything; owns only the figures that outlive the rows they were counted from.
"""
