"""Tables of appointments, holds, requests, claims and waiting lists."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.badges.models import Attendee, HalfDay
from salon.fair.models import Edition, Stand, Theme
from salon.platform.database.db import Model, UtcDateTime, at_least, whole_minutes
from salon.platform.words import formats
from salon.platform.words.labels import LabelledEnum
from salon.staffing.models import Agent

TICK_MINUTES = 5
"""Grid of starts and claims, in minutes."""

ONE_OWNER = "(appointment_id IS NULL) <> (hold_id IS NULL)"
"""A claim belongs to either an appointment or a hold."""

SEEN_BEFORE = timedelta(hours=1)
"""An arrival longer than this before the start does not count: the visitor passed by."""


class AppointmentStatus(LabelledEnum):
    """`to_choose`: no agent can hold it, and the visitor has to choose another time.

    `missed` is set by a person, never by the clock.
    """

    BOOKED = "booked", "Confirmé"
    TO_CHOOSE = "to_choose", "À choisir de nouveau"
    MET = "met", "Reçu"
    MISSED = "missed", "Pas venu"
    CANCELLED = "cancelled", "Annulé"


class Outcome(LabelledEnum):
    ANSWERED = "answered", "Répondu sur place"
    FOLLOW_UP = "follow_up", "Une suite est promise"
    REDIRECTED = "redirected", "Orienté vers un autre service"


class StepKind(LabelledEnum):
    GUIDAF = "guidaf", "Dossier au GUIDAF"
    INGENIERIE = "ingenierie", "Adhésion à l’agence technique"
    CAUE = "caue", "Visite du CAUE"
    VISIT = "visit", "Visite sur place"
    CALL = "call", "Rappel ou documents à envoyer"
    OTHER = "other", "Autre suite"


class Appointment(Model):
    """An agent receives a visitor on a stand, from `starts_at` to `ends_at`.

    It belongs to the commune, EPCI or organisation: any of its registered people may attend.
    `contact_email`: of the booker, "" when it is the visitor. `uid` and `sequence`: of the calendar
    event (RFC 5545), one event however often it moves. `in_hall_at`, `arrived_at`: when the badge
    entered the fair, and reached the stand. `funding`: {cost, others, aid} in euros.
    `untended_told_at`: when coordinators were notified that no agent holds it. `agreed_told_at`:
    when the visitor was sent what was promised.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_ending"),
        *at_least(0, "sequence", "amount"),
        *whole_minutes(TICK_MINUTES, "starts_at"),
        Index("ix_appointments_edition_status", "edition_id", "status", "starts_at"),
        Index("ix_appointments_commune_theme", "commune_code", "theme_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    stand_id: Mapped[int] = mapped_column(ForeignKey("stands.id"), index=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), index=True)
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    epci_siren: Mapped[str | None] = mapped_column(ForeignKey("epcis.siren"), index=True)
    organisation: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[AppointmentStatus] = mapped_column(default=AppointmentStatus.BOOKED)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    private_token: Mapped[str] = mapped_column(unique=True)
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    subject: Mapped[str]
    project: Mapped[str] = mapped_column(default="")
    stage: Mapped[str] = mapped_column(default="")
    amount: Mapped[int | None]
    """In euros, as the visitor says it."""
    deadline: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    booked_by: Mapped[str]
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    in_hall_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome | None]
    note: Mapped[str] = mapped_column(default="")
    funding: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    eve_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hour_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    untended_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}

    edition: Mapped[Edition] = relationship()
    theme: Mapped[Theme] = relationship()
    agent: Mapped[Agent] = relationship()
    stand: Mapped[Stand] = relationship()
    attendee: Mapped[Attendee] = relationship()
    documents: Mapped[list["AppointmentDocument"]] = relationship(order_by="AppointmentDocument.id")
    steps: Mapped[list["NextStep"]] = relationship(
        order_by="NextStep.id", back_populates="appointment"
    )

    @property
    def is_live(self) -> bool:
        """Return whether it is still to be held, at this time or another."""
        return self.status in (AppointmentStatus.BOOKED, AppointmentStatus.TO_CHOOSE)

    @property
    def is_awaited(self) -> bool:
        """Return whether the visitor is still to come; an early arrival does not count."""
        return self.arrived_at is None or self.arrived_at < self.starts_at - SEEN_BEFORE


class NextStep(Model):
    """A promise made at the end of a meeting, its owner and its deadline.

    `recalled_at`: when its agent was reminded of it; `done_at`: when it was noted as done.
    """

    __tablename__ = "appointment_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), index=True)
    kind: Mapped[StepKind]
    words: Mapped[str] = mapped_column(default="")
    owner: Mapped[str]
    due_on: Mapped[date | None]
    recalled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    appointment: Mapped[Appointment] = relationship(back_populates="steps")


