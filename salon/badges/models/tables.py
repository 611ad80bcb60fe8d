"""Tables of registration and badges."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from salon.badges.models.badge_layouts import Layout
from salon.badges.models.code_hash import hash_of_code
from salon.badges.models.labels import Function, HalfDay, Purpose
from salon.badges.models.visit_days import days_visited
from salon.platform.database.db import Model, UtcDateTime, at_least, value_in
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.people import Civility
from salon.platform.words.search import sounds_of
from salon.platform.work.jobs import FileJob


class Category(LabelledEnum):
    """Category of a badge: a word, which agrees with its holder, and a colour."""

    colour: str
    feminine: str
    neutral: str

    def __new__(
        cls, value: str, label: str = "", colour: str = "", feminine: str = "", neutral: str = ""
    ) -> Self:
        member = str.__new__(cls, value)
        member._value_, member.label, member.colour = value, label, colour
        member.feminine, member.neutral = feminine or label, neutral or label
        return member

    VISITOR = "visitor", "Visiteur", "#0B5670", "Visiteuse", "Visiteur(se)"
    ELECTED = "elected", "Élu", "#2440A8", "Élue", "Élu(e)"
    EXHIBITOR = "exhibitor", "Exposant", "#3F6B2E", "Exposante", "Exposant(e)"
    AGENT = "agent", "Agent", "#5B3E8C", "Agente", "Agent(e)"
    ORGANISER = "organiser", "Organisation", "#14232E"
    PRESS = "press", "Presse", "#B4540A"
    GUEST = "guest", "Invité officiel", "#7A5C00", "Invitée officielle", "Invité(e) officiel(le)"

    def word(self, civility: str) -> str:
        """Return the word printed on the badge of a person."""
        if civility == Civility.MADAME:
            return self.feminine
        return self.label if civility == Civility.MONSIEUR else self.neutral


class AttendeeStatus(LabelledEnum):
    REGISTERED = "registered", "Inscrit"
    CANCELLED = "cancelled", "Annulé"
    REPLACED = "replaced", "Remplacé"
    ERASED = "erased", "Effacé"


class Epci(Model):
    """An intercommunalité; `kind` is CC, CA, CU or Métropole."""

    __tablename__ = "epcis"

    siren: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]


class Commune(Model):
    """A commune, by its INSEE code (State's edition of early 2026)."""

    __tablename__ = "communes"
    __table_args__ = at_least(0, "population")

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    search_key: Mapped[str] = mapped_column(index=True)
    postal_codes: Mapped[str]
    siren: Mapped[str]
    population: Mapped[int]
    arrondissement: Mapped[str]
    epci_siren: Mapped[str | None] = mapped_column(ForeignKey("epcis.siren"))

    epci: Mapped[Epci | None] = relationship()

    @property
    def epci_name(self) -> str:
        """Return the name of its EPCI, "" on the few islands that have none."""
        return self.epci.name if self.epci is not None else ""


class Group(Model):
    """People registered in one go by one contact (dossier); one person is a group of one."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    contact_email: Mapped[str]
    private_token: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    attendees: Mapped[list["Attendee"]] = relationship(
        back_populates="group", order_by="Attendee.id"
    )


def _sounds_of_name(context: DefaultExecutionContext) -> str:
    return sounds_of(context.get_current_parameters()["name_key"])


class Attendee(Model):
    """A person expected at an edition. `email_key` and `name_key` are one person's; namesakes of an
    address have a number at the end of theirs. `sound_key` follows `name_key`, for fuzzy search.

    One of commune, EPCI or organisation is the place the person represents. `exhibitor_id`: staff
    of that exhibitor's stand, besides their own registration; `agent_id`: that agent of the
    village, likewise; `invitation_id`: the exhibitor's invitation used to register;
    `visit_days`: the days on which they come (ISO 8601, parted by spaces), "" for all of them;
    `notice_version`: the version of the privacy notice that they read, "" if another registered
    them; `eve_told_on`: the day of the fair whose eve they were told of.
    """

    __tablename__ = "attendees"
    __table_args__ = (
        Index(
            "uq_attendees_person",
            "edition_id",
            "email_key",
            "name_key",
            unique=True,
            sqlite_where=text(
                "status = 'registered' AND exhibitor_id IS NULL AND agent_id IS NULL"
            ),
            postgresql_where=text(
                "status = 'registered' AND exhibitor_id IS NULL AND agent_id IS NULL"
            ),
        ),
        Index(
            "uq_attendees_agent",
            "agent_id",
            unique=True,
            sqlite_where=text("status = 'registered'"),
            postgresql_where=text("status = 'registered'"),
        ),
        Index(
            "uq_attendees_staff",
            "exhibitor_id",
            "email_key",
            "name_key",
            unique=True,
            sqlite_where=text("status = 'registered'"),
            postgresql_where=text("status = 'registered'"),
        ),
        Index("ix_attendees_name", "edition_id", "name_key"),
        Index("ix_attendees_sound", "edition_id", "sound_key", "name_key"),
        value_in("status", AttendeeStatus),
        value_in("category", Category),
        value_in("civility", Civility, ""),
        value_in("function", Function),
        value_in("half_day", HalfDay),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(default=AttendeeStatus.REGISTERED)
    category: Mapped[str] = mapped_column(default=Category.VISITOR, index=True)
    civility: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    name_key: Mapped[str]
    sound_key: Mapped[str] = mapped_column(default=_sounds_of_name)
    function: Mapped[str]
    function_other: Mapped[str] = mapped_column(default="")
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"), index=True)
    epci_siren: Mapped[str | None] = mapped_column(ForeignKey("epcis.siren"), index=True)
    organisation: Mapped[str] = mapped_column(default="")
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(index=True)
    phone: Mapped[str] = mapped_column(default="")
    half_day: Mapped[str] = mapped_column(default=HalfDay.WHOLE_DAY)
    visit_days: Mapped[str] = mapped_column(default="", server_default="")
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    needs_note: Mapped[str] = mapped_column(default="")
    is_vip: Mapped[bool] = mapped_column(default=False)
    notice_version: Mapped[str] = mapped_column(default="")
    registered_by: Mapped[str]
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    exhibitor_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitors.id"), index=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"), index=True)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("attendees.id"))
    eve_told_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": version}

    group: Mapped[Group] = relationship(back_populates="attendees")
    commune: Mapped[Commune | None] = relationship()
    epci: Mapped[Epci | None] = relationship()
    replaced_by: Mapped["Attendee | None"] = relationship(remote_side=[id])
    badges: Mapped[list["Badge"]] = relationship(back_populates="attendee", order_by="Badge.id")
    consents: Mapped[list["Consent"]] = relationship(order_by="Consent.id")

    @validates("name_key")
    def _follow_name(self, _: str, name_key: str) -> str:
        self.sound_key = sounds_of(name_key)
        return name_key

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def days_among(self, days: Iterable[date]) -> list[date]:
        """Return on which of the days of the fair this person comes."""
        return days_visited(self.visit_days, days)

    @property
    def on_behalf_of(self) -> str:
        """The commune, the EPCI or the organisation, as printed on the badge."""
        if self.commune is not None:
            return self.commune.name
        return self.epci.name if self.epci is not None else self.organisation


MERGED = "merged"
"""Revocation reason of the badge of a registration that was merged into another."""


def _digest_of_code(context: DefaultExecutionContext) -> str:
    return hash_of_code(context.get_current_parameters()["code"])


class Badge(Model):
    """A badge. `code` is in the QR (see `engine.codes`); `private_token` opens its page.

    `code_hash` is its SHA-256 (hexadecimal), which a station without network stores and sends. At
    most one badge of an attendee is valid.
    """

    __tablename__ = "badges"
    __table_args__ = (
        Index(
            "uq_badges_valid",
            "attendee_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    code_hash: Mapped[str] = mapped_column(unique=True, default=_digest_of_code)
    private_token: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_reason: Mapped[str] = mapped_column(default="")

    attendee: Mapped[Attendee] = relationship(back_populates="badges")
    printings: Mapped[list["Printing"]] = relationship(order_by="Printing.id")

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None

    @property
    def is_merged(self) -> bool:
        """Return whether its holder shows the badge of another of their registrations instead."""
        return self.revoked_at is not None and self.revoked_reason == MERGED


class Consent(Model):
    """A person's consent: one purpose, the version of the text read, when given, when withdrawn."""

    __tablename__ = "consents"
    __table_args__ = (value_in("purpose", Purpose),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), index=True)
    purpose: Mapped[str]
    text_version: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PrintRun(FileJob, Model):
    """A batch of badges to print: its filters, its progress, its file.

    Its row is locked before badges: the end of a run names each badge that it printed.
    """

    __tablename__ = "print_runs"
    __table_args__ = (value_in("layout", Layout), *at_least(0, "attempts", "total", "done"))
    is_gate = True

    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    layout: Mapped[str]


class Printing(Model):
    """One printing of a badge. It does not count as an entry."""

    __tablename__ = "printings"

    id: Mapped[int] = mapped_column(primary_key=True)
    badge_id: Mapped[int] = mapped_column(ForeignKey("badges.id"), index=True)
    print_run_id: Mapped[int | None] = mapped_column(ForeignKey("print_runs.id"), index=True)
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    printed_by: Mapped[str]
