"""French labels of the journal."""

ACTIONS = {
    "open_data.published": "Données ouvertes publiées",
    "open_data.restored": "Version des données ouvertes remise en ligne",
    "open_data.withdrawn": "Version des données ouvertes retirée",
}
