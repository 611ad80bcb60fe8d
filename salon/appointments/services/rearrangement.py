"""Follow a rearrangement: appointments change stand or agent, or are cancelled with their theme."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from salon.appointments.actions import AppointmentAction
from salon.appointments.models import (
    Appointment,
    AppointmentStatus,
    BookingSettings,
    Hold,
    StandBooking,
    Ticket,
    TicketStatus,
    Topic,
    TopicTheme,
    WaitingEntry,
    WaitingStatus,
)
from salon.appointments.queries.appointments import LIVE
from salon.appointments.queries.queue import LIVE as LIVE_TICKETS
from salon.appointments.queries.rescue import rescue_of
from salon.appointments.services.claims import delete_expired_holds
from salon.appointments.services.former_appointments import (
    facts_of,
    former_appointment,
    restore_appointments,
)
from salon.appointments.services.messages import (
    message_context,
    notify_agent,
    notify_visitor,
    notify_waiting_visitor,
)
from salon.appointments.services.placing import (
    LIVE_WAITING,
    end_appointment,
    lock_appointments,
)
from salon.appointments.services.rescue import carry_out
from salon.fair.models import Edition, Theme
from salon.platform.database.act import Act
from salon.platform.database.consequences import (
    Change,
    Consequence,
    Consequences,
    Facts,
    Fate,
    Follower,
    Rearrangement,
)
from salon.platform.database.journal import write_entry
from salon.platform.mail.wording import Context
from salon.platform.words.formats import hour

MEETINGS = "Rendez-vous"
WAITING = "Personnes en liste d’attente"
TICKETS = "Numéros de file"
NEEDS = "Besoins en mots de maire sans réponse"


class VisitorsFollower(Follower[Rearrangement]):
    """Appointments, waiting lists, queues and the needs in mayors' words."""

    name = "appointments"
    gate = BookingSettings

    def follow(self, session: Session, change: Rearrangement) -> Consequences:
        edition = session.get_one(Edition, change.edition_id)
        settings = session.get(BookingSettings, edition.id)
        former = change.former.get(self.name, ())
        topics = _restore_topics if change.is_undo else _forget_topics
        consequences = [topics(session, change, former)]
        if settings is None:
            return consequences
        delete_expired_holds(session, change.at)
        appointments = _live(session, edition, change)
        lock_appointments(session, [appointment.id for appointment in appointments])
        consequences += [_move(session, change, appointments), _move_tickets(session, change)]
        if change.is_undo:
            meetings = [row[1:] for row in former if row[0] == "appointment"]
            return [
                *consequences,
                *restore_appointments(session, edition, change, settings, meetings, tell_restored),
                _restore_waiting(session, former),
                _restore_tickets(session, former),
                _renumber(session, change, appointments),
            ]
        lost = [appointment for appointment in appointments if _is_lost(appointment, change)]
        return [
            *consequences,
            *_rescue(session, edition, change, lost, settings),
            _cancel(session, change, appointments),
            _close_lists(session, change),
            _close_queues(session, change),
            *_of_changed_themes(change, appointments),
            _renumber(session, change, appointments),
        ]


def _live(session: Session, edition: Edition, change: Rearrangement) -> Sequence[Appointment]:
    """Return the live appointments to come; all those of a fair that waits for its date."""
    statement = select(Appointment).where(
        Appointment.edition_id == edition.id, Appointment.status.in_(LIVE)
    )
    if not edition.is_postponed:
        statement = statement.where(Appointment.ends_at > change.at)
    return session.scalars(statement.order_by(Appointment.starts_at, Appointment.id)).all()


def _is_lost(appointment: Appointment, change: Rearrangement) -> bool:
    """Return whether nobody receives the visitor there any more, on a theme that stays."""
    return (
        appointment.status == AppointmentStatus.BOOKED
        and appointment.theme.withdrawn_at is None
        and (
            appointment.stand_id in change.lost_stands or appointment.agent.body_id in change.bodies
        )
    )


def _move(
    session: Session, change: Rearrangement, appointments: Sequence[Appointment]
) -> Consequence:
    """Move appointments and the times held with their stand: same agent, same time."""
    for hold in session.scalars(select(Hold).where(Hold.stand_id.in_(change.moves))).all():
        hold.stand_id = change.moves[hold.stand_id]
    for booking in session.scalars(
        select(StandBooking).where(StandBooking.stand_id.in_(change.moves))
    ).all():
        new_id, kept_free = change.moves[booking.stand_id], booking.kept_free
        session.execute(
            delete(StandBooking).where(StandBooking.stand_id.in_((booking.stand_id, new_id)))
        )
        session.expunge(booking)
        session.add(StandBooking(stand_id=new_id, kept_free=kept_free))
    names = []
    for appointment in appointments:
        if appointment.stand_id not in change.moves:
            continue
        before = message_context(appointment)
        appointment.stand_id = change.moves[appointment.stand_id]
        appointment.sequence += 1
        session.flush()
        session.expire(appointment, ["stand"])
        names.append(_name(appointment))
        if appointment.status == AppointmentStatus.BOOKED:
            context = {"before": before, "same_agent": True, "words": change.note}
            notify_visitor(session, "appointment_reassigned", appointment, **context)
    session.flush()
    return Consequence(Fate.RELOCATED, MEETINGS, names)


