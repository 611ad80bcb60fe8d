"""The doors on the day (contrôle d'accès): scans (passages), verdicts, people inside.

Scans are append-only; the presence of each badge is derived from them.
"""
