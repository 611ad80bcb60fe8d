"""The messages whose texts the organiser may change, by who receives them."""

from collections.abc import Mapping

EDITABLE: Mapping[str, Mapping[str, str]] = {
    "Visiteurs": {
        "registration": "Inscription : le badge",
        "group_registered": "Inscription de plusieurs personnes",
        "already_registered": "Personne déjà inscrite",
        "badges_of_address": "Badge demandé de nouveau",
        "badge_reissued": "Nouveau badge",
        "address_changed": "Adresse électronique changée",
        "cancelled": "Inscription annulée",
        "restored": "Inscription rétablie",
        "replaced": "Personne remplacée",
        "merged": "Inscriptions d’une personne réunies",
        "eve_visitor": "La veille du salon, sans rendez-vous",
        "days_changed": "Jours ou heures du salon changés",
        "place_changed": "Lieu du salon changé",
        "standing_changed": "Salon reporté, annulé ou maintenu",
        "lead_link": "Contact laissé à un exposant",
    },
    "Visiteurs qui ont rendez-vous": {
        "booking_to_confirm": "Demande à confirmer",
        "appointment_booked": "Rendez-vous confirmé",
        "appointment_moved": "Rendez-vous déplacé",
        "appointment_cancelled": "Rendez-vous annulé",
        "appointment_reassigned": "Un autre agent reçoit",
        "appointment_to_choose": "Autre heure à choisir",
        "appointment_renumbered": "Numéro du stand changé",
        "appointment_restored": "Rendez-vous rétabli",
        "appointment_agreed": "Ce qui a été convenu",
        "appointment_tomorrow": "La veille du salon, avec les rendez-vous",
        "appointment_soon": "Rappel juste avant",
        "waiting_joined": "Liste d’attente : inscrit",
        "waiting_offered": "Liste d’attente : une heure se libère",
        "waiting_expired": "Liste d’attente : heure passée au suivant",
        "waiting_withdrawn": "Liste d’attente : heure retirée",
        "waiting_restored": "Liste d’attente : rouverte",
        "theme_withdrawn": "Liste d’attente : thème retiré",
        "waiting_closed": "Liste d’attente : fin du salon",
    },
    "Invités de l’édition précédente": {
        "organisation_invited": "Invitation à la nouvelle édition",
    },
    "Exposants": {
        "application_invited": "Invitation à exposer de nouveau",
        "application_started": "Candidature commencée",
        "application_link": "Lien de la candidature",
        "application_expires": "Candidature bientôt supprimée",
        "exhibitor_submit": "Candidature reçue",
        "exhibitor_enter": "Candidature saisie par l’organisation",
        "exhibitor_ask_changes": "Complément demandé",
        "exhibitor_accept": "Candidature acceptée",
        "exhibitor_refuse": "Candidature non retenue",
        "exhibitor_put_on_waiting_list": "Liste d’attente",
        "exhibitor_offer": "Place proposée",
        "exhibitor_take_offer": "Place confirmée",
        "exhibitor_let_offer_expire": "Place proposée, délai passé",
        "exhibitor_withdraw": "Candidature retirée",
        "exhibitor_reopen": "Candidature rouverte",
        "stand_given": "Stand attribué",
        "stand_freed": "Stand rendu",
        "exhibitor_reminder": "Ce qu’il reste à faire",
        "eve_exhibitor": "Avant le montage : ce qu’il faut pour s’installer",
        "document_accepted": "Document accepté",
        "document_refused": "Document à refaire",
        "exhibitor_days_changed": "Jours ou heures du salon changés",
        "exhibitor_place_changed": "Lieu du salon changé",
        "exhibitor_standing_changed": "Salon reporté, annulé ou maintenu",
        "quote_ready": "Devis",
        "order_confirmed": "Commande confirmée",
        "invoice_issued": "Facture",
        "invoice_reminder": "Relance d’une facture",
        "credit_note_issued": "Avoir",
        "lead_withdrawn": "Accord retiré par un contact",
    },
    "Équipes des stands": {
        "staff_named": "Badge d’exposant",
        "staff_removed": "Badge d’exposant annulé",
    },
    "Agents du village": {
        "agent_named": "Agent nommé",
        "agent_badge": "Badge d’agent",
        "agent_badge_cancelled": "Badge d’agent annulé",
        "body_withdrawn": "Organisme retiré du salon",
        "agent_place_changed": "Lieu du salon changé",
        "agent_stand_renumbered": "Numéro d’un stand changé",
        "agent_standing_changed": "Salon reporté ou maintenu",
        "rota_changed": "Planning publié ou changé",
        "shift_tomorrow": "La veille : vacations et badge",
        "shift_soon": "Rappel juste avant",
        "appointment_entrusted": "Rendez-vous confié",
        "promise_due": "Suite promise à tenir",
        "exchange_asked": "Échange proposé",
        "exchange_done": "Échange fait",
        "exchange_refused": "Échange refusé",
        "exchange_withdrawn": "Échange retiré",
        "exchange_overtaken": "Échange dépassé par le planning",
        "standin_asked": "Remplacement demandé",
        "standin_opened": "Recherche d’un remplaçant",
        "standin_taken": "Remplacement pourvu",
        "standin_closed": "Recherche arrêtée",
        "standin_overtaken": "Recherche dépassée par le planning",
        "standin_withdrawn": "Remplacement inutile",
    },
    "Organisation et coordination": {
        "digest": "Récapitulatif du matin",
        "exhibitor_left": "Exposant qui renonce juste avant le salon",
        "agent_wishes": "Agent qui n’est plus disponible",
        "appointments_untended": "Rendez-vous sans agent",
        "standin_escalated": "Personne pour remplacer",
        "standin_found": "Remplaçant trouvé",
        "paper_pack_ready": "Dossier papier prêt",
    },
}
FIXED = frozenset(
    {
        *("alarm", "destruction_to_approve", "erased", "mail_check", "organiser_invited"),
        *("mailing", "password_lost", "password_lost_colleague", "sign_in_code"),
    }
)
"""Codes, accounts, alarms: what protects people keeps its words; « Écrire » has its own."""

BULK_KINDS = frozenset({"application_invited", "organisation_invited", "mailing", "eve_visitor"})
"""Kinds sent to many at once: they carry a link to stop them, and leave out who has used it."""

FIXED_PARTS: Mapping[str, frozenset[str]] = {
    "appointments_untended": frozenset({"subject", "opening"}),
    "digest": frozenset({"subject"}),
    "booking_to_confirm": frozenset({"subject", "closing"}),
    "standin_escalated": frozenset({"subject"}),
    **dict.fromkeys(
        ("standing_changed", "exhibitor_standing_changed", "agent_standing_changed"),
        frozenset({"subject"}),
    ),
}
"""Parts that count, or that say one thing or another: they keep their words."""

LABELS = {kind: label for kinds in EDITABLE.values() for kind, label in kinds.items()}
