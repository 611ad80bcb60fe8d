"""Open data of an edition: files published after the fair, with their catalogue for portals.

Données ouvertes, version publiée, catalogue DCAT-AP, schéma de table.
"""
