"""Tables of the fair. Lengths in metres, areas in m²."""

import secrets
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.platform import formats
from salon.platform.clock import paris
from salon.platform.consequences import Standing
from salon.platform.db import Model, UtcDateTime, above_zero, at_least
from salon.platform.labels import LabelledEnum
from salon.platform.territory import MAINLAND_ZONE

CODE_KEY_BYTES = 32
DEFAULT_VILLAGE = "le village"


def _new_code_key() -> bytes:
    return secrets.token_bytes(CODE_KEY_BYTES)


class EditionState(LabelledEnum):
    """State of an edition, set by the organisers."""

    DRAFT = "draft", "Brouillon"
    OPEN = "open", "Ouverte"
    HELD = "held", "Tenue"
    CLOSED = "closed", "Clôturée"


class PhoneAsked(LabelledEnum):
    """Whether somebody who registers alone gives a telephone number."""

    NO = "no", "Non"
    OPTIONAL = "optional", "Oui, s’ils le veulent"
    REQUIRED = "required", "Oui, il le faut"


class Edition(Model):
    """One holding of the fair. At most one is current: the one that the public sees.

    `figures` is a list of {value, label}, `practical` of {title, text} (texts in Markdown);
    `texts` holds the texts of the public pages that the organiser changed, by key (see
    `rules.texts`). `latitude`, `longitude` in degrees (WGS 84), both or none.
    `legal` holds the legal notices given on the pages, by field of `LegalNotice`.
    Colours are « #rrggbb », "" for the product's own; `logo_name` is that of a stored file.
    `standing`: whether the fair takes place on its days, which stay those announced last.
    `department` is an INSEE code, "" while none is chosen; `village_name` has its article, for
    sentences; `time_zone` is an IANA name. `code_key` signs the badge codes of the edition; only
    doors receive it.
    """

    __tablename__ = "editions"
    __table_args__ = (
        Index("uq_editions_is_current", "is_current", unique=True),
        CheckConstraint("is_current", name="is_current_true_or_null"),
        CheckConstraint(
            "is_current IS NULL OR state IN ('open', 'held')", name="only_open_or_held_is_current"
        ),
        CheckConstraint(
            "registration_opens_at < registration_closes_at", name="opens_before_closing"
        ),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_in_degrees"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_in_degrees"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_map_point"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str]
    place: Mapped[str]
    address: Mapped[str]
    city: Mapped[str]
    organiser: Mapped[str]
    registration_opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registration_closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    access: Mapped[str] = mapped_column(default="")
    figures: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    practical: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    latitude: Mapped[float | None] = mapped_column(default=None)
    longitude: Mapped[float | None] = mapped_column(default=None)
    contact_email: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    legal: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    main_colour: Mapped[str] = mapped_column(default="")
    accent_colour: Mapped[str] = mapped_column(default="")
    logo_name: Mapped[str] = mapped_column(default="")
    phone_asked: Mapped[PhoneAsked] = mapped_column(default=PhoneAsked.OPTIONAL)
    department: Mapped[str] = mapped_column(default="")
    village_name: Mapped[str] = mapped_column(default=DEFAULT_VILLAGE)
    time_zone: Mapped[str] = mapped_column(default=MAINLAND_ZONE)
    state: Mapped[EditionState] = mapped_column(default=EditionState.DRAFT)
    standing: Mapped[Standing] = mapped_column(default=Standing.AS_PLANNED)
    is_current: Mapped[bool | None] = mapped_column(default=None)
    code_key: Mapped[bytes] = mapped_column(default=_new_code_key, deferred=True)

    days: Mapped[list["EditionDay"]] = relationship(
        back_populates="edition", order_by="EditionDay.day_on"
    )
    halls: Mapped[list["Hall"]] = relationship(
        primaryjoin="and_(Edition.id == Hall.edition_id, Hall.closed_at.is_(None))",
        order_by="Hall.name",
    )
    doors: Mapped[list["Door"]] = relationship(order_by="Door.code")

    @property
    def starts_at(self) -> datetime:
        return self.days[0].opens_at

    @property
    def ends_at(self) -> datetime:
        return self.days[-1].closes_at

    @property
    def village_title(self) -> str:
        """Return the name of the village, as a heading."""
        return self.village_name[:1].upper() + self.village_name[1:]

    @property
    def is_postponed(self) -> bool:
        """Return whether the fair is postponed to a date that is not known yet."""
        return self.standing == Standing.POSTPONED

    @property
    def is_cancelled(self) -> bool:
        return self.standing == Standing.CANCELLED

    @property
    def is_as_planned(self) -> bool:
        return self.standing == Standing.AS_PLANNED

    def is_over(self, at: datetime) -> bool:
        """Return whether the last day is past; a postponed fair is never over."""
        return not self.is_postponed and self.ends_at <= at

    @property
    def announced_days(self) -> str:
        """Return the days announced last, even when they no longer hold."""
        return formats.days([day.day_on for day in self.days])

    @property
    def day_label(self) -> str:
        return "date à venir" if self.is_postponed else self.announced_days

    @property
    def hours_label(self) -> str:
        """Return « 9 h – 18 h », or the hours of each day, in order, where they differ."""
        if self.is_postponed:
            return "horaires à venir"
        hours = [
            f"{formats.hour(day.opens_at)} – {formats.hour(day.closes_at)}" for day in self.days
        ]
        return hours[0] if len(set(hours)) == 1 else ", puis ".join(hours)


class MailSettings(Model):
    """The organiser's words in the messages of an edition; "" for the product's own.

    `texts`: {subject, opening, closing} by kind of message, those that were written again.
    """

    __tablename__ = "mail_settings"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    sender_name: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(default="")
    signature: Mapped[str] = mapped_column(default="")
    texts: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)

    @property
    def id(self) -> int:
        return self.edition_id


