"""Accepted exhibitors: terms, documents, safety, reminders, proposed plans."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.exhibitors.models.application import Exhibitor
from salon.platform.db import Model, UtcDateTime, above_zero, at_least, known
from salon.platform.leases import WorkStatus


class Task(StrEnum):
    """A task of an exhibitor; its state is computed from the data, never ticked."""

    PROFILE = "profile"
    LOGO = "logo"
    CONTRACT = "contract"
    INSURANCE = "insurance"
    SAFETY = "safety"
    STAFF = "staff"
    INVOICE = "invoice"

    @property
    def label(self) -> str:
        return {
            "profile": "Présentation pour le catalogue",
            "logo": "Logo",
            "contract": "Contrat signé",
            "insurance": "Attestation d’assurance",
            "safety": "Fiche de sécurité du stand",
            "staff": "Noms des personnes du stand",
            "invoice": "Règlement",
        }[self.value]


class ExhibitorTerms(Model):
    """The organiser's terms for the exhibitors of an edition.

    `deadlines` maps a task to an ISO date; `guide` is a list of {title, text}; `seller` describes
    the issuer of invoices (name, address, postal_code, city, siret, vat_number, iban, bic).
    `regulations` is a list of {title, text}; they last changed on `regulations_dated_on`. Staff
    badges: `badges_base` up to `badges_base_area` m², one more each `badges_area_step` m² begun
    beyond.
    """

    __tablename__ = "exhibitor_terms"
    __table_args__ = (
        CheckConstraint(
            "applications_open_at < applications_close_at", name="opens_before_closing"
        ),
        CheckConstraint("0 < minimum_area AND minimum_area <= maximum_area", name="areas_in_order"),
        *above_zero("offer_days", "badges_area_step"),
        *at_least(0, "payment_days", "badges_base", "badges_base_area"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    applications_open_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applications_close_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by_on: Mapped[date]
    minimum_area: Mapped[int] = mapped_column(default=6)
    maximum_area: Mapped[int] = mapped_column(default=120)
    offer_days: Mapped[int] = mapped_column(default=7)
    payment_days: Mapped[int] = mapped_column(default=30)
    badges_base: Mapped[int] = mapped_column(default=2)
    badges_base_area: Mapped[int] = mapped_column(default=9)
    badges_area_step: Mapped[int] = mapped_column(default=10)
    deadlines: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    set_up: Mapped[str] = mapped_column(default="")
    dismantling: Mapped[str] = mapped_column(default="")
    to_bring: Mapped[list[str]] = mapped_column(JSON, default=list)
    guide: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    regulations: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    regulations_dated_on: Mapped[date | None]
    seller: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)

    __mapper_args__ = {"version_id_col": version}

    def deadline(self, task: Task) -> date | None:
        day = self.deadlines.get(task)
        return date.fromisoformat(day) if day else None


class DocumentKind(StrEnum):
    CONTRACT = "contract"
    INSURANCE = "insurance"
    PURCHASE_ORDER = "purchase_order"
    MATERIALS = "materials"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            "contract": "Contrat signé",
            "insurance": "Attestation d’assurance",
            "purchase_order": "Bon de commande",
            "materials": "Procès-verbal de réaction au feu",
            "other": "Autre document",
        }[self.value]


class DocumentStatus(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {"waiting": "À vérifier", "accepted": "Accepté", "refused": "À refaire"}[self.value]


class Document(Model):
    """A file sent by an exhibitor; `stored_name` is random, under `uploads/` of the data."""

    __tablename__ = "exhibitor_documents"
    __table_args__ = at_least(0, "size")

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[DocumentKind]
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


class SafetyForm(Model):
    """Answers for the *chargé de sécurité* (type T, arrêté du 18 novembre 1987).

    `overrides`: {rule: {reason, by, at}}, each a decision of an organiser.
    """

    __tablename__ = "safety_forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    overrides: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}

    exhibitor: Mapped[Exhibitor] = relationship(back_populates="safety")


class Reminder(Model):
    """A reminder posted: `subject` is `task:insurance` or `invoice:12`, `step` is `-7`, `1`…

    `step` counts days from the deadline. Two workers cannot write the same one.
    """

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("exhibitor_id", "subject", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"))
    subject: Mapped[str]
    step: Mapped[int]
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlanProposal(Model):
    """A plan proposed by the solver; nothing moves until an organiser accepts it.

    `result` is the JSON of `flask propose-plan`; `hall_versions` are the versions it was computed
    on.
    """

    __tablename__ = "plan_proposals"
    __table_args__ = (known("status", WorkStatus),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    status: Mapped[str] = mapped_column(default=WorkStatus.WAITING)
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hall_versions: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
