"""The organiser's terms for the exhibitors of an edition, and the tasks they set."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.exhibitors.models.parties import Party
from salon.fair.models import StandCategory
from salon.platform.database.db import Model, UtcDateTime, above_zero, at_least
from salon.platform.words.labels import LabelledEnum


class Task(LabelledEnum):
    """A task of an exhibitor; its state is computed from the data, never ticked."""

    PROFILE = "profile", "Présentation pour le catalogue"
    LOGO = "logo", "Logo"
    REGULATIONS = "regulations", "Accord sur le règlement des exposants"
    CONTRACT = "contract", "Contrat signé"
    INSURANCE = "insurance", "Attestation d’assurance"
    SAFETY = "safety", "Fiche de sécurité du stand"
    STAFF = "staff", "Noms des personnes du stand"
    INVOICE = "invoice", "Règlement"


class VatRegime(LabelledEnum):
    """The issuer's standing for VAT on its fair; French articles are of the CGI."""

    LIABLE = "liable", "Redevable de la TVA"
    FRANCHISE = "franchise", "Franchise en base (CGI, art. 293 B)"
    EXEMPT = "exempt", "Association exonérée (CGI, art. 261, 7, 1°)"
    PUBLIC_BODY = "public_body", "Personne publique non assujettie (CGI, art. 256 B)"


LONGEST_PAYMENT_DAYS = 60
"""Days from the date of an invoice (Code de commerce, L441-10)."""


class ExhibitorTerms(Model):
    """The organiser's terms for the exhibitors of an edition.

    `deadlines` maps a task to an ISO date; `guide` is a list of {title, text}; `seller` describes
    the issuer of invoices (name, address, postal_code, city, siret, legal_form, rcs_city, rna,
    vat_number, vat_regime, iban, bic); without `vat_regime`, the VAT number says it.
    `regulations` is a list of {title, text}; they last changed on `regulations_dated_on`. Staff
    badges: `badges_base` up to `badges_base_area` m², one more each `badges_area_step` m² begun
    beyond. `deposit_percent`: the share of an order that is invoiced first, 0 for none.
    `cancellation_fees`: the steps of `engine.cancellation`.
    """

    __tablename__ = "exhibitor_terms"
    __table_args__ = (
        CheckConstraint(
            "applications_open_at < applications_close_at", name="opens_before_closing"
        ),
        CheckConstraint("0 < minimum_area AND minimum_area <= maximum_area", name="areas_in_order"),
        *above_zero("offer_days", "badges_area_step"),
        *at_least(0, "payment_days", "badges_base", "badges_base_area"),
        CheckConstraint("deposit_percent BETWEEN 0 AND 99", name="deposit_percent_of_an_order"),
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
    deposit_percent: Mapped[int] = mapped_column(default=0, server_default="0")
    deposit_due_on: Mapped[date | None]
    cancellation_fees: Mapped[list[list[int]]] = mapped_column(
        JSON, default=list, server_default="[]"
    )
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
    seller: Mapped[Party] = mapped_column(JSON, default=dict)

    __mapper_args__ = {"version_id_col": version}

    added_tasks: Mapped[list["AddedTask"]] = relationship(
        order_by="AddedTask.rank, AddedTask.id", back_populates="terms"
    )

    @property
    def live_tasks(self) -> list["AddedTask"]:
        """Return the tasks that the organisers added and did not withdraw, in order."""
        return [task for task in self.added_tasks if not task.is_withdrawn]

    def deadline(self, task: "Task | AddedTask") -> date | None:
        if isinstance(task, AddedTask):
            return task.due_on
        day = self.deadlines.get(task)
        return date.fromisoformat(day) if day else None


class AnswerKind(LabelledEnum):
    """The kinds of answer that a task added by the organisers can ask for."""

    TICK = "tick", "Une case « C’est fait »"
    TEXT = "text", "Une réponse écrite"
    DOCUMENT = "document", "Un document, vérifié par l’organisation"


class AddedTask(Model):
    """A task that the organisers ask of the exhibitors, beside the fixed ones.

    `explanation` in Markdown; `stand_category` None: asked of all, else of stands of that category.
    """

    __tablename__ = "added_tasks"
    __table_args__ = at_least(0, "rank")

    id: Mapped[int] = mapped_column(primary_key=True)
    terms_id: Mapped[int] = mapped_column(ForeignKey("exhibitor_terms.id"), index=True)
    title: Mapped[str]
    explanation: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    stand_category: Mapped[StandCategory | None] = mapped_column(default=None)
    expects: Mapped[AnswerKind]
    rank: Mapped[int] = mapped_column(default=0)
    is_withdrawn: Mapped[bool] = mapped_column(default=False)

    terms: Mapped[ExhibitorTerms] = relationship(back_populates="added_tasks")

    @property
    def label(self) -> str:
        return self.title

    @property
    def value(self) -> str:
        """Return its key beside those of Task."""
        return f"added-{self.id}"