def _rescue(
    session: Session,
    edition: Edition,
    change: Rearrangement,
    lost: Sequence[Appointment],
    settings: BookingSettings,
) -> Consequences:
    """Give each to an agent of another body at the same time, or propose another time."""
    names = {appointment.id: _name(appointment) for appointment in lost}
    before = {appointment.id: facts_of(appointment) for appointment in lost}
    rescue = rescue_of(edition, lost, change.at)
    carry_out(Act(change.actor, change.at), session, rescue, settings, change.note)
    session.flush()
    booked = AppointmentStatus.BOOKED
    reassigned = [appointment for appointment in lost if appointment.status == booked]
    to_choose = [appointment for appointment in lost if appointment.status != booked]
    return [
        Consequence(
            fate,
            label,
            [names[appointment.id] for appointment in rows],
            [
                former_appointment(appointment, before[appointment.id], facts_of(appointment))
                for appointment in rows
            ],
        )
        for fate, label, rows in (
            (Fate.RELOCATED, "Rendez-vous confiés à un autre agent", reassigned),
            (Fate.ASKED, "Rendez-vous à choisir de nouveau", to_choose),
        )
    ]


def _cancel(
    session: Session, change: Rearrangement, appointments: Sequence[Appointment]
) -> Consequence:
    """Cancel the appointments on a theme that nobody answers any more."""
    names, former = [], []
    for appointment in appointments:
        if appointment.theme.withdrawn_at is None:
            continue
        before = facts_of(appointment)
        names.append(_name(appointment))
        end_appointment(session, appointment, change.at)
        former.append(former_appointment(appointment, before, facts_of(appointment)))
        subject = f"appointment:{appointment.id}"
        write_entry(session, change.actor, AppointmentAction.CANCELLED, subject)
        context = {"by_visitor": False, "words": change.note}
        notify_visitor(session, "appointment_cancelled", appointment, **context)
    return Consequence(Fate.REMOVED, MEETINGS, names, former)


def _renumber(
    session: Session, change: Rearrangement, appointments: Sequence[Appointment]
) -> Consequence:
    """Update the events of appointments at the stands that have another number; tell visitors."""
    names = []
    for appointment in appointments:
        if appointment.stand_id not in change.renumbered:
            continue
        appointment.sequence += 1
        names.append(_name(appointment))
        if appointment.status == AppointmentStatus.BOOKED:
            context = {"former": change.renumbered[appointment.stand_id], "words": change.words}
            notify_visitor(session, "appointment_renumbered", appointment, **context)
    return Consequence(Fate.UPDATED, MEETINGS, names)


def _of_changed_themes(
    change: Rearrangement, appointments: Sequence[Appointment]
) -> Iterator[Consequence]:
    """Name the appointments on themes of another body, and update the events of renamed ones."""
    entrusted = [_name(row) for row in appointments if row.theme_id in change.entrusted]
    renamed = [row for row in appointments if row.theme_id in change.renamed]
    for appointment in renamed:
        appointment.sequence += 1
    yield Consequence(Fate.KEPT, MEETINGS, entrusted)
    yield Consequence(Fate.UPDATED, "Rendez-vous dans les agendas", [_name(row) for row in renamed])


def tell_restored(
    session: Session, change: Change, appointment: Appointment, replaced: Context
) -> None:
    context = {
        "before": replaced,
        "same_agent": replaced["agent"] == appointment.agent.polite_name,
        "days_moved": change.days_moved,
        "is_postponed": appointment.edition.is_postponed,
    }
    words = change.note if isinstance(change, Rearrangement) else change.words
    notify_visitor(session, "appointment_restored", appointment, **context, words=words)
    notify_agent(session, "appointment_entrusted", appointment, same_agent=True)


def _close_lists(session: Session, change: Rearrangement) -> Consequence:
    """Close the waiting lists of the withdrawn themes, and tell who waited."""
    names, former = [], []
    for entry in _entries(session, change):
        former.append(["waiting", entry.id])
        names.append(f"{entry.attendee.full_name}, {entry.theme.name}")
        session.execute(delete(Hold).where(Hold.waiting_id == entry.id))
        entry.status = WaitingStatus.CLOSED
        notify_waiting_visitor(session, "theme_withdrawn", entry, words=change.note)
    session.flush()
    return Consequence(Fate.REMOVED, WAITING, names, former)


