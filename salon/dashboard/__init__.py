"""What the organiser reads (organisation): overview, live entries, exports, rights of persons.

Reads everything, owns nothing.
"""
