"""What the ground reads of the edition at work, whose table belongs to a feature above."""

from collections.abc import Callable
from typing import Protocol

from flask import Flask, current_app


class EditionFacts(Protocol):
    """The facts of an edition that the ground uses."""

    @property
    def name(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def organiser(self) -> str: ...
    @property
    def time_zone(self) -> str: ...


def register_edition(app: Flask, find_edition: Callable[[], EditionFacts | None]) -> None:
    """Register how the edition at work is found; None before any is open."""
    app.extensions["salon_edition"] = find_edition


def find_edition_facts() -> EditionFacts | None:
    """Return the edition at work: of the request, of the command, of the worker's task."""
    find_edition: Callable[[], EditionFacts | None] = current_app.extensions["salon_edition"]
    return find_edition()
