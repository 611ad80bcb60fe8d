"""The paper pack (dossier papier): the fair on paper during an outage, and typing it back.

Ticked lines (lignes cochées) typed back are scans like any other.
"""
