"""The fair itself: edition (édition), halls, stands, doors, partner bodies, themes, programme.

Every other feature depends on it; it knows no visitor and no exhibitor.
"""
