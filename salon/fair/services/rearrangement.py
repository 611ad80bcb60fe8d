"""Rearrange the fair: stands given up, bodies that move or withdraw, themes withdrawn; and undo it.

What each feature does with it is said before, then done (`platform/database/consequences.py`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from salon.fair import queries
from salon.fair.models import Door, Edition, Hall, PartnerBody, ProgrammeItem, Stand, Theme, Zone
from salon.fair.rules.standing import check_village_may_change
from salon.fair.rules.village import check_stand_is_free
from salon.fair.services.changes import carry_out, messages_called_off
from salon.fair.services.history import former_of
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    Facts,
    Fate,
    Follower,
    Rearrangement,
)
from salon.platform.database.journal import JournalAction, JournalEntry
from salon.platform.database.undo import facts_to_undo

BODIES = "Organismes"
ZONES = "Zones et portes de ces stands"
ITEMS = "Programme rattaché à ces thèmes"


def rearrange(
    session: Session, change: Rearrangement, action: JournalAction, subject: str, **details: Any
) -> Consequences:
    """Let every feature follow the change and write its journal entry; return what was done.

    Raises VillageOfCancelledFair: what a cancellation ended comes back by reopening the fair alone.
    """
    check_village_may_change(session.get_one(Edition, change.edition_id))
    consequences = carry_out(change, action, subject, [BodiesFollower()], **details)
    stands = [*change.lost_stands, *change.moves.keys(), *change.moves.values()]
    halls = select(Stand.hall_id).where(Stand.id.in_(stands))
    session.execute(
        update(Hall)
        .where(Hall.id.in_(halls))
        .values(version=Hall.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return consequences


def take_back(
    session: Session,
    entry: JournalEntry | None,
    change: Rearrangement,
    action: JournalAction,
    subject: str,
    **details: object,
) -> Consequences:
    """Undo the rearrangement of a journal entry, as far as nobody has changed it since.

    `change`: who undoes it, when, and why.

    Messages that have not left are called off; who received one receives another. Raises
    StandNotFree.
    """
    if entry is None:
        return rearrange(session, replace(change, is_undo=True), action, subject, **details)
    former = former_of(session.get_one(Edition, change.edition_id), entry)
    change = replace(
        change,
        is_undo=True,
        former=former.facts,
        days_moved=former.days_moved,
        moves=_moves_back(session, former.facts.get(BodiesFollower.name, ())),
    )
    with messages_called_off(session, entry, former.days_moved):
        return rearrange(session, change, action, subject, undone=entry, **details)


def moves_of(entry: JournalEntry) -> list[list[object]]:
    """Return the moves of an entry: kind, body, stands before and after."""
    facts = facts_to_undo(entry).get(BodiesFollower.name, ())
    return [row for row in facts if row[0] == "moved"]


def _moves_back(session: Session, former: Facts) -> dict[int, int]:
    """Return the former stand of each stand that a body still holds since the change."""
    moves = {}
    for kind, row_id, *stands in former:
        body = session.get(PartnerBody, row_id) if kind == "moved" else None
        if body is not None and body.withdrawn_at is None and body.stand_id == stands[1]:
            moves[stands[1]] = stands[0]
    return moves


class BodiesFollower(Follower[Rearrangement]):
    """Bodies that change stands or withdraw: first of all, so that messages name the new place."""

    name = "bodies"

    def follow(self, session: Session, change: Rearrangement) -> Consequences:
        """Raises StandNotFree."""
        edition = session.get_one(Edition, change.edition_id)
        consequences = [*self._move(session, edition, change)]
        if change.is_undo:
            consequences += self._restore(session, edition, change)
        else:
            consequences += self._withdraw(session, change)
        session.flush()
        session.expire_all()
        return consequences

    def _move(
        self, session: Session, edition: Edition, change: Rearrangement
    ) -> Iterator[Consequence]:
        names, former = [], []
        for body in queries.bodies_of(edition):
            if body.stand_id not in change.moves:
                continue
            stand = queries.get_stand_of(edition, change.moves[body.stand_id])
            check_stand_is_free(stand, edition)
            former.append(["moved", body.id, body.stand_id, stand.id])
            names.append(f"{body.short_name}, hall {stand.hall.name}, stand {stand.number}")
            body.stand_id = stand.id
            session.flush()
            session.expire(stand, ["body"])
        yield Consequence(Fate.RELOCATED, BODIES, names, former)

    def _withdraw(self, session: Session, change: Rearrangement) -> Iterator[Consequence]:
        bodies = session.scalars(
            select(PartnerBody)
            .where(PartnerBody.id.in_(change.bodies))
            .order_by(PartnerBody.rank, PartnerBody.id)
        ).all()
        themes = session.scalars(select(Theme).where(Theme.id.in_(change.themes))).all()
        for body in bodies:
            body.withdrawn_at = change.at
        for theme in themes:
            theme.withdrawn_at = change.at
        former = [["withdrawn", body.id] for body in bodies]
        yield Consequence(Fate.REMOVED, BODIES, [body.short_name for body in bodies], former)
        former = [["theme", theme.id] for theme in themes]
        yield Consequence(Fate.REMOVED, "Thèmes", [theme.name for theme in themes], former)

    def _restore(
        self, session: Session, edition: Edition, change: Rearrangement
    ) -> Iterator[Consequence]:
        bodies, themes = [], []
        for kind, row_id, *stands in change.former.get(self.name, ()):
            body = session.get_one(PartnerBody, row_id) if kind != "theme" else None
            if body and kind == "moved" and body.withdrawn_at and body.stand_id == stands[1]:
                body.stand_id = stands[0]
            elif body and kind == "withdrawn":
                check_stand_is_free(queries.get_stand_of(edition, body.stand_id), edition, body)
                body.withdrawn_at = None
                bodies.append(body.short_name)
            elif kind == "theme":
                theme = session.get_one(Theme, row_id)
                theme.withdrawn_at = None
                themes.append(theme.name)
        yield Consequence(Fate.RESTORED, BODIES, bodies)
        yield Consequence(Fate.RESTORED, "Thèmes", themes)


class FloorFollower(Follower[Rearrangement]):
    """Follow with the zones of stands, the themes' programme, and texts that name a closed hall."""

    name = "floor"

    def follow(self, session: Session, change: Rearrangement) -> Consequences:
        moved = _move_zones(session, change)
        if change.is_undo:
            return [moved, _restore_items(session, change.former.get(self.name, ()))]
        return [
            moved,
            _zones_to_reread(session, change),
            _forget_themes(session, change),
            *_named_after_halls(session, change),
        ]


