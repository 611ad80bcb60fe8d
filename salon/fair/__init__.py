"""The fair itself: edition (édition), halls, stands, doors, partner bodies, themes, programme.

Everything else points here; nothing here knows who comes.
"""
