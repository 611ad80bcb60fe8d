"""Tables of the queue of a stand, for visitors without an appointment."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.appointments.models.bookings import Appointment
from salon.badges.models import Attendee
from salon.fair.models import Stand, Theme
from salon.platform.database.db import Model, UtcDateTime, above_zero
from salon.platform.words.labels import LabelledEnum
from salon.staffing.models import Agent


class TicketStatus(LabelledEnum):
    """`missed` is set by a person, never by the clock."""

    WAITING = "waiting", "En attente"
    CALLED = "called", "Appelé"
    MET = "met", "Reçu"
    MISSED = "missed", "Pas là"
    LEFT = "left", "A quitté la file"


class Ticket(Model):
    """A place in the queue of a stand, numbered from 1 each day.

    The earliest `queued_from` is served first; a visitor late for `appointment` is placed from its
    start. A paper ticket has no attendee. `called_by`: the agent who called it.
    """

    __tablename__ = "queue_tickets"
    __table_args__ = (
        UniqueConstraint("stand_id", "day_on", "number"),
        *above_zero("number"),
        Index("ix_queue_tickets_turn", "stand_id", "day_on", "status", "queued_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    stand_id: Mapped[int] = mapped_column(ForeignKey("stands.id"))
    day_on: Mapped[date]
    number: Mapped[int]
    private_token: Mapped[str] = mapped_column(unique=True)
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendees.id"), index=True)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), unique=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"), index=True)
    status: Mapped[TicketStatus] = mapped_column(default=TicketStatus.WAITING)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    queued_from: Mapped[datetime] = mapped_column(UtcDateTime)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"), index=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    stand: Mapped[Stand] = relationship()
    attendee: Mapped[Attendee | None] = relationship()
    appointment: Mapped[Appointment | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
    called_by: Mapped[Agent | None] = relationship()
