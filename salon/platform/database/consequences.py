"""Consequences of a change of the fair: said before saving, then done, in the same form.

Each feature follows the change of its own rows (`Follower`); `create_app` registers them for each
kind of change. A rehearsal of the change gives what will be done, and the change what was done.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar, cast

from flask import Flask, current_app
from sqlalchemy.orm import Session

from salon.platform.database.db import Model
from salon.platform.database.identity import Identity
from salon.platform.settings.clock import Timed, local, paris
from salon.platform.words.labels import LabelledEnum

Hours = Sequence[tuple[datetime, datetime]]
Facts = Sequence[Any]
"""What undoing a change needs: row numbers and former values, instants among them; no person."""


class Standing(LabelledEnum):
    """Whether the fair takes place on the days announced."""

    AS_PLANNED = "as_planned", "Maintenu"
    POSTPONED = "postponed", "Reporté, date à venir"
    CANCELLED = "cancelled", "Annulé"


class GivenUp(LabelledEnum):
    """What becomes of the talks of a day that the fair gives up."""

    MOVED = "moved", "Les passer à un autre jour, à leur heure si la salle est libre"
    WITHDRAWN = "withdrawn", "Les retirer du programme, avec leurs documents"


class Fate(LabelledEnum):
    """Outcome of a change for a row that it touches."""

    MOVED = "moved", "Suit le nouveau jour"
    SHORTENED = "shortened", "S’ajuste aux nouvelles heures"
    RELOCATED = "relocated", "Change de place"
    UPDATED = "updated", "Se met à jour"
    UNPLACED = "unplaced", "À placer de nouveau"
    AWAITING = "awaiting", "Attend la nouvelle date"
    RESTORED = "restored", "Est rétabli"
    REMOVED = "removed", "N’a plus lieu"
    ASKED = "asked", "Demande une réponse"
    LEFT_TO_DO = "left_to_do", "Reste à faire par vous"
    KEPT = "kept", "Reste en l’état, à relire"
    LEFT_OUT = "left_out", "Ne revient pas"


@dataclass(frozen=True)
class Consequence:
    """Rows of one kind that share a fate, each by its name.

    `former`: what the follower needs to undo it. `pending`, of an undoing: what it could not give
    back whole, because another change still stands; the undoing of that one tries again.
    """

    fate: Fate
    label: str
    names: Sequence[str]
    former: Facts = ()
    pending: Facts = ()

    @property
    def count(self) -> int:
        return len(self.names)


Consequences = Sequence[Consequence]


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change of an edition; `words`: the organiser's, for the messages.

    An undoing gives back what `former` holds: what each follower kept, by its name, with instants
    on the present days (`fair/services/history.py`). `days_moved`: they are not those of then.
    """

    edition_id: int
    actor: Identity
    at: datetime
    words: str = ""
    is_undo: bool = False
    former: Mapping[str, Facts] = field(default_factory=dict)
    days_moved: bool = False


@dataclass(frozen=True, kw_only=True)
class DaysChange(Change):
    """Days of opening before and after: `moves` gives the new day of each former one.

    `before` and `after` are the opening hours. `given_up`: what becomes of talks of a day that
    goes; None: each must fit. `repeats_needs`: stands need on an added day what they need on the
    first. `settles_date`: the fair was postponed and has a date again, or, when undone, has none
    any more; then all calendars change.
    """

    moves: Mapping[date, date]
    before: Hours
    after: Hours
    former_label: str = ""
    settles_date: bool = False
    given_up: GivenUp | None = None
    repeats_needs: bool = False

    @property
    def added_days(self) -> list[date]:
        """Return the days that no former day became."""
        days = [local(opens_at).date() for opens_at, _ in self.after]
        return [day for day in days if day not in self.moves.values()]

    @property
    def delay(self) -> timedelta:
        """Return how far the first day moves."""
        first = min(self.moves, default=None)
        return self.moves[first] - first if first is not None else timedelta()

    @property
    def moves_days(self) -> bool:
        return any(old != new for old, new in self.moves.items())

    @property
    def is_past(self) -> bool:
        """Return whether the fair was over, and stays so: nobody has to be told."""
        return max(closes_at for _, closes_at in (*self.before, *self.after)) <= self.at

    def is_open(self, span: Timed) -> bool:
        """Return whether a span lies within the new opening hours of a day."""
        return any(
            opens_at <= span.starts_at and span.ends_at <= closes_at
            for opens_at, closes_at in self.after
        )

    def moved_back(self, instant: datetime) -> datetime:
        """Return the same wall-clock time on the former day; a time of another day stays."""
        wall_time = local(instant)
        day = wall_time.date()
        former_days = {new: old for old, new in self.moves.items()}
        return paris(former_days.get(day, day), wall_time.time())

    def moved(self, instant: datetime) -> datetime:
        """Return the same wall-clock time on the new day; a time of another day stays."""
        wall_time = local(instant)
        day = wall_time.date()
        return paris(self.moves.get(day, day), wall_time.time())

    def later(self, instant: datetime) -> datetime:
        """Return the same wall-clock time, as many days later as the first day moves."""
        wall_time = local(instant)
        return paris(wall_time.date() + self.delay, wall_time.time())