class AppointmentDocument(Model):
    """A file that the visitor attached. `stored_name`: random, under `uploads/` of the data."""

    __tablename__ = "appointment_documents"
    __table_args__ = at_least(0, "size")

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), index=True)
    name: Mapped[str]
    stored_name: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Hold(Model):
    """A time reserved until `expires_at`, then free again.

    Made for a visitor who fills the form or has to confirm an address; for the first of a waiting
    list (`waiting_id`); for an appointment that must move (`appointment_id`). `network`: from which
    the public asked for it.
    """

    __tablename__ = "appointment_holds"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_ending"),
        *whole_minutes(TICK_MINUTES, "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    token: Mapped[str] = mapped_column(unique=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    stand_id: Mapped[int] = mapped_column(ForeignKey("stands.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), unique=True)
    waiting_id: Mapped[int | None] = mapped_column(ForeignKey("waiting_entries.id"), unique=True)
    network: Mapped[str] = mapped_column(default="", index=True)

    theme: Mapped[Theme] = relationship()
    agent: Mapped[Agent] = relationship()
    stand: Mapped[Stand] = relationship()


class BookingRequest(Model):
    """A time or a place in a waiting list, requested with an unconfirmed address.

    Nothing is booked until the link mailed to `recipient` is opened. `starts_at` None: a place in
    the list, for `part` of `day_on`, None for any day. `person`, `question`: as typed.
    `hold_token`: of the time held meanwhile. `led_to`: the path of the resulting page, "" before.
    """

    __tablename__ = "booking_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"), index=True)
    private_token: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    email_key: Mapped[str] = mapped_column(index=True)
    name_key: Mapped[str]
    person: Mapped[dict[str, Any]] = mapped_column(JSON)
    question: Mapped[dict[str, Any]] = mapped_column(JSON)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"), index=True)
    part: Mapped[HalfDay | None]
    day_on: Mapped[date | None]
    hold_token: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    led_to: Mapped[str] = mapped_column(default="")

    edition: Mapped[Edition] = relationship()
    theme: Mapped[Theme] = relationship()


class AgentClaim(Model):
    """Five minutes of an agent: the primary key forbids two visitors at once.

    `is_buffer`: the break after an appointment, in which the agent may receive the public.
    """

    __tablename__ = "appointment_agent_claims"
    __table_args__ = (
        CheckConstraint(ONE_OWNER, name="one_owner"),
        *whole_minutes(TICK_MINUTES, "starts_at"),
    )

    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    is_buffer: Mapped[bool]
    appointment_id: Mapped[int | None] = mapped_column(
        ForeignKey("appointments.id", ondelete="CASCADE"), index=True
    )
    hold_id: Mapped[int | None] = mapped_column(
        ForeignKey("appointment_holds.id", ondelete="CASCADE"), index=True
    )


class VisitorClaim(Model):
    """Five minutes of a visitor: the primary key forbids two appointments at once."""

    __tablename__ = "appointment_visitor_claims"
    __table_args__ = (
        CheckConstraint(ONE_OWNER, name="one_owner"),
        *whole_minutes(TICK_MINUTES, "starts_at"),
    )

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    appointment_id: Mapped[int | None] = mapped_column(
        ForeignKey("appointments.id", ondelete="CASCADE"), index=True
    )
    hold_id: Mapped[int | None] = mapped_column(
        ForeignKey("appointment_holds.id", ondelete="CASCADE"), index=True
    )


class WaitingStatus(LabelledEnum):
    WAITING = "waiting", "En attente"
    OFFERED = "offered", "Une heure est proposée"
    SERVED = "served", "A obtenu un rendez-vous"
    LEFT = "left", "A quitté la liste"
    CLOSED = "closed", "Le salon s’est terminé"


class WaitingEntry(Model):
    """A place in the waiting list of a theme and part of the day, in the order of `queued_at`.

    `day_on`: the day on which the visitor can come, None for any.

    `offered`: starts (ISO 8601, UTC) already offered; none is offered twice.
    """

    __tablename__ = "waiting_entries"
    __table_args__ = (
        Index(
            "uq_waiting_entries_live",
            "attendee_id",
            "theme_id",
            unique=True,
            sqlite_where=text("status IN ('waiting', 'offered')"),
            postgresql_where=text("status IN ('waiting', 'offered')"),
        ),
        Index("ix_waiting_entries_turn", "edition_id", "status", "queued_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"), index=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), index=True)
    """The appointment that lost its agent and for which no time was left."""
    part: Mapped[HalfDay]
    day_on: Mapped[date | None]
    subject: Mapped[str]
    contact_email: Mapped[str] = mapped_column(default="")
    private_token: Mapped[str] = mapped_column(unique=True)
    status: Mapped[WaitingStatus] = mapped_column(default=WaitingStatus.WAITING)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offered: Mapped[list[str]] = mapped_column(JSON, default=list)

    edition: Mapped[Edition] = relationship()
    theme: Mapped[Theme] = relationship()
    attendee: Mapped[Attendee] = relationship()
    hold: Mapped[Hold | None] = relationship()

    @property
    def is_live(self) -> bool:
        return self.status in (WaitingStatus.WAITING, WaitingStatus.OFFERED)

    @property
    def when(self) -> str:
        """Return « Matin », or « Jeudi 14 octobre, matin » where a day was chosen."""
        if self.day_on is None:
            return self.part.label
        words = formats.short_days([self.day_on]).capitalize()
        whole = self.part == HalfDay.WHOLE_DAY
        return words if whole else f"{words}, {self.part.label.lower()}"
