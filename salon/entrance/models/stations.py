"""Offline list, health reports and rules of the stations."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from salon.platform.database.db import Model, UtcDateTime, at_least


class ListEntry(Model):
    """A badge in the stations' offline list; derived, maintained by `update_list`.

    `serial` grows with each change, so that a device asks for what changed since. `digest`: the
    first 8 bytes of the SHA-256 of the code. `box`: the holder's label, sealed with a key that only
    the code gives (`offline_list.py`); empty when the badge is revoked, unless another registration
    of the same person replaced it: then it names the badge to show, whose code is `successor`.
    `attendee_version`: that of the holder when it was sealed.
    """

    __tablename__ = "list_entries"
    __table_args__ = (
        Index("ix_list_entries_serial", "edition_id", "serial"),
        *at_least(0, "serial"),
    )

    badge_id: Mapped[int] = mapped_column(ForeignKey("badges.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    serial: Mapped[int]
    is_revoked: Mapped[bool]
    attendee_version: Mapped[int]
    digest: Mapped[bytes]
    box: Mapped[bytes]
    successor: Mapped[str] = mapped_column(default="", server_default="")


class StationReport(Model):
    """Last health report of a device; one row a station.

    `waiting`: scans not yet sent; `to_check`: refused by the server, kept. `clock_offset_ms`: our
    time less its own. `battery`: percent. `storage_left`: bytes. `list_serial`: the list it has.
    `failures`: the last of its page (`PageFailure`), None in rows of a release without them.
    `device_check`: what it last tried of itself (`DeviceCheck`), None when it has tried nothing.
    """

    __tablename__ = "station_reports"
    __table_args__ = (
        CheckConstraint("battery BETWEEN 0 AND 100", name="battery_in_percent"),
        *at_least(0, "waiting", "to_check", "storage_left", "list_serial"),
    )

    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    waiting: Mapped[int] = mapped_column(default=0)
    to_check: Mapped[int] = mapped_column(default=0)
    clock_offset_ms: Mapped[int | None]
    battery: Mapped[int | None]
    is_charging: Mapped[bool | None]
    storage_left: Mapped[int | None] = mapped_column(BigInteger)
    is_persisted: Mapped[bool | None]
    list_serial: Mapped[int] = mapped_column(default=0)
    pages_version: Mapped[str] = mapped_column(default="")
    failures: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON, default=list)
    device_check: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class EntranceSettings(Model):
    """The organiser's rules of the doors; without a row, these defaults.

    `lets_unknown_in`: a well-formed code unknown to a device's list passes. `kiosk_pin_salt`,
    `kiosk_pin_hash`: a kiosk checks its PIN with them, without network (PBKDF2-SHA-256,
    hexadecimal); empty: no PIN is set. `kiosk_prints`: on the kiosk's own printer, else through
    the print queue. `urgent_numbers`: lines of text printed on the paper pack.
    """

    __tablename__ = "entrance_settings"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    lets_unknown_in: Mapped[bool] = mapped_column(default=True)
    kiosk_pin_salt: Mapped[str] = mapped_column(default="")
    kiosk_pin_hash: Mapped[str] = mapped_column(default="")
    kiosk_prints: Mapped[bool] = mapped_column(default=True)
    urgent_numbers: Mapped[str] = mapped_column(default="")

    __mapper_args__ = {"version_id_col": version}

    @property
    def id(self) -> int:
        return self.edition_id
