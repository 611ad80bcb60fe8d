"""An edition, its days, its words in messages."""

import secrets
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.platform.database.consequences import Standing
from salon.platform.database.db import Model, UtcDateTime
from salon.platform.settings.clock import paris
from salon.platform.words import formats
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.territory import CLOCKS, MAINLAND_ZONE, get_department

if TYPE_CHECKING:
    from salon.fair.models.floor import Hall
    from salon.fair.models.zones import Door


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
    Colours are « #rrggbb », "" for the product's own; `logo_name` is that of a stored file, and
    `picture_name` that of the home page's picture, with a smaller copy, what it shows, its credit.
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
    picture_name: Mapped[str] = mapped_column(default="", server_default="")
    small_picture_name: Mapped[str] = mapped_column(default="", server_default="")
    picture_alt: Mapped[str] = mapped_column(default="", server_default="")
    picture_credit: Mapped[str] = mapped_column(default="", server_default="")
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
        """Return the name of the village, as a heading; without its own, with its département."""
        if self.village_name == DEFAULT_VILLAGE and self.department:
            return f"Le village {get_department(self.department).name}"
        return self.village_name[:1].upper() + self.village_name[1:]

    @property
    def landscape(self) -> str:
        """Return the name of the drawn picture: the coast of département 34, or a countryside."""
        return "landscape.svg" if self.department == "34" else "countryside.svg"

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
    def of_announced_days(self) -> str:
        """Return the days announced last, after a noun: « l’édition du jeudi 7 au vendredi 8 »."""
        return formats.of_days([day.day_on for day in self.days])

    @property
    def on_announced_days(self) -> str:
        """Return the days announced last, when something takes place on them: « le jeudi 7 »."""
        return formats.on_days([day.day_on for day in self.days])

    @property
    def day_label(self) -> str:
        return "date à venir" if self.is_postponed else self.announced_days

    @property
    def hours_label(self) -> str:
        """Return « 9 h – 18 h », or the hours of each day, in order, where they differ; overseas,
        with the clock that they are read on."""
        if self.is_postponed:
            return "horaires à venir"
        return self.hours_of([day.day_on for day in self.days])

    def hours_of(self, days: Collection[date]) -> str:
        """Return the hours of some of the days."""
        hours = [
            f"{formats.hour(day.opens_at)} – {formats.hour(day.closes_at)}"
            for day in self.days
            if day.day_on in days
        ]
        words = hours[0] if len(set(hours)) == 1 else ", puis ".join(hours)
        return f"{words}, {self.clock_words}" if self.clock_words else words

    @property
    def clock_words(self) -> str:
        """Return « heure de La Réunion », "" on the mainland."""
        return CLOCKS.get(self.time_zone, "")


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


def utc_offset_on(day_on: date, zone: str) -> int:
    """Return how far the clocks of a zone are from UTC at noon that day, in minutes."""
    noon = datetime.combine(day_on, time(12), ZoneInfo(zone))
    return int((noon.utcoffset() or timedelta()).total_seconds()) // 60


def _utc_offset(context: DefaultExecutionContext) -> int:
    """Return that of a day about to be added."""
    day = context.get_current_parameters()
    zone = select(Edition.time_zone).where(Edition.id == day["edition_id"])
    return utc_offset_on(day["day_on"], context.connection.scalars(zone).one())


class EditionDay(Model):
    """A day of opening; hours are wall-clock times of its edition.

    `utc_offset`: of its clocks, in minutes, for the walls of the days.
    """

    __tablename__ = "edition_days"
    __table_args__ = (
        UniqueConstraint("edition_id", "day_on"),
        CheckConstraint("opens < closes", name="opens_before_closes"),
        CheckConstraint("utc_offset BETWEEN -720 AND 840", name="utc_offset_of_a_zone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    day_on: Mapped[date]
    opens: Mapped[time]
    closes: Mapped[time]
    utc_offset: Mapped[int] = mapped_column(default=_utc_offset, server_default="0")

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
