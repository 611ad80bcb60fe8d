"""What the journal notes of stand-ins and exchanges."""

from salon.platform.database.journal import JournalAction


class VillageDayAction(JournalAction):
    EXCHANGE_ACCEPTED = "exchange.accepted", "Échange de vacations accepté"
    EXCHANGE_ASKED = "exchange.asked", "Échange de vacations demandé"
    EXCHANGE_OVERTAKEN = "exchange.overtaken", "Échange de vacations devenu impossible"
    EXCHANGE_REFUSED = "exchange.refused", "Échange de vacations refusé"
    EXCHANGE_WITHDRAWN = "exchange.withdrawn", "Échange de vacations retiré"
    SHIFT_ABSENT = "shift.absent", "Agent noté absent"
    SHIFT_ARRIVED = "shift.arrived", "Arrivée d’un agent notée"
    SHIFT_MARK_UNDONE = "shift.mark_undone", "Présence d’un agent corrigée"
    STAND_IN_ASKED = "stand_in.asked", "Remplacement proposé à un agent"
    STAND_IN_CLOSED = "stand_in.closed", "Remplacement clos"
    STAND_IN_DECLINED = "stand_in.declined", "Remplacement refusé par un agent"
    STAND_IN_ESCALATED = "stand_in.escalated", "Remplacement porté à la coordination"
    STAND_IN_HASTENED = "stand_in.hastened", "Remplacement proposé sans attendre"
    STAND_IN_OPENED = "stand_in.opened", "Remplacement demandé"
    STAND_IN_TAKEN = "stand_in.taken", "Remplacement trouvé"
    STAND_IN_WITHDRAWN = "stand_in.withdrawn", "Demande de remplacement retirée"
