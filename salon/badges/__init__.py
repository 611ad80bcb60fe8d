"""Registration of visitors (inscription), communes and EPCI, badges of every category, QR, PDF.

The commune is the unit: a secretary registers several people in one group (dossier).
"""
