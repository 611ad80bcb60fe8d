"""People registered several times: found as likely pairs, merged or told apart by an organiser.

Doublon, réunir (merge), « ce sont deux personnes » (distinct people).
"""
