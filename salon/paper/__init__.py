"""The paper pack (dossier papier): the fair on paper when nothing else works, and typing it back.

Ticked lines (lignes cochées) typed back are scans like any other.
"""
