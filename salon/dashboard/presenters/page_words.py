"""The words by which people look for the organisers' pages, beside the titles of these pages."""

from collections.abc import Mapping

PAGE_WORDS: Mapping[str, str] = {
    "dashboard.overview": "accueil tableau de bord chiffres statistiques bilan compte rendu à faire"
    " tâches checklist combien",
    "dashboard.settings": "paramètres options configuration préférences modifier",
    "entrance.live": "direct compteur présents affluence fréquentation jauge évacuation entrées"
    " passages combien à l’intérieur",
    "badges.desk": "badge perdu oublié réimprimer duplicata inscrire quelqu’un retardataire guichet"
    " hôtesse accueil ajouter une personne",
    "entrance.conflicts": "doublons de passage anomalies erreurs conflits problèmes incohérences",
    "village_day.day": "agents présents absents pointage absence malade appel émargement",
    "village_day.stand_ins": "remplaçant remplacer absence malade échange",
    "entrance.stations": "téléphones tablettes bornes lecteurs scanners douchettes appareils scan"
    " enrôler",
    "entrance.zones": "contrôle accès salles jauge capacité horaires ouverture portes salon vip",
    "paper.packs": "papier panne réseau coupure internet listes imprimées émargement secours pdf",
    "staffing.grid": "grille horaires vacations rota tableau équipes qui tient quel stand",
    "staffing.agents": "bénévoles personnel équipes intervenants import excel liste liste d’agents",
    "staffing.needs": "effectifs combien d’agents minimum créneaux besoin",
    "staffing.publication": "publier envoyer planning prévenir agents diffuser",
    "staffing.runs": "calcul automatique générer planning solveur proposition",
    "staffing.papers": "imprimer planning pdf affiches feuilles émargement",
    "staffing.import_agents": "importer agents fichier excel csv tableur",
    "appointments.board": "rdv réservations entretiens créneaux agenda",
    "badges.attendees": "export exporter liste excel csv visiteurs participants élus maires mairie"
    " communes inscriptions présents venus annuler une inscription",
    "invitations.invitations": "invitation inviter relance relancer mailing mairies mairie anciens"
    " campagne",
    "invitations.communes": "mairie mairies maire maires carnet d’adresses inviter relancer"
    " communes intercommunalités qui n’est pas inscrit présidents",
    "invitations.import_communes": "répertoire national des élus annuaire de l’administration"
    " import csv json maires mairies adresses",
    "invitations.communes_calls": "téléphoner appeler communes imprimer appels",
    "invitations.guests": "partenaires presse journalistes préfecture services de l’État invités"
    " d’honneur sponsors mécènes inviter",
    "invitations.import_guests": "import partenaires presse invités fichier excel csv",
    "invitations.invite_from_file": "import exposants fichier excel csv prospects invitation",
    "mailings.mailings": "écrire message mailing publipostage newsletter lettre d’information"
    " annonce prévenir tout le monde envoi groupé courriel mail",
    "badges.print_runs": "imprimer étiquettes lot tirage pdf badges planche",
    "duplicates.duplicates": "fusionner homonymes deux fois même personne réunir",
    "exhibitors.review": "candidatures entreprises dossiers sociétés participants accepter refuser"
    " export excel sponsors partenaires",
    "exhibitor_space.late": "relance relancer rappel retard manquants incomplets",
    "placement.placement": "emplacements attribuer stands placer numéro de stand",
    "fair.floors": "carte dessin dessiner stands emplacements allées métrage surface numéro",
    "exhibitor_space.documents": "contrat attestation assurance pièces justificatifs kbis fichiers",
    "safety.safety": "incendie erp commission chargé de sécurité électricité matériaux puissance",
    "billing.money": "factures devis commandes paiements règlements argent encaissements recettes"
    " comptabilité avoir acompte chorus virement relevé bancaire export comptable fec",
    "billing.ageing": "impayés relance relancer dettes retard échéances reste à payer",
    "open_data.releases": "bilan statistiques chiffres rapport export opendata publier données",
    "fair.editions": "nouvelle année édition suivante prochaine dupliquer copier archiver clore"
    " ouvrir au public mettre en ligne bilan",
    "dashboard.destructions": "rgpd effacer supprimer purge conservation archives",
    "dashboard.messages": "mail mails email e-mail courriels envoyés refusés boîte spam envois"
    " relance",
    "dashboard.oppositions": "désinscription désabonnement stop liste noire repoussoir opposition"
    " newsletter",
    "accounts.accounts": "utilisateurs collègues droits accès mots de passe organisateurs ajouter"
    " inviter un collègue admin",
    "dashboard.journal": "historique qui a fait quoi traces log modifications audit",
    "accounts.choose_digest": "digest résumé courriel du matin quotidien hebdomadaire alertes"
    " notifications",
    "accounts.change_password": "mdp changer mot de passe connexion",
    "accounts.recovery_codes": "téléphone perdu double authentification secours 2fa",
    "fair.change_identity": "titre coordonnées contact adresse électronique logo association",
    "fair.change_days": "dates date horaires ouverture fermeture deuxième jour",
    "fair.change_standing": "annulation annuler report reporter décaler changer la date covid",
    "fair.change_place": "adresse salle parc des expositions gps carte ville",
    "badges.territory": "mairie mairies communes département epci intercommunalité canton fuseau",
    "fair.change_arrival": "parking stationnement accès train bus covoiturage venir plan d’accès"
    " restauration repas hôtel handicap pmr",
    "fair.change_look": "couleurs logo charte graphique image thème bandeau",
    "fair.change_texts": "site page d’accueil phrases textes mots rédiger",
    "fair.change_registration": "fermer ouvrir les inscriptions date limite formulaire téléphone",
    "badges.change_categories": "quota places limitées presse invités vip complet visiteurs",
    "badges.change_accepted_texts": "consentement rgpd newsletter cases à cocher droit à l’image",
    "badges.badge_settings": "format papier modèle couleur étiquette qr code logo du badge",
    "fair.hall_settings": "bâtiment dimensions salle métrage",
    "entrance.settings": "hors ligne sans réseau borne code de sortie inconnu",
    "fair.village_settings": "partenaires services institutions sujets organismes département sdis",
    "staffing.limits": "pauses repas durée légale droit du travail repos heures",
    "fair.programme_settings": "conférences conférence ateliers tables rondes intervenants orateurs"
    " discours inauguration cocktail salle moments animations",
    "exhibitors.terms": "date limite candidature règlement inscription exposants tva siret iban rib"
    " émetteur désistement frais d’annulation acompte conditions montage démontage",
    "exhibitor_space.task_settings": "échéances à rendre pièces demandées tâche rappels",
    "billing.prices": "tarif tarifs tva coût m² mètre carré options forfait remise facturer",
    "appointments.settings": "durée créneaux rdv combien de rendez-vous heures gardés libres"
    " sujets",
    "fair.mail_settings": "mail mails email modèle signature expéditeur réponse texte des messages"
    " invitation confirmation",
    "fair.change_legal": "éditeur du site hébergeur dpo rgpd confidentialité mentions",
    "reads.read_tokens": "api json connexion site internet intégration jeton",
    "staffing.rota_settings": "préférences équité critères solveur",
}
"""By endpoint; a search compares them folded, by the beginning of each word."""
EMPTY_WORDS = frozenset(
    (
        *("a", "au", "aux", "d", "de", "des", "du", "en", "et", "est", "l", "la", "le", "les"),
        *("ma", "mes", "mon", "ou", "pour", "sur", "un", "une"),
    )
)
"""Words that name nothing: a search of several words goes without them."""
