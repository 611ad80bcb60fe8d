"""French words of what the journal says of exhibitors."""

ACTIONS = {
    "exhibitor.accept": "Candidature acceptée",
    "exhibitor.ask_changes": "Complément demandé",
    "exhibitor.let_offer_expire": "Délai de la proposition passé",
    "exhibitor.offer": "Place proposée",
    "exhibitor.put_on_waiting_list": "Mise en liste d’attente",
    "exhibitor.refuse": "Candidature refusée",
    "exhibitor.reopen": "Candidature rouverte",
    "exhibitor.submit": "Candidature envoyée",
    "exhibitor.take_offer": "Place prise",
    "exhibitor.withdraw": "Candidature retirée",
}
