"""Health of stations: when one needs attention."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from salon.platform.words import formats

SILENT_AFTER = timedelta(minutes=2)
"""A station reports its health every 30 seconds."""

MANY_WAITING = 50
LOW_BATTERY = 20
CLOCK_OFF = timedelta(minutes=2)
LITTLE_STORAGE = 5_000_000
FAILED_LATELY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class PageFailure:
    """A failure of a device's page, without anything of a badge. `place`: module and line."""

    message: str
    place: str
    version: str
    count: int
    seconds_ago: int
    """Before the report that tells it: the clock of the device may be wrong."""


class CheckState(StrEnum):
    OK = "ok"
    FAILED = "failed"
    UNTRIED = "untried"


class CheckedPart(StrEnum):
    """What a device tries of itself once it is enrolled; a kiosk does not beep."""

    READING = "reading"
    MEMORY = "memory"
    SOUND = "sound"
    SCREEN = "screen"
    NETWORK = "network"
    PAGE = "page"


NEEDED = {
    CheckedPart.READING: "Ne lit pas les codes",
    CheckedPart.MEMORY: "Ne garde aucun passage",
}
"""Trouble of the parts that a station cannot do without."""


@dataclass(frozen=True, slots=True)
class DeviceCheck:
    """Results of a device's check of itself. `seconds_ago`: before the report that tells it."""

    results: dict[CheckedPart, CheckState]
    seconds_ago: int

    def parts(self, state: CheckState) -> list[CheckedPart]:
        return [part for part in CheckedPart if self.results.get(part) == state]


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """Last report of a station; None for values unknown or not reported."""

    told_at: datetime | None
    waiting: int = 0
    to_check: int = 0
    clock_offset_ms: int | None = None
    battery: int | None = None
    is_charging: bool | None = None
    storage_left: int | None = None
    list_serial: int = 0
    failed_at: datetime | None = None
    failed_parts: Sequence[CheckedPart] = ()


def troubles_of(health: HealthFacts, newest_list: int, now: datetime) -> list[str]:
    """Return the troubles in French, the most urgent first; `now` is the world's."""
    if health.told_at is None:
        return ["N’a encore rien dit d’elle-même"]
    troubles = []
    silent = now - health.told_at
    if silent > SILENT_AFTER:
        troubles.append(f"Sans nouvelles depuis {_minutes(silent)}")
    if health.waiting >= MANY_WAITING:
        troubles.append(f"{health.waiting}\u00a0passages en attente d’envoi")
    if health.to_check:
        troubles.append(f"{formats.plural(health.to_check, 'passage')} à vérifier sur l’appareil")
    if health.battery is not None and health.battery <= LOW_BATTERY and not health.is_charging:
        troubles.append(f"Batterie à {health.battery}\u00a0%")
    offset = timedelta(milliseconds=health.clock_offset_ms or 0)
    if abs(offset) > CLOCK_OFF:
        troubles.append(f"Horloge décalée de {_minutes(abs(offset))}")
    if health.storage_left is not None and health.storage_left < LITTLE_STORAGE:
        troubles.append("Mémoire presque pleine")
    if health.failed_at is not None and now - health.failed_at <= FAILED_LATELY:
        troubles.append(f"Défaillance de la page il y a {_minutes(now - health.failed_at)}")
    troubles += [NEEDED[part] for part in health.failed_parts if part in NEEDED]
    if silent <= SILENT_AFTER and not health.list_serial and newest_list:
        troubles.append("N’a pas encore la liste des badges")
    return troubles


def urgency_of(
    health: HealthFacts, troubles: Sequence[str], now: datetime
) -> tuple[bool, bool, int, int]:
    """Return the key that sorts stations, the worst first: silent, then by scans that wait, then
    by troubles; `now` is the world's.
    """
    fell_silent = health.told_at is not None and now - health.told_at > SILENT_AFTER
    return not troubles, not fell_silent, -health.waiting, -len(troubles)


def _minutes(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    if minutes >= 60 * 24:
        return formats.plural(minutes // (60 * 24), "jour")
    if minutes >= 60:
        return formats.plural(minutes // 60, "heure")
    return formats.plural(max(minutes, 1), "minute")