class EditionDay(Model):
    """A day of opening; hours are wall-clock times of its edition."""

    __tablename__ = "edition_days"
    __table_args__ = (
        UniqueConstraint("edition_id", "day_on"),
        CheckConstraint("opens < closes", name="opens_before_closes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    day_on: Mapped[date]
    opens: Mapped[time]
    closes: Mapped[time]

    edition: Mapped["Edition | None"] = relationship(back_populates="days")

    @property
    def opens_at(self) -> datetime:
        return paris(self.day_on, self.opens, self._zone)

    @property
    def closes_at(self) -> datetime:
        return paris(self.day_on, self.closes, self._zone)

    @property
    def _zone(self) -> str:
        return self.edition.time_zone if self.edition is not None else ""


class StandCategory(LabelledEnum):
    """Category of a stand, which decides the price of its m² (price list)."""

    STANDARD = "standard", "Équipé"
    PREMIUM = "premium", "Équipé, allée d’entrée"
    BARE = "bare", "Surface nue"


class Hall(Model):
    """A hall at its real size; `x`, `y` place it on the plan of the park.

    `aisle` is the least width between two stands that do not touch; `power_kw` and `has_water` are
    what it supplies to a stand. `version` grows with each change of its stands or their occupants.
    `closed_at`: since when the fair does without it; its stands are on no plan and go to nobody.
    """

    __tablename__ = "halls"
    __table_args__ = (
        UniqueConstraint("edition_id", "name"),
        *above_zero("width", "depth", "area"),
        *at_least(0, "aisle", "power_kw"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    width: Mapped[float]
    depth: Mapped[float]
    area: Mapped[float]
    x: Mapped[float] = mapped_column(default=0)
    y: Mapped[float] = mapped_column(default=0)
    aisle: Mapped[float] = mapped_column(default=3)
    power_kw: Mapped[int] = mapped_column(default=9)
    has_water: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    stands: Mapped[list["Stand"]] = relationship(back_populates="hall", order_by="Stand.number")


class Stand(Model):
    """A stand; `x`, `y` from the north-west corner of its hall. Power in kW, 0 for none.

    Open sides are computed from the plan (`geometry.open_sides`).
    """

    __tablename__ = "stands"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        *above_zero("width", "depth"),
        *at_least(0, "power_kw"),
        CheckConstraint("x > -0.01 AND y > -0.01", name="inside_the_walls"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    hall_id: Mapped[int] = mapped_column(ForeignKey("halls.id"))
    number: Mapped[str]
    x: Mapped[float]
    y: Mapped[float]
    width: Mapped[float]
    depth: Mapped[float]
    power_kw: Mapped[int] = mapped_column(default=0)
    has_water: Mapped[bool] = mapped_column(default=False)
    is_accessible: Mapped[bool] = mapped_column(default=True)
    category: Mapped[StandCategory] = mapped_column(default=StandCategory.STANDARD)

    hall: Mapped[Hall] = relationship(back_populates="stands")
    body: Mapped["PartnerBody | None"] = relationship(
        primaryjoin="and_(Stand.id == PartnerBody.stand_id, PartnerBody.withdrawn_at.is_(None))",
        back_populates="stand",
        uselist=False,
    )
    exhibitor: Mapped[Any] = relationship("Exhibitor", back_populates="stand", uselist=False)

    @property
    def area(self) -> float:
        return self.width * self.depth


class PartnerBody(Model):
    """A body of the village (the Département or a partner), with its stand.

    `withdrawn_at`: since when it takes no part; its stand may be another's.
    """

    __tablename__ = "partner_bodies"
    __table_args__ = (
        UniqueConstraint("edition_id", "slug"),
        Index(
            "uq_partner_bodies_stand_id",
            "stand_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        *at_least(0, "rank"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    stand_id: Mapped[int] = mapped_column(ForeignKey("stands.id"))
    slug: Mapped[str]
    name: Mapped[str]
    short_name: Mapped[str]
    topics: Mapped[str]
    presentation: Mapped[str]
    rank: Mapped[int]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    stand: Mapped[Stand] = relationship(back_populates="body")
    themes: Mapped[list["Theme"]] = relationship(
        primaryjoin="and_(PartnerBody.id == Theme.body_id, Theme.withdrawn_at.is_(None))",
        back_populates="body",
        order_by="Theme.rank",
    )


class Theme(Model):
    """A subject that mayors come to ask about.

    `figures` is a list of {value, label}, `links` of {label, address}. `withdrawn_at`: since when
    nobody answers it.
    """

    __tablename__ = "themes"
    __table_args__ = (UniqueConstraint("edition_id", "slug"), *at_least(0, "rank"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("partner_bodies.id"))
    slug: Mapped[str]
    name: Mapped[str]
    summary: Mapped[str]
    details: Mapped[list[str]] = mapped_column(JSON, default=list)
    figures: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    rank: Mapped[int]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    body: Mapped[PartnerBody] = relationship(back_populates="themes")
    files: Mapped[list["FairFile"]] = relationship(order_by="FairFile.id")


class Room(Model):
    """A place of the programme; `seats` None when it is not limited (a hall, an entrance)."""

    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("edition_id", "name"), *above_zero("seats"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    name: Mapped[str]
    seats: Mapped[int | None] = mapped_column(default=None)


class ProgrammeItem(Model):
    """An event at an hour in a room; `speakers` is a list of {name, role}, as published."""

    __tablename__ = "programme_items"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="starts_before_ending"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    title: Mapped[str]
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"), default=None)
    summary: Mapped[str] = mapped_column(default="")
    speakers: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)

    room: Mapped[Room] = relationship(lazy="joined", innerjoin=True)
    theme: Mapped[Theme | None] = relationship()
    files: Mapped[list["FairFile"]] = relationship(order_by="FairFile.id")


class FairFile(Model):
    """A document that the public downloads from a theme or from an item of the programme."""

    __tablename__ = "fair_files"
    __table_args__ = (
        CheckConstraint("(theme_id IS NULL) <> (item_id IS NULL)", name="of_theme_or_item"),
        *above_zero("size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"), index=True, default=None)
    item_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme_items.id"), index=True, default=None
    )
    label: Mapped[str]
    name: Mapped[str]
    stored_name: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    size: Mapped[int]


class ZoneKind(LabelledEnum):
    FAIR = "fair", "Le salon"
    CONFERENCE = "conference", "Conférence"
    LOUNGE = "lounge", "Espace réservé"
    STAND = "stand", "Stand"


class Zone(Model):
    """A place behind doors, with its rules of entry.

    `kind` FAIR: the whole fair, at most one an edition; other zones lie inside it and count the
    people inside. `admits`: badge categories, empty when all are. Before `opens_at` only
    `early_admits` enter, from `early_from`; after `closes_at` nobody enters. `capacity`: most
    people at once. `is_strict`: refuse people without the right to enter; otherwise admit them with
    a warning.
    """

    __tablename__ = "zones"
    __table_args__ = (
        UniqueConstraint("edition_id", "label"),
        Index(
            "uq_zones_fair",
            "edition_id",
            unique=True,
            sqlite_where=text("kind = 'fair'"),
            postgresql_where=text("kind = 'fair'"),
        ),
        CheckConstraint("capacity > 0", name="some_capacity"),
        CheckConstraint("opens_at < closes_at", name="opens_before_closing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[ZoneKind]
    label: Mapped[str]
    admits: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_vip_only: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int | None]
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    early_admits: Mapped[list[str]] = mapped_column(JSON, default=list)
    early_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_strict: Mapped[bool] = mapped_column(default=True)
    stand_id: Mapped[int | None] = mapped_column(ForeignKey("stands.id"), unique=True)

    __mapper_args__ = {"version_id_col": version}

    stand: Mapped["Stand | None"] = relationship()


class Door(Model):
    """A place where badges are scanned; `admits` lists badge categories, empty for all.

    `zone_id` None: a door of the fair itself, without other rules.
    """

    __tablename__ = "doors"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    code: Mapped[str]
    label: Mapped[str]
    admits: Mapped[list[str]] = mapped_column(JSON, default=list)
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zones.id"), index=True)

    zone: Mapped[Zone | None] = relationship()

    @property
    def admitted_categories(self) -> list[str]:
        """Return the categories admitted by both the door and its zone; empty for all."""
        of_zone = self.zone.admits if self.zone else []
        if self.admits and of_zone:
            return [category for category in self.admits if category in of_zone]
        return list(self.admits or of_zone)