@dataclass(frozen=True, kw_only=True)
class StandingChange(Change):
    """The standing of the fair before and after."""

    before: Standing
    after: Standing

    @property
    def fate(self) -> Fate:
        """Return what becomes of what takes place on the days of the fair."""
        return {
            Standing.AS_PLANNED: Fate.RESTORED,
            Standing.POSTPONED: Fate.AWAITING,
            Standing.CANCELLED: Fate.REMOVED,
        }[self.after]


@dataclass(frozen=True, kw_only=True)
class PlaceChange(Change):
    """The fair takes place elsewhere; `former_label`: the place and the address before."""

    former_label: str
    is_past: bool


@dataclass(frozen=True, kw_only=True)
class Rearrangement(Change):
    """Halls closed, stands given up, bodies and themes withdrawn, by id; bodies that change stands.

    `moves`: the new stand of each stand whose body moves. `entrusted`, `renamed`: themes that
    another body answers, or that have another name; `renumbered`: the former number of stands;
    `displaced`: stands that keep their number, elsewhere in their hall.
    `reason`: a sentence, for the messages.
    """

    reason: str
    halls: frozenset[int] = frozenset()
    lost_stands: frozenset[int] = frozenset()
    bodies: frozenset[int] = frozenset()
    themes: frozenset[int] = frozenset()
    moves: Mapping[int, int] = field(default_factory=dict)
    entrusted: frozenset[int] = frozenset()
    renamed: frozenset[int] = frozenset()
    renumbered: Mapping[int, str] = field(default_factory=dict)
    displaced: frozenset[int] = frozenset()

    @property
    def note(self) -> str:
        """Return the reason, then the organiser's words."""
        return f"{self.reason} {self.words}".strip()


Followed = TypeVar("Followed", bound=Change, contravariant=True)


class Follower(ABC, Generic[Followed]):
    """A feature's part in a kind of change.

    `name` is the key of what it needs to undo it; `gate` the table whose row of the edition, when
    there is one, is locked before the change.
    """

    name: str
    gate: type[Model] | None = None

    @abstractmethod
    def follow(self, session: Session, change: Followed) -> Consequences:
        """Apply the change to the feature's rows; post its messages. `change.former`: undo."""


Followers = Mapping[type[Change], Sequence[Follower[Any]]]


def register_followers(app: Flask, followers: Followers) -> None:
    """Register the followers of each kind of change, in the order in which they follow it."""
    app.extensions["salon_followers"] = followers


def followers_of(kind: type[Change]) -> Sequence[Follower[Any]]:
    return cast(Followers, current_app.extensions["salon_followers"])[kind]


def follow(
    session: Session, change: Change, own: Sequence[Follower[Any]] = ()
) -> tuple[Consequences, dict[str, Facts]]:
    """Let `own` followers, then the registered ones, follow a change.

    Return what was done, and by the name of each what it needs to undo it; of an undoing, what
    stays pending.
    """
    all_consequences: list[Consequence] = []
    former: dict[str, Facts] = {}
    for follower in (*own, *followers_of(type(change))):
        consequences = follower.follow(session, change)
        all_consequences += consequences
        former[follower.name] = [
            value
            for consequence in consequences
            for value in (consequence.pending if change.is_undo else consequence.former)
        ]
    return all_consequences, former
