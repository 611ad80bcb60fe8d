"""Sales, their documents, the money received for them and paid back. Amounts are Decimal euros."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Numeric,
    UniqueConstraint,
    event,
    inspect,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.exhibitors.models.application import Exhibitor
from salon.exhibitors.models.parties import Party
from salon.exhibitors.models.prices import Money, PriceUnit, Rate, full_label
from salon.platform.database.db import Model, UtcDateTime, above_zero, at_least
from salon.platform.words.labels import LabelledEnum


class PublicBuyer(LabelledEnum):
    """The kind of a public buyer, which decides how long it has to pay."""

    AUTHORITY = "authority", "État, collectivité ou autre établissement public"
    HEALTH = "health", "Établissement public de santé, ou service de santé des armées"
    ENTERPRISE = "enterprise", "Entreprise publique qui n’est pas un établissement public local"


class BillingDetails(Model):
    """The buyer. Public buyers give *numéro d’engagement*, *code service*, purchase order.

    `rcs_city`: the court that keeps a company in the *registre du commerce*; `rna`: the number of
    an association.
    """

    __tablename__ = "billing_details"

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="FR")
    siret: Mapped[str] = mapped_column(default="")
    vat_number: Mapped[str] = mapped_column(default="")
    engagement_number: Mapped[str] = mapped_column(default="")
    service_code: Mapped[str] = mapped_column(default="")
    purchase_order: Mapped[str] = mapped_column(default="")
    public_kind: Mapped[PublicBuyer] = mapped_column(
        default=PublicBuyer.AUTHORITY, server_default=PublicBuyer.AUTHORITY.value
    )
    legal_form: Mapped[str] = mapped_column(default="", server_default="")
    rcs_city: Mapped[str] = mapped_column(default="", server_default="")
    rna: Mapped[str] = mapped_column(default="", server_default="")

    __mapper_args__ = {"version_id_col": version}


class SalesKind(LabelledEnum):
    QUOTE = "quote", "Devis"
    ORDER = "order", "Bon de commande"
    INVOICE = "invoice", "Facture"
    CREDIT_NOTE = "credit_note", "Avoir"


class SaleStatus(LabelledEnum):
    OPEN = "open", "Ouverte"
    CLOSED = "closed", "Close"


class Sale(Model):
    """The sale of a stand to an exhibitor: it begins with the first document.

    Once closed it takes no quote, order or invoice until it is reopened: a trigger refuses them.
    A sale of release 1.0.0 may have no row: it is open. `payer`: another exhibitor, who leads the
    pavilion and whose sale has the lines of this one, which is closed meanwhile.
    """

    __tablename__ = "sales"
    __table_args__ = (
        CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name="closed_has_its_time"
        ),
        CheckConstraint("payer_id IS NULL OR status = 'closed'", name="paid_by_another_is_closed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"), unique=True)
    status: Mapped[SaleStatus] = mapped_column(default=SaleStatus.OPEN)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitors.id"), index=True)

    exhibitor: Mapped[Exhibitor] = relationship(back_populates="sale", foreign_keys=[exhibitor_id])
    payer: Mapped[Exhibitor | None] = relationship(foreign_keys=[payer_id])


class NumberSeries(Model):
    """The last number given in a series (`invoice-2021`); taken under a lock, so without gap."""

    __tablename__ = "number_series"
    __table_args__ = at_least(0, "last")

    series: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class SalesDocument(Model):
    """A quote, order, invoice or credit note, as it was issued: never changed afterwards.

    `seller` and `buyer` are frozen copies; `seller` holds the fair as it was announced. A credit
    note names the invoice it `cancels`. Public buyers: `service_done_on` is the *service fait*.
    `line_count` closes the document: no line is added after the last one. `remark` is printed on
    it: the reason of a credit note, who agreed to an order and how, the orders that a quote adds
    to. `vat_by_rate`: the VAT of each rate where it is not that of its lines alone.
    `deposit_percent`, of a deposit invoice: its share of the order. An order has one live deposit
    and one live invoice, which deducts it: a trigger refuses another.
    """

    __tablename__ = "sales_documents"
    __table_args__ = (
        UniqueConstraint("series", "number"),
        CheckConstraint("round(net + vat - gross, 2) = 0", name="net_and_vat_make_gross"),
        CheckConstraint("cancels_id IS NULL OR kind = 'credit_note'", name="credit_notes_cancel"),
        CheckConstraint("deposit_percent BETWEEN 1 AND 99", name="deposit_percent_of_its_order"),
        *above_zero("number", "line_count"),
        *at_least(0, "net", "vat", "gross"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"), index=True)
    kind: Mapped[SalesKind]
    series: Mapped[str]
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(unique=True)
    issued_on: Mapped[date]
    due_on: Mapped[date | None]
    from_id: Mapped[int | None] = mapped_column(ForeignKey("sales_documents.id"), index=True)
    cancels_id: Mapped[int | None] = mapped_column(ForeignKey("sales_documents.id"), unique=True)
    seller: Mapped[Party] = mapped_column(JSON)
    buyer: Mapped[Party] = mapped_column(JSON)
    engagement_number: Mapped[str] = mapped_column(default="")
    service_code: Mapped[str] = mapped_column(default="")
    purchase_order: Mapped[str] = mapped_column(default="")
    service_done_on: Mapped[date | None]
    net: Mapped[Decimal] = mapped_column(Money)
    vat: Mapped[Decimal] = mapped_column(Money)
    gross: Mapped[Decimal] = mapped_column(Money)
    line_count: Mapped[int]
    remark: Mapped[str] = mapped_column(default="", server_default="")
    vat_by_rate: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    deposit_percent: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str]

    exhibitor: Mapped[Exhibitor] = relationship(back_populates="sales")
    lines: Mapped[list["SalesLine"]] = relationship(order_by="SalesLine.rank")
    payments: Mapped[list["Payment"]] = relationship(
        back_populates="document", order_by="Payment.id"
    )
    allocations: Mapped[list["Allocation"]] = relationship(
        back_populates="document", order_by="Allocation.id"
    )

    @property
    def label(self) -> str:
        """Return « Facture d’acompte », or its kind."""
        is_deposit = self.kind == SalesKind.INVOICE and self.deposit_percent is not None
        return "Facture d’acompte" if is_deposit else self.kind.label


DEPOSIT = "ACOMPTE"
"""Code of the lines of a deposit, and of those that deduct it from the invoice of its order."""


class SalesLine(Model):
    """A line of a sales document; `net` is rounded to the cent, line by line.

    A deposit is deducted by a negative quantity. `exhibitor_id`: the member of a pavilion that the
    line is for, None for the exhibitor of the document; `beneficiary` names it and its stand.
    """

    __tablename__ = "sales_lines"
    __table_args__ = (
        UniqueConstraint("document_id", "rank"),
        CheckConstraint("vat_rate BETWEEN 0 AND 100", name="vat_rate_in_percent"),
        CheckConstraint("abs(quantity * unit_price - net) < 0.006", name="net_is_the_product"),
        CheckConstraint(
            f"quantity > 0 AND net >= 0 OR code = '{DEPOSIT}'", name="deposits_alone_are_deducted"
        ),
        *above_zero("rank"),
        *at_least(0, "unit_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("sales_documents.id"), index=True)
    rank: Mapped[int]
    code: Mapped[str]
    label: Mapped[str]
    unit: Mapped[PriceUnit]
    quantity: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    unit_price: Mapped[Decimal] = mapped_column(Money)
    vat_rate: Mapped[Decimal] = mapped_column(Rate)
    net: Mapped[Decimal] = mapped_column(Money)
    exhibitor_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitors.id"), index=True)
    beneficiary: Mapped[str] = mapped_column(default="", server_default="")

    @property
    def full_label(self) -> str:
        return full_label(self.beneficiary, self.label)


class SalesPaper(Model):
    """The PDF of a document as it was first made: each later download is the same bytes.

    It goes when a person whom it names is erased, to be made again, and after ten years for good.
    `stored_name` is random, under `uploads/` of the data; `sha256` in hexadecimal.
    """

    __tablename__ = "sales_papers"

    document_id: Mapped[int] = mapped_column(ForeignKey("sales_documents.id"), primary_key=True)
    stored_name: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


@event.listens_for(SalesDocument, "before_update")
@event.listens_for(SalesLine, "before_update")
def _stay_as_issued(mapper: Any, connection: object, row: SalesDocument | SalesLine) -> None:
    """Refuse any change of an issued document but the *service fait* of an order."""
    state: Any = inspect(row)
    changed = {
        column.key
        for column in mapper.column_attrs
        if state.attrs[column.key].history.has_changes()
    }
    if changed - {"service_done_on"}:
        raise RuntimeError(f"{row.__tablename__} {row.id} was issued: {sorted(changed)} stay")


class PaymentMethod(LabelledEnum):
    TRANSFER = "transfer", "Virement"
    CHEQUE = "cheque", "Chèque"
    MANDATE = "mandate", "Mandat administratif"


class Payment(Model):
    """A receipt, as the bank shows it; one recorded by mistake, or returned, is cancelled.

    `cancelled_on`: the day on which the bank took it back; None in rows that lack it.
    `document`: what it came for, the invoice or, before any, the quote or the order. What it pays
    is in `allocations`; the rest, less `refunds`, is in favour of the exhibitor. Money for several
    exhibitors is a receipt for each, `first_part` being the first: `parts` make what the bank
    shows, and are cancelled together.
    """

    __tablename__ = "payments"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("sales_documents.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    method: Mapped[PaymentMethod]
    received_on: Mapped[date]
    payer: Mapped[str] = mapped_column(default="", server_default="")
    reference: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str]
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_on: Mapped[date | None]
    cancel_reason: Mapped[str] = mapped_column(default="", server_default="")
    first_part_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"), index=True)

    document: Mapped[SalesDocument] = relationship(back_populates="payments")
    first_part: Mapped["Payment | None"] = relationship(
        back_populates="other_parts", remote_side=[id]
    )
    other_parts: Mapped[list["Payment"]] = relationship(
        back_populates="first_part", order_by="Payment.id"
    )
    allocations: Mapped[list["Allocation"]] = relationship(
        back_populates="payment", order_by="Allocation.id"
    )
    refunds: Mapped[list["Refund"]] = relationship(back_populates="payment", order_by="Refund.id")

    @property
    def parts(self) -> list["Payment"]:
        """Return the receipts of the same money, this one alone where it is for one exhibitor."""
        first = self.first_part or self
        return [first, *first.other_parts]

    @property
    def whole_amount(self) -> Decimal:
        """Return the amount that the bank shows."""
        return sum((part.amount for part in self.parts), Decimal(0))


class Allocation(Model):
    """An amount of a receipt that pays an invoice; a negative one frees it, after a credit note."""

    __tablename__ = "allocations"
    __table_args__ = (CheckConstraint("amount <> 0", name="amount_not_zero"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("sales_documents.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    allocated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    payment: Mapped[Payment] = relationship(back_populates="allocations")
    document: Mapped[SalesDocument] = relationship(back_populates="allocations")

    @property
    def cancelled_at(self) -> datetime | None:
        """Return when its receipt was cancelled: it pays nothing since."""
        return self.payment.cancelled_at


class Refund(Model):
    """Money of a receipt paid back to its payer; cancelled as a receipt is."""

    __tablename__ = "refunds"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    method: Mapped[PaymentMethod]
    refunded_on: Mapped[date]
    reference: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str]
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_on: Mapped[date | None]
    cancel_reason: Mapped[str] = mapped_column(default="")

    payment: Mapped[Payment] = relationship(back_populates="refunds")


class LineOutcome(LabelledEnum):
    """What a treasurer made of a line of a bank statement."""

    RECORDED = "recorded", "Règlement"
    REFUNDED = "refunded", "Remboursement"
    RETURNED = "returned", "Revenu impayé"
    SET_ASIDE = "set_aside", "Écartée"


class StatementLine(Model):
    """A line of an imported bank statement; it waits until an organiser settles it.

    `amount` is negative for a debit. `identity` is the same each time the line is imported.
    `payment`: the receipt that the line is, or that it returns; `refund`: the same of a refund.
    """

    __tablename__ = "statement_lines"
    __table_args__ = (
        UniqueConstraint("edition_id", "identity"),
        UniqueConstraint("payment_id", "outcome"),
        UniqueConstraint("refund_id", "outcome"),
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled_has_its_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    identity: Mapped[str]
    booked_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Money)
    label: Mapped[str]
    payer: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")
    is_return: Mapped[bool] = mapped_column(default=False)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_by: Mapped[str]
    outcome: Mapped[LineOutcome | None]
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[str] = mapped_column(default="")
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"))

    payment: Mapped[Payment | None] = relationship()
    refund: Mapped[Refund | None] = relationship()
