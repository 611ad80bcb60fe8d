"""What the journal notes of appointments and queues."""

from salon.platform.database.journal import JournalAction


class AppointmentAction(JournalAction):
    AGENT_ABSENCE_UNDONE = "agent.absence_undone", "Absence d’un agent annulée"
    AGENT_ABSENT = "agent.absent", "Absence d’un agent, remplaçants demandés"
    ACCEPTED = "appointment.accepted", "Heure proposée acceptée"
    AGREED_SENT = "appointment.agreed_sent", "Suites d’un rendez-vous envoyées au visiteur"
    ARRIVED = "appointment.arrived", "Arrivée d’un visiteur notée"
    BOOKED = "appointment.booked", "Rendez-vous pris"
    CANCELLED = "appointment.cancelled", "Rendez-vous annulé"
    CLOSED = "appointment.closed", "Issue d’un rendez-vous notée"
    DOCUMENT_JOINED = "appointment.document_joined", "Document joint à un rendez-vous"
    DOCUMENT_READ = "appointment.document_read", "Document d’un rendez-vous ouvert"
    DOCUMENT_REMOVED = "appointment.document_removed", "Document d’un rendez-vous retiré"
    FOLLOWED = "appointment.followed", "Rendez-vous passé au remplaçant"
    LINK_RENEWED = "appointment.link_renewed", "Nouveau lien privé d’un rendez-vous"
    MARK_UNDONE = "appointment.mark_undone", "Note d’un rendez-vous annulée"
    MET = "appointment.met", "Visiteur reçu"
    MISSED = "appointment.missed", "Visiteur noté absent"
    MOVED = "appointment.moved", "Rendez-vous déplacé"
    PROPOSAL_WITHDRAWN = (
        "appointment.proposal_withdrawn",
        "Heure proposée retirée, son agent étant absent",
    )
    RESCUED = "appointment.rescued", "Rendez-vous sauvé"
    RETAKEN = "appointment.retaken", "Rendez-vous rétabli"
    STEP_DONE = "appointment.step_done", "Suite promise faite"
    STEP_REOPENED = "appointment.step_reopened", "Suite promise remise à faire"
    UNTENDED = "appointment.untended", "Rendez-vous sans agent signalé"
    APPOINTMENTS_EXPORTED = "appointments.exported", "Export des rendez-vous"
    BOOKING_LOADED = "booking.loaded", "Réglages des rendez-vous chargés"
    BOOKING_SETTINGS_CHANGED = "booking.settings_changed", "Réglages des rendez-vous changés"
    QUEUE_CALL = "queue.call", "Numéro appelé"
    QUEUE_LEAVE = "queue.leave", "Numéro retiré de la file"
    QUEUE_MISS = "queue.miss", "Numéro noté absent"
    QUEUE_PUT_BACK = "queue.put_back", "Numéro replacé dans la file"
    QUEUE_SERVE = "queue.serve", "Numéro reçu"
    QUEUE_UNDONE = "queue.undone", "Appel d’un numéro annulé"
    TICKET_LEFT = "ticket.left", "Numéro rendu"
    TICKET_PLACED = "ticket.placed", "Visiteur en retard remis dans la file"
    TICKET_TAKEN = "ticket.taken", "Numéro pris"
    TOPIC_ADDED = "topic.added", "Besoin ajouté"
    TOPIC_CHANGED = "topic.changed", "Besoin changé"
    TOPIC_REMOVED = "topic.removed", "Besoin retiré"
    WAITING_DECLINED = "waiting.declined", "Heure proposée refusée"
    WAITING_FOLLOWED = "waiting.followed", "Attente passée au remplaçant"
    WAITING_JOINED = "waiting.joined", "Inscription en liste d’attente"
    WAITING_LEFT = "waiting.left", "Sortie de la liste d’attente"
    WAITING_LINK_RENEWED = "waiting.link_renewed", "Nouveau lien privé d’une attente"
    WAITING_OFFERED = "waiting.offered", "Heure proposée à qui attend"
    WAITING_SERVED = "waiting.served", "Heure prise par qui attendait"
    WAITING_WITHDRAWN = (
        "waiting.withdrawn",
        "Heure proposée retirée à qui attend, son agent étant absent",
    )
