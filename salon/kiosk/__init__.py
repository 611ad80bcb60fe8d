"""The kiosk (borne): a visitor scans their badge, is welcomed, corrects, prints and finds the way.

Print jobs (impressions en attente) are drained by a print station (poste d’impression).
"""