def _move_zones(session: Session, change: Rearrangement) -> Consequence:
    names = []
    for zone in session.scalars(select(Zone).where(Zone.stand_id.in_(change.moves))).all():
        new_id = change.moves[zone.stand_id or 0]
        zone_of_stand = select(Zone.id).where(Zone.stand_id == new_id)
        if session.scalar(zone_of_stand) is None:
            zone.stand_id = new_id
            names.append(zone.label)
    session.flush()
    return Consequence(Fate.RELOCATED, ZONES, names)


def _zones_to_reread(session: Session, change: Rearrangement) -> Consequence:
    of_lost = Zone.stand_id.in_(change.lost_stands)
    doors = select(Door).join(Door.zone).where(of_lost).order_by(Door.code)
    zones = session.scalars(select(Zone.label).where(of_lost).order_by(Zone.label)).all()
    names = [*zones, *(f"porte {door.code}" for door in session.scalars(doors))]
    return Consequence(Fate.KEPT, ZONES, names)


def _forget_themes(session: Session, change: Rearrangement) -> Consequence:
    """Leave the items of the programme about a withdrawn theme without theme."""
    statement = (
        select(ProgrammeItem)
        .join(ProgrammeItem.theme)
        .where(Theme.edition_id == change.edition_id, Theme.withdrawn_at.is_not(None))
        .order_by(ProgrammeItem.starts_at, ProgrammeItem.id)
    )
    items = session.scalars(statement).all()
    former = [["item", item.id, item.theme_id] for item in items]
    for item in items:
        item.theme_id = None
    session.flush()
    return Consequence(Fate.KEPT, ITEMS, [item.title for item in items], former)


def _restore_items(session: Session, former: Facts) -> Consequence:
    names = []
    for _, item_id, theme_id in former:
        item = session.get(ProgrammeItem, item_id)
        if item is not None and item.theme_id is None:
            item.theme_id = theme_id
            names.append(item.title)
    session.flush()
    return Consequence(Fate.RESTORED, ITEMS, names)


def _named_after_halls(session: Session, change: Rearrangement) -> Iterator[Consequence]:
    """Name the items and the doors whose place is one of the halls, by its words."""
    edition = session.get_one(Edition, change.edition_id)
    halls = session.scalars(select(Hall.name).where(Hall.id.in_(change.halls))).all()
    hall_pattern = re.compile(
        "|".join(rf"\bhall {re.escape(name)}\b" for name in halls), re.IGNORECASE
    )
    items = [
        item for item in queries.all_programme_of(edition) if hall_pattern.search(item.room.name)
    ]
    doors = [door for door in queries.doors_of(edition) if hall_pattern.search(door.label)]
    if halls:
        yield Consequence(
            Fate.KEPT,
            "Programme dans ce hall",
            [f"{item.title}, {item.room.name}" for item in items],
        )
        yield Consequence(
            Fate.KEPT, "Portes de ce hall", [f"porte {door.code}, {door.label}" for door in doors]
        )
