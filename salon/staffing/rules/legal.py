"""Limits of a working day of territorial agents, in half hours of the rota.

Décret n° 2001-623 of 12 July 2001, art. 1, makes those of décret n° 2000-815 of 25 August 2000,
art. 3-I, hold for the fonction publique territoriale.
"""

LONGEST_DAY = 20
"""Half hours: at most 10 h of work a day (décret 2000-815, art. 3-I)."""

WIDEST_DAY = 24
"""Half hours: at most 12 h from the first minute of work to the last (art. 3-I, amplitude)."""

LONGEST_RUN = 11
"""Half hours: 6 h are never reached without a break of 20 min (art. 3-I); ours last 30 min."""

SHORTEST_NIGHT = 22
"""Half hours: at least 11 h of rest between two days (art. 3-I)."""
