"""An exhibitor, from its application to the end of the fair."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.exhibitors.models.prices import PriceItem
from salon.fair.models import Edition, Hall, Stand, Theme
from salon.platform.database.db import Model, UtcDateTime, at_least, value_in
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.people import Civility
from salon.platform.words.texts import folded

if TYPE_CHECKING:
    from salon.exhibitors.models.documents import Document, TaskAnswer

USUAL_AREA = 9
"""Square metres of a usual stand, which an application begins with."""


class OrganisationKind(LabelledEnum):
    COMPANY = "company", "Entreprise"
    ASSOCIATION = "association", "Association"
    PUBLIC_BODY = "public_body", "Organisme public"


class Sector(LabelledEnum):
    """The category of an exhibitor in the catalogue; two of one sector compete."""

    ROADS = "roads", "Voirie et travaux publics"
    WATER = "water", "Eau et assainissement"
    ENERGY = "energy", "Énergie et éclairage public"
    BUILDING = "building", "Bâtiment et équipements"
    TOWN_PLANNING = "town_planning", "Urbanisme et aménagement"
    DIGITAL = "digital", "Numérique"
    WASTE = "waste", "Déchets et propreté"
    MOBILITY = "mobility", "Mobilité et véhicules"
    GREEN_SPACES = "green_spaces", "Espaces verts et mobilier urbain"
    SAFETY = "safety", "Sécurité et prévention"
    EDUCATION = "education", "École, culture et sport"
    FINANCE = "finance", "Finances, assurance et conseil"
    PUBLIC = "public", "Services publics et associations"


class VatAnswer(LabelledEnum):
    """What VIES answers about a VAT number."""

    VALID = "valid", "valide"
    INVALID = "invalid", "inconnu de VIES"
    UNKNOWN = "unknown", "VIES n’a pas répondu"


class ApplicationStatus(LabelledEnum):
    """State of an application; the moves are in `rules.lifecycle.MOVES`."""

    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "À étudier"
    CHANGES_ASKED = "changes_asked", "À compléter"
    WAITING = "waiting", "Liste d’attente"
    OFFERED = "offered", "Proposition envoyée"
    ACCEPTED = "accepted", "Acceptée"
    REFUSED = "refused", "Refusée"
    WITHDRAWN = "withdrawn", "Retirée"


class ContactKind(LabelledEnum):
    MAIN = "main", "Contact principal"
    BILLING = "billing", "Contact de facturation"
    ON_SITE = "on_site", "Contact sur place"


exhibitor_themes = Table(
    "exhibitor_themes",
    Model.metadata,
    Column("exhibitor_id", ForeignKey("exhibitors.id"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id"), primary_key=True, index=True),
)


class Exhibitor(Model):
    """An application and, once accepted, the exhibitor. Areas in m², power in kW.

    `stand_id` is unique: one stand, one exhibitor. `parent_id` is the pavilion (village) it is a
    member of; a pavilion itself wishes 0 m². `near` and `apart` are names as typed. `search_key` is
    the folded text that the catalogue searches, written with the row. `private_token` opens the
    application and its tracking page. `status_at` of a draft is its last save, to the day.
    `entered_by`: the organiser who entered it, "" for an application made online.
    `vat_check`: the last answer of VIES (vat_number, answer, checked_at, consultation).
    `accepted_regulations_on` is the version agreed to; `regulations_remark`, how and who noted it
    when it was not online.
    """

    __tablename__ = "exhibitors"
    __table_args__ = (
        UniqueConstraint("edition_id", "slug"),
        Index("uq_exhibitors_stand_id", "stand_id", unique=True),
        Index("ix_exhibitors_status", "edition_id", "status"),
        CheckConstraint("stand_id IS NULL OR status = 'accepted'", name="stand_when_accepted"),
        CheckConstraint(
            "(status = 'offered') = (offer_expires_at IS NOT NULL)", name="offer_has_an_end"
        ),
        CheckConstraint("parent_id <> id", name="not_its_own_member"),
        *at_least(0, "area", "power_kw"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitors.id"), index=True)
    stand_id: Mapped[int | None] = mapped_column(ForeignKey("stands.id"))
    private_token: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[ApplicationStatus] = mapped_column(default=ApplicationStatus.DRAFT)
    status_reason: Mapped[str] = mapped_column(default="")
    offer_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_regulations_on: Mapped[date | None]
    regulations_remark: Mapped[str] = mapped_column(default="", server_default="")
    entered_by: Mapped[str] = mapped_column(default="", server_default="")
    status_at: Mapped[datetime] = mapped_column(UtcDateTime)

    siret: Mapped[str] = mapped_column(default="", index=True)
    country: Mapped[str] = mapped_column(default="FR")
    foreign_number: Mapped[str] = mapped_column(default="")
    kind: Mapped[OrganisationKind] = mapped_column(default=OrganisationKind.COMPANY)
    legal_name: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str] = mapped_column(default="", index=True)
    slug: Mapped[str | None]
    address: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    activity: Mapped[str] = mapped_column(default="")
    vat_number: Mapped[str] = mapped_column(default="")
    vat_check: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    website: Mapped[str] = mapped_column(default="")
    sector: Mapped[Sector | None]
    presentation: Mapped[str] = mapped_column(default="")
    search_key: Mapped[str] = mapped_column(default="")
    logo_file: Mapped[str] = mapped_column(default="")

    area: Mapped[int] = mapped_column(default=USUAL_AREA)
    wants_corner: Mapped[bool] = mapped_column(default=False)
    wants_water: Mapped[bool] = mapped_column(default=False)
    power_kw: Mapped[int] = mapped_column(default=0)
    wished_hall_id: Mapped[int | None] = mapped_column(ForeignKey("halls.id"))
    near: Mapped[list[str]] = mapped_column(JSON, default=list)
    apart: Mapped[list[str]] = mapped_column(JSON, default=list)
    wish_note: Mapped[str] = mapped_column(default="")

    __mapper_args__ = {"version_id_col": version}

    edition: Mapped[Edition] = relationship()
    stand: Mapped[Stand | None] = relationship(back_populates="exhibitor")
    wished_hall: Mapped[Hall | None] = relationship()
    parent: Mapped["Exhibitor | None"] = relationship(remote_side=[id], back_populates="members")
    members: Mapped[list["Exhibitor"]] = relationship(
        back_populates="parent", order_by="Exhibitor.name_key"
    )
    themes: Mapped[list[Theme]] = relationship(secondary=exhibitor_themes, order_by=Theme.rank)
    contacts: Mapped[list["Contact"]] = relationship(
        back_populates="exhibitor", order_by="Contact.id"
    )
    co_exhibitors: Mapped[list["CoExhibitor"]] = relationship(order_by="CoExhibitor.id")
    options: Mapped[list["WantedOption"]] = relationship(order_by="WantedOption.id")
    documents: Mapped[list["Document"]] = relationship(
        back_populates="exhibitor", order_by="Document.id"
    )
    task_answers: Mapped[list["TaskAnswer"]] = relationship(back_populates="exhibitor")
    safety: Mapped[object | None] = relationship("SafetyForm", back_populates="exhibitor")
    billing: Mapped[object | None] = relationship("BillingDetails")
    sale: Mapped[Any | None] = relationship(
        "Sale", back_populates="exhibitor", foreign_keys="Sale.exhibitor_id"
    )
    sales: Mapped[list[Any]] = relationship(
        "SalesDocument", back_populates="exhibitor", order_by="SalesDocument.id"
    )
    invitations: Mapped[list["Invitation"]] = relationship(order_by="Invitation.id")
    staff: Mapped[list[Any]] = relationship(
        "Attendee",
        primaryjoin="and_(Attendee.exhibitor_id == Exhibitor.id, Attendee.status == 'registered')",
        order_by="Attendee.name_key",
        viewonly=True,
    )

    def note_saved(self, at: datetime) -> None:
        """Date a draft by its last save, from which its lifetime runs."""
        if self.status == ApplicationStatus.DRAFT and at - self.status_at > timedelta(days=1):
            self.status_at = at

    @property
    def is_public_body(self) -> bool:
        return self.kind == OrganisationKind.PUBLIC_BODY

    @property
    def is_pavilion(self) -> bool:
        return self.area == 0

    @property
    def is_paid_by_another(self) -> bool:
        """Return whether its lines are billed to the exhibitor who leads its pavilion."""
        return self.sale is not None and self.sale.payer_id is not None

    def contact(self, kind: ContactKind) -> "Contact | None":
        """Return the contact of this kind; the main one if there is none, or if it was erased."""
        by_kind = {contact.kind: contact for contact in self.contacts}
        requested = by_kind.get(kind)
        return requested if requested and requested.email else by_kind.get(ContactKind.MAIN)


@event.listens_for(Exhibitor, "before_insert")
@event.listens_for(Exhibitor, "before_update")
def _write_search_key(mapper: object, connection: object, row: Exhibitor) -> None:
    row.search_key = search_key_of(row.name, row.activity, row.sector, row.presentation)


def search_key_of(
    name: str | None, activity: str | None, sector: Sector | None, presentation: str | None
) -> str:
    """Return the folded text that the catalogue searches."""
    label = Sector(sector).label if sector else ""
    return folded(" ".join(word or "" for word in (name, activity, label, presentation)))


class Contact(Model):
    """A person to write to; signs in to the exhibitor's space with this address."""

    __tablename__ = "exhibitor_contacts"
    __table_args__ = (
        UniqueConstraint("exhibitor_id", "kind"),
        value_in("civility", Civility, ""),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"))
    kind: Mapped[ContactKind] = mapped_column(default=ContactKind.MAIN)
    civility: Mapped[str] = mapped_column(default="")
    first_name: Mapped[str] = mapped_column(default="")
    last_name: Mapped[str] = mapped_column(default="")
    function: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    email_key: Mapped[str] = mapped_column(default="", index=True)
    phone: Mapped[str] = mapped_column(default="")

    exhibitor: Mapped[Exhibitor] = relationship(back_populates="contacts")

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class CoExhibitor(Model):
    """Another company on the same stand, named in the catalogue."""

    __tablename__ = "co_exhibitors"

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"), index=True)
    name: Mapped[str]
    name_key: Mapped[str]
    presentation: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")


class WantedOption(Model):
    """An option of the price list and the quantity that an exhibitor wants."""

    __tablename__ = "wanted_options"
    __table_args__ = (
        UniqueConstraint("exhibitor_id", "price_item_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"))
    price_item_id: Mapped[int] = mapped_column(ForeignKey("price_items.id"), index=True)
    quantity: Mapped[int]

    item: Mapped[PriceItem] = relationship()


class Invitation(Model):
    """A code that an exhibitor sends to customers; `quota` None is no limit."""

    __tablename__ = "invitations"
    __table_args__ = (CheckConstraint("quota > 0", name="quota_above_zero"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    quota: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    exhibitor: Mapped[Exhibitor] = relationship(back_populates="invitations")
    guests: Mapped[list[object]] = relationship(
        "Attendee",
        primaryjoin="and_(Attendee.invitation_id == Invitation.id,"
        " Attendee.status == 'registered')",
        viewonly=True,
    )


class CompanyRecord(Model):
    """Cached answer of the State's company register for a SIRET."""

    __tablename__ = "company_records"

    siret: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[dict[str, object]] = mapped_column(JSON)
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)