def _entries(session: Session, change: Rearrangement) -> Sequence[WaitingEntry]:
    statement = (
        select(WaitingEntry)
        .join(WaitingEntry.theme)
        .where(
            WaitingEntry.edition_id == change.edition_id,
            WaitingEntry.status.in_(LIVE_WAITING),
            Theme.withdrawn_at.is_not(None),
        )
    )
    return session.scalars(statement.order_by(WaitingEntry.id)).all()


def _restore_waiting(session: Session, former: Facts) -> Consequence:
    names = []
    for kind, row_id, *_ in former:
        entry = session.get(WaitingEntry, row_id) if kind == "waiting" else None
        if entry is None or entry.status != WaitingStatus.CLOSED:
            continue
        again = select(WaitingEntry.id).where(
            WaitingEntry.attendee_id == entry.attendee_id,
            WaitingEntry.theme_id == entry.theme_id,
            WaitingEntry.status.in_(LIVE_WAITING),
        )
        if session.scalar(again) is None:
            entry.status = WaitingStatus.WAITING
            session.flush()
            names.append(f"{entry.attendee.full_name}, {entry.theme.name}")
            notify_waiting_visitor(session, "waiting_restored", entry)
    return Consequence(Fate.RESTORED, WAITING, names)


def _move_tickets(session: Session, change: Rearrangement) -> Consequence:
    tickets = _tickets(session, change.moves)
    names = [_ticket_name(ticket) for ticket in tickets]
    for ticket in tickets:
        ticket.stand_id = change.moves[ticket.stand_id]
    session.flush()
    session.expire_all()
    return Consequence(Fate.RELOCATED, TICKETS, names)


def _close_queues(session: Session, change: Rearrangement) -> Consequence:
    tickets = _tickets(session, change.lost_stands)
    names = [_ticket_name(ticket) for ticket in tickets]
    former = [["ticket", ticket.id, ticket.status.value] for ticket in tickets]
    for ticket in tickets:
        ticket.status, ticket.closed_at = TicketStatus.LEFT, change.at
    session.flush()
    return Consequence(Fate.REMOVED, TICKETS, names, former)


def _restore_tickets(session: Session, former: Facts) -> Consequence:
    names = []
    for kind, row_id, *state in former:
        ticket = session.get(Ticket, row_id) if kind == "ticket" else None
        if ticket is not None and ticket.status == TicketStatus.LEFT:
            ticket.status, ticket.closed_at = TicketStatus(state[0]), None
            names.append(_ticket_name(ticket))
    session.flush()
    return Consequence(Fate.RESTORED, TICKETS, names)


def _tickets(session: Session, stand_ids: Iterable[int]) -> Sequence[Ticket]:
    statement = select(Ticket).where(
        Ticket.stand_id.in_(list(stand_ids)), Ticket.status.in_(LIVE_TICKETS)
    )
    return session.scalars(statement.order_by(Ticket.stand_id, Ticket.number)).all()


def _forget_topics(session: Session, change: Rearrangement, former: Facts) -> Consequence:
    """Take the withdrawn themes from the needs in mayors' words; name those without any left."""
    statement = (
        select(TopicTheme)
        .join(TopicTheme.theme)
        .where(Theme.edition_id == change.edition_id, Theme.withdrawn_at.is_not(None))
        .order_by(TopicTheme.topic_id, TopicTheme.rank)
    )
    links = session.scalars(statement).all()
    removed_links = [["topic", link.topic_id, link.theme_id, link.rank] for link in links]
    for link in links:
        session.delete(link)
    session.flush()
    session.expire_all()
    ids = list(dict.fromkeys(row[1] for row in removed_links))
    topics = [session.get_one(Topic, topic_id) for topic_id in ids]
    names = [topic.name for topic in topics if not topic.links]
    return Consequence(Fate.KEPT, NEEDS, names, removed_links)


def _restore_topics(session: Session, change: Rearrangement, former: Facts) -> Consequence:
    names = []
    for kind, row_id, *state in former:
        topic = session.get(Topic, row_id) if kind == "topic" else None
        if topic is None or state[0] in [link.theme_id for link in topic.links]:
            continue
        topic.links.insert(state[1], TopicTheme(theme=session.get_one(Theme, state[0])))
        session.flush()
        names.append(topic.name)
    return Consequence(Fate.RESTORED, "Besoins en mots de maire", names)


def _name(appointment: Appointment) -> str:
    return f"{appointment.attendee.full_name}, {hour(appointment.starts_at)}"


def _ticket_name(ticket: Ticket) -> str:
    return f"n° {ticket.number}, stand {ticket.stand.number}"
