"""What the journal notes of registrations and badges."""

from salon.platform.database.journal import JournalAction


class BadgeAction(JournalAction):
    ATTENDEE_CANCELLED = "attendee.cancelled", "Annulation"
    ATTENDEE_CATEGORY_SET = "attendee.category_set", "Changement de catégorie"
    ATTENDEE_CHANGED = "attendee.changed", "Modification"
    ATTENDEE_MERGED = "attendee.merged", "Inscriptions d’une même personne réunies"
    ATTENDEE_READ = "attendee.read", "Consultation de la fiche"
    ATTENDEE_REGISTERED = "attendee.registered", "Inscription"
    ATTENDEE_REGISTERED_AGAIN = "attendee.registered_again", "Nouvelle demande de la même personne"
    ATTENDEE_REPLACED = "attendee.replaced", "Remplacement"
    ATTENDEE_RESTORED = "attendee.restored", "Inscription rétablie"
    ATTENDEES_CALLED = "attendees.called", "Appel des personnes à l’intérieur"
    ATTENDEES_EXPORTED = "attendees.exported", "Export des inscrits"
    ATTENDEES_LISTED = "attendees.listed", "Noms des inscrits confiés à une station"
    ATTENDEES_PLACES_CORRECTED = (
        "attendees.places_corrected",
        "Commune de plusieurs inscrits corrigée",
    )
    ATTENDEES_PLACES_RESTORED = (
        "attendees.places_restored",
        "Commune de plusieurs inscrits rétablie",
    )
    ATTENDEES_SEARCHED = "attendees.searched", "Recherche d’un inscrit"
    ASKED_AGAIN = "badge.asked_again", "Badge redemandé par courriel"
    ISSUED = "badge.issued", "Badge émis"
    PRINTED = "badge.printed", "Badge imprimé"
    RESTORED = "badge.restored", "Badge rétabli"
    REVOKED = "badge.revoked", "Badge révoqué"
    BADGE_SETTINGS_CHANGED = "badge_settings.changed", "Réglages des badges modifiés"
    CONSENT_GIVEN = "consent.given", "Consentement donné"
    CONSENT_WITHDRAWN = "consent.withdrawn", "Consentement retiré"
    PLACES_LOADED = "places.loaded", "Communes et EPCI chargés"
    PLACES_REMOVED = "places.removed", "Communes et EPCI retirés"
    PRINT_RUN_ASKED = "print_run.asked", "Impression en lot demandée"
    PRINT_RUN_DISCARDED = "print_run.discarded", "Impression en lot abandonnée"
    PRINT_RUN_DONE = "print_run.done", "Impression en lot terminée"
    PRINT_RUN_FAILED = "print_run.failed", "Impression en lot interrompue"
    REGISTRATION_CATEGORIES_CHANGED = (
        "registration.categories_changed",
        "Catégories et places de l’inscription modifiées",
    )
    REGISTRATION_TEXTS_CHANGED = (
        "registration.texts_changed",
        "Textes acceptés à l’inscription modifiés",
    )
