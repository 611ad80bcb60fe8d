"""French labels of the paper pack."""

NEED_MARKS = {
    "parking": "PMR",
    "hearing_loop": "boucle",
    "sign_language": "LSF",
    "seat": "assise",
    "other": "besoin",
}
"""Printed mark of each need, by the values of `badges.models.Need`."""
