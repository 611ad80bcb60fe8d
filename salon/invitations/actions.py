"""What the journal notes of invitations."""

from salon.platform.database.journal import JournalAction


class InvitationAction(JournalAction):
    ADDRESS_OPPOSED = "address.opposed", "Adresse à qui ne plus écrire"
    ADDRESS_READMITTED = "address.readmitted", "Adresse à qui écrire de nouveau"
    AUTHORITIES_EXPORTED = "authorities.exported", "Liste des communes et des EPCI téléchargée"
    AUTHORITIES_IMPORTED = "authorities.imported", "Liste de communes et d’EPCI enregistrée"
    AUTHORITY_CHANGED = "authority.changed", "Coordonnées d’une commune ou d’un EPCI modifiées"
    AUTHORITY_ERASED = "authority.erased", "Maire ou président effacé à sa demande"
    BOOK_FILTERS_DELETED = "book_filters.deleted", "Filtre des communes supprimé"
    BOOK_FILTERS_SAVED = "book_filters.saved", "Filtre des communes enregistré"
    GUEST_ERASED = "guest.erased", "Autre invité effacé"
    GUESTS_IMPORTED = "guests.imported", "Liste d’autres invités enregistrée"
    GUESTS_SAVED = "guests.saved", "Autre invité enregistré"
    ALLOWED = "invitation.allowed", "Invitations de nouveau acceptées"
    DECLINED = "invitation.declined", "Invitation déclinée"
    FOLLOWED = "invitation.followed", "Suivi d’une commune ou d’un EPCI enregistré"
    OPPOSED = "invitation.opposed", "Refus d’être encore invité"
    RECONSIDERED = "invitation.reconsidered", "Invitation de nouveau ouverte"
    INVITATIONS_ASSIGNED = "invitations.assigned", "Communes et EPCI confiés à quelqu’un"
    INVITATIONS_SENT = "invitations.sent", "Invitations au salon envoyées"
