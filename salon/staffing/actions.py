"""What the journal notes of agents and the rota."""

from salon.platform.database.journal import JournalAction


class StaffingAction(JournalAction):
    ACCOUNT_MOVED = "account.moved", "Adresse d’un compte changée"
    AGENT_CALENDAR_RENEWED = "agent.calendar_renewed", "Adresse d’agenda d’un agent renouvelée"
    AGENT_CHANGED = "agent.changed", "Agent modifié"
    AGENT_NAMED = "agent.named", "Agent nommé"
    AGENT_NEXT_EDITION_AGREED = (
        "agent.next_edition_agreed",
        "Accord d’un agent pour l’édition suivante",
    )
    AGENT_NEXT_EDITION_REFUSED = (
        "agent.next_edition_refused",
        "Accord d’un agent pour l’édition suivante retiré",
    )
    AGENT_REMOVED = "agent.removed", "Agent retiré de la liste"
    AGENT_RESTORED = "agent.restored", "Agent remis sur la liste"
    AGENT_WISHES_SAID = "agent.wishes_said", "Souhaits dits par un agent"
    AGENTS_EXPORTED = "agents.exported", "Export des agents"
    AGENTS_IMPORTED = "agents.imported", "Import d’une liste d’agents"
    AGENTS_TAKEN_OVER = "agents.taken_over", "Agents repris de l’édition d’avant"
    NEEDS_RAISED = "needs.raised", "Besoins d’un stand relevés d’après l’édition d’avant"
    NEEDS_SET = "needs.set", "Besoins d’un stand dits"
    ROTA_LIMITS_PASSED = "rota.limits_passed", "Limite du temps de travail dépassée au brouillon"
    ROTA_LIMITS_PUBLISHED = (
        "rota.limits_published",
        "Planning publié au-delà d’une limite du temps de travail",
    )
    ROTA_LIMITS_SET = "rota.limits_set", "Limites du temps de travail d’un organisme"
    ROTA_PUBLISHED = "rota.published", "Planning publié"
    ROTA_REINFORCED = "rota.reinforced", "Renfort envoyé sur un stand"
    ROTA_REMEDY_APPLIED = "rota.remedy_applied", "Remède à un manque appliqué"
    ROTA_REMEDY_UNDONE = "rota.remedy_undone", "Remède à un manque annulé"
    ROTA_ROW_SET = "rota.row_set", "Ligne du planning changée"
    ROTA_RUN_ACCEPTED = "rota.run_accepted", "Planning proposé accepté"
    ROTA_RUN_ASKED = "rota.run_asked", "Calcul d’un planning demandé"
    ROTA_RUN_DISCARDED = "rota.run_discarded", "Planning proposé écarté"
    ROTA_RUN_FAILED = "rota.run_failed", "Calcul d’un planning interrompu"
    ROTA_RUN_STOPPED = "rota.run_stopped", "Calcul d’un planning arrêté"
    ROTA_SETTINGS_CHANGED = "rota.settings_changed", "Réglages du planning changés"
