"""Tables of accounts, sign-ins, single-use codes, stations and read tokens.

Random secrets are stored as SHA-256; TOTP secrets, which must be read again, are encrypted.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.platform.database.db import Model, UtcDateTime, at_least, value_in
from salon.platform.database.identity import Domain, Role
from salon.platform.files.encryption import EncryptedText
from salon.platform.words.labels import LabelledEnum


class AccountState(LabelledEnum):
    OPEN = "open", "Ouvert"
    INVITED = "invited", "À activer"
    CLOSED = "closed", "Fermé"


class Digest(LabelledEnum):
    """How often an organiser is sent what happened and what waits for them."""

    DAILY = "daily", "Chaque matin"
    WEEKLY = "weekly", "Chaque lundi matin"
    NEVER = "never", "Jamais"


class Account(Model):
    """An organiser, an agent or an exhibitor with a sign-in.

    `digest_on`: the morning of the last digest, sent or empty; `digest_counts`: what it counted, by
    edition and line.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        Index(
            "uq_accounts_provider_identity",
            "provider_issuer",
            "provider_subject",
            unique=True,
            sqlite_where=text("provider_subject <> ''"),
            postgresql_where=text("provider_subject <> ''"),
        ),
        *at_least(0, "totp_last_counter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role]
    display_name: Mapped[str]
    password_hash: Mapped[str] = mapped_column(default="")
    totp_secret: Mapped[str] = mapped_column(EncryptedText("totp"), default="")
    totp_last_counter: Mapped[int] = mapped_column(default=0)
    provider_issuer: Mapped[str] = mapped_column(default="")
    """With `provider_subject`, the identity that its owner first signed in by (OpenID Connect)."""
    provider_subject: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    digest: Mapped[Digest] = mapped_column(default=Digest.DAILY, server_default="daily")
    digest_on: Mapped[date | None]
    digest_counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")

    rights: Mapped[list["Right"]] = relationship(order_by="Right.id", cascade="all, delete-orphan")

    def forget_identity(self) -> None:
        """Let the next verified sign-in by the provider choose the identity of this account."""
        self.provider_issuer = self.provider_subject = ""

    @property
    def has_all_rights(self) -> bool:
        return any(right.domain == Domain.ALL for right in self.rights)

    def domains(self, edition_id: int | None) -> list[Domain]:
        """Return the rights in an edition, in the order they are shown."""
        granted = {right.domain for right in self.rights if right.edition_id in (None, edition_id)}
        return [domain for domain in Domain if domain in granted]

    @property
    def state(self) -> "AccountState":
        if self.disabled_at is not None:
            return AccountState.CLOSED
        return AccountState.OPEN if self.is_ready else AccountState.INVITED

    @property
    def is_ready(self) -> bool:
        """An organiser is ready once a password and a TOTP secret are set."""
        return self.role != Role.ORGANISER or bool(self.password_hash and self.totp_secret)


class Right(Model):
    """A domain open to an organiser in one edition; ALL is for every edition."""

    __tablename__ = "rights"
    __table_args__ = (
        UniqueConstraint("account_id", "edition_id", "domain"),
        Index(
            "uq_rights_all",
            "account_id",
            unique=True,
            sqlite_where=text("edition_id IS NULL"),
            postgresql_where=text("edition_id IS NULL"),
        ),
        CheckConstraint("(domain = 'all') = (edition_id IS NULL)", name="all_is_for_every_edition"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"), index=True)
    domain: Mapped[Domain]
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StationKind(LabelledEnum):
    """Kind of a station, which decides its rights.

    SCANNER reads badges at a door. DESK does too, and registers, prints and types paper back. PAPER
    is no device: scans typed back from paper belong to it.
    """

    SCANNER = "scanner", "Contrôle des badges"
    DESK = "desk", "Bureau d’accueil"
    KIOSK = "kiosk", "Borne d’accueil"
    PRINTER = "printer", "Poste d’impression"
    PAPER = "paper", "Ressaisie du papier"


DEVICES = tuple(kind for kind in StationKind if kind != StationKind.PAPER)
READS_BADGES = (StationKind.SCANNER, StationKind.DESK)


class Station(Model):
    """A device of the fair: it scans, welcomes or prints, for 12 hours from its enrolment."""

    __tablename__ = "stations"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"), index=True)
    name: Mapped[str]
    kind: Mapped[StationKind] = mapped_column(default=StationKind.SCANNER)
    door: Mapped[str] = mapped_column(default="A")
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    enrolled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReadToken(Model):
    """A key by which another service reads the public facts of an edition, until `expires_at`.

    `last_used_on`: the last day on which it was used, on the clocks of its edition.
    """

    __tablename__ = "read_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_on: Mapped[date | None]

    def is_live(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


class SignIn(Model):
    """A live sign-in of an account or a station on one browser; signing out deletes the row."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (station_id IS NULL)", name="one_owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    id_token: Mapped[str] = mapped_column(EncryptedText("id token"), default="")
    """ID token of the identity provider; it ends the session there (RP-Initiated Logout 1.0)."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    account: Mapped[Account | None] = relationship()
    station: Mapped[Station | None] = relationship()


class SavedForm(Model):
    """A form that met an ended session, encrypted, for its author alone; the last one only.

    `path` is the path it was sent to, `address` the same with its query.
    """

    __tablename__ = "kept_forms"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    path: Mapped[str]
    address: Mapped[str]
    content: Mapped[str]
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SingleUseCode(Model):
    """A secret that works once: sign-in code, organiser's links and recovery codes, enrolment,
    first day of an empty installation.

    `purpose` keeps one kind from serving as another; `browser` (a digest) binds a sign-in code to
    the browser that requested it. A sign-in code without account was requested for an unknown
    address.
    """

    __tablename__ = "single_use_codes"
    __table_args__ = (
        CheckConstraint("account_id IS NULL OR station_id IS NULL", name="one_owner_at_most"),
        value_in("purpose", ("sign_in", "set_up", "enrolment", "lost", "recovery", "first_day")),
        *at_least(0, "tries"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    code_hash: Mapped[str] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    browser: Mapped[str] = mapped_column(default="", index=True)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
