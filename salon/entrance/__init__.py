"""The doors on the day (contrôle d'accès): scans (passages), verdicts, who is inside.

Scans are append-only; what is known of a badge at the door is derived from them.
"""
