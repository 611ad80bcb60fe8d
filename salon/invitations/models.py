"""Invitations of organisations to an edition."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.accounts.models import Account
from salon.exhibitors.models import Exhibitor
from salon.platform.database.db import Model, UtcDateTime, value_in
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.people import Civility, polite_name


class InvitedKind(LabelledEnum):
    EXHIBITOR = "exhibitor", "Exposant"
    PLACE = "place", "Commune ou EPCI"
    OTHER = "other", "Autre invité"

    @property
    def words(self) -> tuple[str, str]:
        """Return the label for one, and for several."""
        return {
            InvitedKind.EXHIBITOR: ("exposant", "exposants"),
            InvitedKind.PLACE: ("commune ou EPCI", "communes et EPCI"),
            InvitedKind.OTHER: ("autre invité", "autres invités"),
        }[self]


class OrganisationInvitation(Model):
    """An organisation written to about an edition: a former exhibitor, a commune, an EPCI, or
    another one that is invited.

    It holds its own name and address, so that it outlives the data of the earlier edition.
    `sent_at` is None while the organisation is followed but not written to. `opened_at`: its page
    was first opened; `declined_at`: it does not come this time, for `decline_reason`; `opposed_at`:
    this address wants no more invitations, of any edition. `email_hash`, the SHA-256 of the address
    as compared, keeps an opposition known after the address is gone. `follower_id`: the organiser
    who follows it, with a note and the day of the next call.
    """

    __tablename__ = "organisation_invitations"
    __table_args__ = (
        UniqueConstraint("edition_id", "exhibitor_id"),
        UniqueConstraint("edition_id", "commune_code"),
        UniqueConstraint("edition_id", "epci_siren"),
        UniqueConstraint("edition_id", "guest_id"),
        CheckConstraint(
            "(CASE WHEN exhibitor_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN commune_code IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN epci_siren IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN guest_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_organisation",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    exhibitor_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitors.id"), index=True)
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"), index=True)
    epci_siren: Mapped[str | None] = mapped_column(ForeignKey("epcis.siren"), index=True)
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("guests.id"), index=True)
    name: Mapped[str]
    email: Mapped[str]
    email_hash: Mapped[str] = mapped_column(index=True)
    private_token: Mapped[str] = mapped_column(unique=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decline_reason: Mapped[str] = mapped_column(default="", server_default="")
    follower_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    note: Mapped[str] = mapped_column(default="", server_default="")
    next_call_on: Mapped[date | None]

    follower: Mapped[Account | None] = relationship()
    exhibitor: Mapped[Exhibitor | None] = relationship()

    @property
    def kind(self) -> InvitedKind:
        if self.guest_id is not None:
            return InvitedKind.OTHER
        return InvitedKind.PLACE if self.exhibitor_id is None else InvitedKind.EXHIBITOR

    @property
    def key(self) -> str:
        """Return the key of its organisation: `exhibitor:12`, `commune:34032`, `epci:243400769`,
        `guest:7`."""
        if self.guest_id is not None:
            return f"guest:{self.guest_id}"
        return organisation_key(self.exhibitor_id, self.commune_code, self.epci_siren)


class Guest(Model):
    """Another organisation that is invited: a State service, a partner, the press, a guest.

    Of no edition. `kind`: as the organiser names it; `name_key`: its name as compared; `source`:
    the list that it comes from, of which `dated_on` is the day.
    """

    __tablename__ = "guests"
    __table_args__ = (
        UniqueConstraint("name_key"),
        value_in("contact_civility", Civility, ""),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    name_key: Mapped[str]
    contact_civility: Mapped[str] = mapped_column(default="")
    contact_first_name: Mapped[str] = mapped_column(default="")
    contact_last_name: Mapped[str] = mapped_column(default="")
    contact_function: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    dated_on: Mapped[date | None]
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def key(self) -> str:
        """Return the key of its invitation: `guest:7`."""
        return f"guest:{self.id}"

    @property
    def contact(self) -> str:
        """Return « Mme Agnès Roqueblave », "" where nobody is named."""
        name = f"{self.contact_first_name} {self.contact_last_name}".strip()
        return polite_name(self.contact_civility, name) if name else ""


class BookFilterSet(Model):
    """Filters of « Communes et EPCI » under a name, shared by the organisers of an edition.

    `query`: the filters and the order, as in the address of the page.
    """

    __tablename__ = "book_filters"
    __table_args__ = (UniqueConstraint("edition_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    name: Mapped[str]
    query: Mapped[str]


def organisation_key(
    exhibitor_id: int | None, commune_code: str | None, epci_siren: str | None
) -> str:
    if exhibitor_id is not None:
        return f"exhibitor:{exhibitor_id}"
    return f"commune:{commune_code}" if commune_code else f"epci:{epci_siren}"


class LocalAuthority(Model):
    """A commune or an EPCI in the book: the address of its seat, and who heads it.

    Of no edition. `address_source` and `head_source` name the lists that they come from, of which
    `address_dated_on` and `head_dated_on` are the days; `head_since`: first day of the function.
    `erased_hashes`: SHA-256 of names and addresses erased at the person's request, which no list
    brings back.
    """

    __tablename__ = "local_authorities"
    __table_args__ = (
        value_in("head_civility", Civility, ""),
        CheckConstraint(
            "(commune_code IS NULL) <> (epci_siren IS NULL)", name="one_commune_or_epci"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_code: Mapped[str | None] = mapped_column(
        ForeignKey("communes.code", ondelete="CASCADE"), unique=True
    )
    epci_siren: Mapped[str | None] = mapped_column(
        ForeignKey("epcis.siren", ondelete="CASCADE"), unique=True
    )
    street: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    canton: Mapped[str] = mapped_column(default="", server_default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    head_civility: Mapped[str] = mapped_column(default="")
    head_first_name: Mapped[str] = mapped_column(default="")
    head_last_name: Mapped[str] = mapped_column(default="")
    head_since: Mapped[date | None]
    address_source: Mapped[str] = mapped_column(default="")
    address_dated_on: Mapped[date | None]
    head_source: Mapped[str] = mapped_column(default="")
    head_dated_on: Mapped[date | None]
    erased_hashes: Mapped[list[str]] = mapped_column(JSON, default=list)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def key(self) -> str:
        """Return the key of its invitation: `commune:34032`, `epci:243400769`."""
        return organisation_key(None, self.commune_code, self.epci_siren)

    @property
    def head(self) -> str:
        """Return « Mme Agnès Roqueblave », "" where nobody is named."""
        name = f"{self.head_first_name} {self.head_last_name}".strip()
        return polite_name(self.head_civility, name) if name else ""

    @property
    def postal_address(self) -> str:
        town = f"{self.postal_code} {self.city}".strip()
        return ", ".join(filter(None, (self.street, town)))
