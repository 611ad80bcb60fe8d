"""What the journal notes of contacts left to exhibitors."""

from salon.platform.database.journal import JournalAction


class LeadAction(JournalAction):
    CHANGED = "lead.changed", "Suivi d’un contact modifié"
    GIVEN = "lead.given", "Coordonnées données à un exposant"
    LINK_ASKED = "lead.link_asked", "Lien du badge demandé depuis un stand"
    WITHDRAWN = "lead.withdrawn", "Coordonnées retirées à un exposant"
    LEADS_EXPORTED = "leads.exported", "Contacts d’un stand téléchargés"
    LEADS_READ = "leads.read", "Badges lus sur un stand"
