"""What the journal notes of exhibitors."""

from salon.platform.database.journal import JournalAction


class ExhibitorAction(JournalAction):
    ACCEPT = "exhibitor.accept", "Candidature acceptée"
    ASK_CHANGES = "exhibitor.ask_changes", "Complément demandé"
    ASKED_AGAIN = (
        "exhibitor.asked_again",
        "Candidature redemandée (même SIRET), lien renvoyé à son contact",
    )
    CHANGE = "exhibitor.change", "Candidature modifiée"
    CHANGE_SIRET = "exhibitor.change_siret", "SIRET corrigé"
    CHANGED = "exhibitor.changed", "Informations corrigées par l’organisation"
    ENTER = "exhibitor.enter", "Candidature saisie par l’organisation"
    INVITATION_CREATED = "exhibitor.invitation_created", "Code d’invitation créé"
    INVITATION_REVOKED = "exhibitor.invitation_revoked", "Code d’invitation arrêté"
    INVITED = "exhibitor.invited", "Invitation à exposer de nouveau"
    LET_OFFER_EXPIRE = "exhibitor.let_offer_expire", "Délai de la proposition passé"
    OFFER = "exhibitor.offer", "Place proposée"
    PROFILE_CHANGED = "exhibitor.profile_changed", "Page du catalogue modifiée"
    PUT_ON_WAITING_LIST = "exhibitor.put_on_waiting_list", "Mise en liste d’attente"
    READ = "exhibitor.read", "Consultation d’une candidature"
    REFUSE = "exhibitor.refuse", "Candidature refusée"
    REGULATIONS_AGREED = "exhibitor.regulations_agreed", "Règlement accepté par l’exposant"
    REGULATIONS_NOTED = (
        "exhibitor.regulations_noted",
        "Accord sur le règlement noté par l’organisation",
    )
    REMINDED = "exhibitor.reminded", "Rappel envoyé"
    REOPEN = "exhibitor.reopen", "Candidature rouverte"
    STAFF_ADDED = "exhibitor.staff_added", "Personne du stand nommée"
    STAFF_REMOVED = "exhibitor.staff_removed", "Personne du stand retirée"
    STAFF_REPLACED = "exhibitor.staff_replaced", "Personne du stand remplacée"
    STAND_FREED = "exhibitor.stand_freed", "Stand repris"
    STAND_GIVEN = "exhibitor.stand_given", "Stand donné"
    START = "exhibitor.start", "Candidature commencée"
    SUBMIT = "exhibitor.submit", "Candidature envoyée"
    TAKE_OFFER = "exhibitor.take_offer", "Place prise"
    VAT_CHECKED = "exhibitor.vat_checked", "Numéro de TVA vérifié à VIES"
    WITHDRAW = "exhibitor.withdraw", "Candidature retirée"
    EXHIBITOR_TERMS_LOADED = "exhibitor_terms.loaded", "Conditions des exposants chargées"
    EXHIBITORS_EXPORTED = "exhibitors.exported", "Export des exposants"
    EXHIBITORS_INVITED = "exhibitors.invited", "Exposants de l’an dernier invités"
    TERMS_CHANGED = "terms.changed", "Dates et règlement des exposants modifiés"
