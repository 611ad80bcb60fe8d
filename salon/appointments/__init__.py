"""Appointments (rendez-vous) with agents: their slots are what the published rota leaves free.

Booking, moving, cancelling, waiting lists, the queue of a stand, and the rescue (sauvetage) of what
an absence leaves without anybody.
"""
