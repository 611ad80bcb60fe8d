"""What the journal notes of people registered several times."""

from salon.platform.database.journal import JournalAction


class DuplicateAction(JournalAction):
    AGENT_COMPARED_AGAIN = "agent.compared_again", "Deux fiches d’agent de nouveau comparées"
    AGENT_MERGED = "agent.merged", "Fiches d’un même agent réunies"
    AGENT_SEPARATED = "agent.separated", "Réunion de fiches d’agent défaite"
    AGENT_TOLD_APART = "agent.told_apart", "Deux fiches dites de deux agents"
    ATTENDEE_COMPARED_AGAIN = "attendee.compared_again", "Deux inscriptions de nouveau comparées"
    ATTENDEE_SEPARATED = "attendee.separated", "Réunion d’inscriptions défaite"
    ATTENDEE_TOLD_APART = "attendee.told_apart", "Deux inscriptions dites de deux personnes"
    EXHIBITOR_COMPARED_AGAIN = "exhibitor.compared_again", "Deux candidatures de nouveau comparées"
    EXHIBITOR_TOLD_APART = "exhibitor.told_apart", "Deux candidatures dites de deux organismes"
