"""Tables of the contacts left at stands."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.badges.models import Attendee
from salon.exhibitors.models import Exhibitor
from salon.leads.models.labels import Purpose
from salon.platform.database.db import Model, UtcDateTime, value_in
from salon.platform.words.labels import LabelledEnum


class Interest(LabelledEnum):
    """The exhibitor's rating of a contact."""

    UNSAID = "unsaid", "Non précisé"
    CURIOUS = "curious", "Se renseigne"
    PROJECT = "project", "A un projet"
    URGENT = "urgent", "Projet dans l’année"


class Lead(Model):
    """A visitor met at an exhibitor's stand, once per exhibitor and visitor.

    The visitor's identity is never copied: it is read through the live consents. `follow_up`: what
    the exhibitor promised, `follow_up_on`: its deadline.
    """

    __tablename__ = "leads"
    __table_args__ = (UniqueConstraint("exhibitor_id", "attendee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"))
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), index=True)
    met_at: Mapped[datetime] = mapped_column(UtcDateTime)
    interest: Mapped[Interest] = mapped_column(default=Interest.UNSAID)
    note: Mapped[str] = mapped_column(default="")
    follow_up: Mapped[str] = mapped_column(default="")
    follow_up_on: Mapped[date | None]
    follow_up_done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(default="")

    __mapper_args__ = {"version_id_col": version}

    exhibitor: Mapped[Exhibitor] = relationship()
    attendee: Mapped[Attendee] = relationship()
    readings: Mapped[list["LeadReading"]] = relationship(order_by="LeadReading.id")
    consents: Mapped[list["LeadConsent"]] = relationship(order_by="LeadConsent.id")

    @property
    def downloaded_at(self) -> datetime | None:
        """Return when a file with this person's data was last downloaded, or None."""
        return max(
            (consent.downloaded_at for consent in self.consents if consent.downloaded_at),
            default=None,
        )


class LeadReading(Model):
    """A badge scanned at a stand, or a stand's code scanned by a visitor. Append only.

    `reading_id` comes from the device and makes a reading idempotent. `read_by`: the device's user,
    shown to the visitor; "" when the visitor scanned.
    """

    __tablename__ = "lead_readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[str] = mapped_column(unique=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"), index=True)
    read_by: Mapped[str] = mapped_column(default="")
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LeadConsent(Model):
    """The fields that a visitor shares with an exhibitor for one purpose.

    At most one row per purpose is live; a change ends it and may insert another. `fields`: names of
    `labels.Field`. `downloaded_at`: last download for this purpose while the row was live.
    """

    __tablename__ = "lead_consents"
    __table_args__ = (
        Index(
            "uq_lead_consents_live",
            "lead_id",
            "purpose",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        value_in("purpose", Purpose),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"), index=True)
    purpose: Mapped[str]
    fields: Mapped[list[str]] = mapped_column(JSON)
    text_version: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    downloaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
