"""Documents sent by exhibitors, and the reminders sent to them."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.exhibitors.models.application import Exhibitor
from salon.exhibitors.models.terms import AddedTask
from salon.platform.database.db import Model, UtcDateTime, at_least
from salon.platform.words.labels import LabelledEnum


class DocumentKind(LabelledEnum):
    CONTRACT = "contract", "Contrat signé"
    INSURANCE = "insurance", "Attestation d’assurance"
    PURCHASE_ORDER = "purchase_order", "Bon de commande"
    MATERIALS = "materials", "Procès-verbal de réaction au feu"
    OTHER = "other", "Autre document"


class DocumentStatus(LabelledEnum):
    WAITING = "waiting", "À vérifier"
    ACCEPTED = "accepted", "Accepté"
    REFUSED = "refused", "À refaire"


class Document(Model):
    """A file sent by an exhibitor; `stored_name` is random, under `uploads/` of the data.

    `task_id`: the added task that it answers.
    """

    __tablename__ = "exhibitor_documents"
    __table_args__ = at_least(0, "size")

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[DocumentKind]
    task_id: Mapped[int | None] = mapped_column(
        ForeignKey("added_tasks.id"), index=True, default=None
    )
    name: Mapped[str]
    stored_name: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    status: Mapped[DocumentStatus] = mapped_column(default=DocumentStatus.WAITING)
    reason: Mapped[str] = mapped_column(default="")
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uploaded_by: Mapped[str]
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}

    exhibitor: Mapped[Exhibitor] = relationship(back_populates="documents")
    task: Mapped[AddedTask | None] = relationship()

    @property
    def label(self) -> str:
        """Return what it is: the title of the added task that it answers, else its kind."""
        return self.task.title if self.task is not None else self.kind.label


class TaskAnswer(Model):
    """An exhibitor's answer to an added task; `text` is "" for a task that is only ticked."""

    __tablename__ = "task_answers"
    __table_args__ = (UniqueConstraint("exhibitor_id", "task_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("added_tasks.id"), index=True)
    text: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_by: Mapped[str]

    exhibitor: Mapped[Exhibitor] = relationship(back_populates="task_answers")
    task: Mapped[AddedTask] = relationship()


class Reminder(Model):
    """A reminder posted: `subject` is `task:insurance` or `invoice:12`, `step` is `-7`, `1`…;
    `eve:2027-10-14` is the eve of a fair that opens on that day.

    `step` counts days from the deadline. Two workers cannot write the same one.
    """

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("exhibitor_id", "subject", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"))
    subject: Mapped[str]
    step: Mapped[int]
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
