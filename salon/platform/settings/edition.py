"""Facts of the edition at work; its table belongs to a feature above."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Protocol

from flask import Flask, current_app, g, has_app_context

from salon.platform.settings.prefixes import requested_slug

ZONE_KEPT_S = 10.0
"""How long a process goes by the time zone that it read: scans cost no query for it."""


class EditionFacts(Protocol):
    """The facts of an edition that the ground uses."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def short_name(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def day_label(self) -> str: ...
    @property
    def main_colour(self) -> str: ...
    @property
    def accent_colour(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def organiser(self) -> str: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def days(self) -> Sequence[object]: ...


def register_edition(app: Flask, find_edition: Callable[[], EditionFacts | None]) -> None:
    """Register how the edition at work is found; None before any is open."""
    app.extensions["salon_edition"] = find_edition
    app.extensions["salon_time_zones"] = {}


def find_edition_facts() -> EditionFacts | None:
    """Return the edition at work: of the request, of the command, of the worker's task."""
    find_edition: Callable[[], EditionFacts | None] = current_app.extensions["salon_edition"]
    return find_edition()


def has_several_days() -> bool:
    """Return whether the fair at work opens on several days, so that an hour needs its day."""
    if not has_app_context() or g.get("failing"):
        return False
    edition = find_edition_facts()
    return edition is not None and len(edition.days) > 1


def find_time_zone() -> str:
    """Return the time zone (IANA) of the edition at work; "" before any is open, or without one."""
    if not has_app_context() or g.get("failing"):
        return ""
    zones: dict[str, tuple[float, str]] = current_app.extensions["salon_time_zones"]
    slug = requested_slug() or ""
    read_at, zone = zones.get(slug, (0.0, ""))
    if not zone or monotonic() - read_at > ZONE_KEPT_S:
        edition = find_edition_facts()
        zone = edition.time_zone if edition else ""
        zones[slug] = monotonic(), zone
    return zone


def forget_time_zones() -> None:
    """Read time zones again: one has changed."""
    current_app.extensions["salon_time_zones"] = {}
