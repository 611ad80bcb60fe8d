"""What the journal notes of stands given."""

from salon.platform.database.journal import JournalAction


class PlacementAction(JournalAction):
    EXHIBITOR_ATTACHED = "exhibitor.attached", "Rattaché à un pavillon"
    EXHIBITOR_DETACHED = "exhibitor.detached", "Sorti de son pavillon"
    PLAN_ACCEPTED = "plan.accepted", "Proposition de plan acceptée"
    PLAN_ASKED = "plan.asked", "Proposition de plan demandée"
    PLAN_DISCARDED = "plan.discarded", "Proposition de plan écartée"
    PLAN_FAILED = "plan.failed", "Proposition de plan interrompue"
