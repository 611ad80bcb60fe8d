"""Mailings, and whom each is written to."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.platform.database.db import Model, UtcDateTime, at_least
from salon.platform.mail.outbox import Message
from salon.platform.words.labels import LabelledEnum


class MailingState(LabelledEnum):
    DRAFT = "draft", "Brouillon"
    PLANNED = "planned", "Prévu"
    SENDING = "sending", "En cours d’envoi"
    STOPPED = "stopped", "Arrêté"
    SENT = "sent", "Envoyé"


class RecipientState(LabelledEnum):
    WAITING = "waiting", "Attend son tour"
    POSTED = "posted", "Remis à l’envoi"
    LEFT_OUT = "left_out", "Laissé de côté"


class Mailing(Model):
    """A message that organisers write to an audience, narrowed by `filters`.

    `text` is in Markdown, with named fields; `reply_to`: address of the person who reads the
    answers, "" for that of the edition's mail. `days_before`: of a step of the campaign, its day
    counted back from the first day of the fair. It leaves at `planned_at`, when its recipients are
    drawn; `ended_at`: when the last of its messages had left.
    """

    __tablename__ = "mailings"
    __table_args__ = at_least(0, "days_before")

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    subject: Mapped[str]
    text: Mapped[str]
    audience: Mapped[str]
    filters: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    reply_to: Mapped[str] = mapped_column(default="")
    planned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    days_before: Mapped[int | None]
    state: Mapped[MailingState] = mapped_column(default=MailingState.DRAFT)
    author: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}


class MailingRecipient(Model):
    """Whom a mailing writes to, by one address: see `engine.Recipient`.

    `address_key`, the address as compared, is there once for a mailing. `reason`: why it is left
    out. `message`: what was posted, also while it is called off; none once it is destroyed.
    """

    __tablename__ = "mailing_recipients"
    __table_args__ = (
        UniqueConstraint("mailing_id", "address_key"),
        *at_least(0, "others"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailings.id"))
    key: Mapped[str]
    address: Mapped[str]
    address_key: Mapped[str] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(default="")
    greeting: Mapped[str] = mapped_column(default="")
    commune: Mapped[str] = mapped_column(default="")
    organisation: Mapped[str] = mapped_column(default="")
    path: Mapped[str] = mapped_column(default="")
    others: Mapped[int] = mapped_column(default=0)
    state: Mapped[RecipientState] = mapped_column(default=RecipientState.WAITING)
    reason: Mapped[str] = mapped_column(default="")
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    message_id: Mapped[int | None] = mapped_column(
        ForeignKey("messages.id", ondelete="SET NULL"), index=True
    )

    message: Mapped[Message | None] = relationship()
