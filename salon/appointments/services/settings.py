"""The settings row that bookings lock, and its changes by organisers."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from salon.appointments.actions import AppointmentAction
from salon.appointments.models import BookingSettings, StandBooking, ThemeBooking
from salon.appointments.rules import settings as rules
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.db import get_or_create
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version


@dataclass(frozen=True)
class ThemeChoice:
    """The organiser's settings of a theme."""

    minutes: int
    is_open: bool
    is_funding: bool


def get_or_create_settings(edition: Edition) -> BookingSettings:
    """Return the settings row of the edition, inserted on first use."""
    return get_or_create(BookingSettings, edition.id, edition_id=edition.id, version=1)


def change_settings(
    act: FairAct,
    version: int,
    values: Mapping[str, int],
    themes: Mapping[int, ThemeChoice],
    kept_free: Mapping[int, int | None],
) -> BookingSettings:
    """Change the limits, the settings of themes, and how many agents of a stand stay free.

    `kept_free` None: by `reserved_by_default`. Existing bookings do not change. Raises
    StaleVersion, NotInFives, UnknownMinutes.
    """
    settings = get_or_create_settings(act.edition)
    rules.check_in_fives(values)
    for choice in themes.values():
        rules.check_known_minutes(choice.minutes)
    with act.transaction(settings) as session:
        check_version(version, settings.version)
        for name in rules.CHANGEABLE:
            if name in values:
                setattr(settings, name, values[name])
        settings.version += 1
        for theme_id, choice in themes.items():
            _save_row(session, ThemeBooking, theme_id, vars(choice))
        for stand_id, count in kept_free.items():
            stand_booking = session.get(StandBooking, stand_id)
            if count is not None:
                _save_row(session, StandBooking, stand_id, {"kept_free": count})
            elif stand_booking is not None:
                session.delete(stand_booking)
        write_entry(
            session,
            act.actor,
            AppointmentAction.BOOKING_SETTINGS_CHANGED,
            f"edition:{act.edition.id}",
            **values,
        )
    return settings


def _save_row(
    session: Session,
    table: type[ThemeBooking] | type[StandBooking],
    key: int,
    values: Mapping[str, object],
) -> None:
    name = "theme_id" if table is ThemeBooking else "stand_id"
    row = session.get(table, key)
    if row is None:
        session.add(table(**{name: key}, **values))
        return
    for field, value in values.items():
        setattr(row, field, value)
