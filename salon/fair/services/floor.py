"""Changes of the plan of a hall, under a pessimistic lock on the hall."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from salon.fair import queries, rules
from salon.fair.actions import FairAction
from salon.fair.engine.geometry import overlap
from salon.fair.engine.layout import (
    NewStand,
    PlacedStand,
    ShrunkStand,
    by_id,
    differences,
    placed,
    shrunk_stands,
)
from salon.fair.models import Edition, Hall, Stand
from salon.fair.rules.days import check_change_is_the_last
from salon.fair.rules.floor import PlanNoLongerUndone
from salon.fair.services.acts import FairAct
from salon.fair.services.changes import (
    carry_out,
    entry_to_undo,
    gates_of,
    last_undoable,
    messages_called_off,
)
from salon.fair.services.stands import flush_numbers, put_rows, put_stands, replace_stands
from salon.platform.database.act import Act
from salon.platform.database.consequences import Consequences, Rearrangement
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry, write_entry
from salon.platform.database.submissions import claim_submission, settle_submission
from salon.platform.database.undo import facts_to_undo
from salon.platform.database.versions import check_version

RENUMBERED, RESTORED = FairAction.HALL_RENUMBERED, FairAction.HALL_PLAN_RESTORED
STANDS = "stands"
"""Key of a journal entry: the stands that the change touched."""


@dataclass(frozen=True)
class Redrawing:
    """The effects of a changed plan: occupied stands that became smaller (`smaller`), and the
    consequences of new numbers and places (`done`)."""

    smaller: Sequence[ShrunkStand] = ()
    done: Consequences = ()


def save_floor(
    act: Act, hall: Hall, version: int, layout: Sequence[PlacedStand], words: str = ""
) -> Redrawing:
    """Save the layout of an editor. `words`: for the messages about new numbers and places.

    Raises StaleVersion, FloorFaults, StandHasOccupant.
    """
    with _hall_of_a_fair(act, hall) as session:
        check_version(version, hall.version)
        return _redraw(act, session, hall, layout, words)


def add_stand(act: Act, hall: Hall, stand: NewStand, key: str) -> None:
    """Add one stand. Idempotent for one `key`."""
    with act.transaction(hall) as session:
        if claim_submission(session, key, {"hall": hall.id, **stand.values}) is not None:
            return
        put_stands(session, hall, [stand])
        settle_submission(session, key, stand.number)
        write_entry(
            session, act.actor, FairAction.HALL_DRAWN, f"hall:{hall.id}", added=[stand.number]
        )


def add_rows(act: Act, hall: Hall, first: NewStand, count: int, key: str) -> None:
    """Add equal stands in rows where the floor is free. Idempotent for one `key`.

    Raises HallTooSmall, FloorFaults, NumberTaken.
    """
    with act.transaction(hall) as session:
        content = {"hall": hall.id, "count": count, **first.values}
        if claim_submission(session, key, content) is not None:
            return
        numbers = [stand.number for stand in put_rows(session, hall, first, count)]
        settle_submission(session, key, str(count))
        write_entry(session, act.actor, FairAction.HALL_DRAWN, f"hall:{hall.id}", added=numbers)


def change_stand(
    act: Act, hall: Hall, version: int, stand_id: int, to: NewStand, words: str = ""
) -> Redrawing:
    """Move, resize or renumber one stand; its occupant follows."""
    with _hall_of_a_fair(act, hall) as session:
        check_version(version, hall.version)
        layout = [
            PlacedStand(**to.values, id=stand.id) if stand.id == stand_id else stand
            for stand in placed(hall.stands)
        ]
        return _redraw(act, session, hall, layout, words)


def delete_stand(act: Act, hall: Hall, version: int, stand_id: int) -> None:
    """Delete a free stand."""
    with act.transaction(hall) as session:
        check_version(version, hall.version)
        _redraw(
            act, session, hall, [stand for stand in placed(hall.stands) if stand.id != stand_id]
        )


def number_stands(
    act: Act, hall: Hall, version: int, numbers: Mapping[int, str], words: str = ""
) -> Redrawing:
    """Give stands their new numbers (id → number)."""
    with _hall_of_a_fair(act, hall) as session:
        check_version(version, hall.version)
        layout = [
            replace(stand, number=numbers.get(stand.id or 0, stand.number))
            for stand in placed(hall.stands)
        ]
        return _redraw(act, session, hall, layout, words)


def last_renumbering(hall: Hall) -> JournalEntry | None:
    """Return the entry of the last change of numbers and places, which can be undone."""
    return last_undoable(f"hall:{hall.id}", RENUMBERED, RESTORED)


def changed_stands(entry: JournalEntry) -> list[list[Any]]:
    """Return the id of each stand of a change, with its facts before and after."""
    stands: list[list[object]] = facts_to_undo(entry)[STANDS]
    return stands


def undo_renumbering(act: Act, hall: Hall, entry_id: int) -> Consequences:
    """Give the stands of a change their former numbers and places back.

    Messages that have not left are called off; who received one receives another. Raises
    PlanNoLongerUndone, FloorFaults.
    """
    with _hall_of_a_fair(act, hall) as session:
        entry = entry_to_undo(last_renumbering(hall), entry_id, PlanNoLongerUndone)
        layout = {stand.id: stand for stand in placed(hall.stands)}
        for stand_id, before, after in changed_stands(entry):
            current = _facts(layout[stand_id]) if stand_id in layout else None
            check_change_is_the_last(after, current, PlanNoLongerUndone)
            layout[stand_id] = replace(layout[stand_id], **before)
        with messages_called_off(session, entry):
            return _redraw(act, session, hall, list(layout.values()), is_undo=True).done


def set_hall(
    act: Act, hall: Hall, version: int, aisle: float, power_kw: int, has_water: bool
) -> None:
    """Change what a hall supplies; its stands must comply."""
    with act.transaction(hall) as session:
        check_version(version, hall.version)
        hall.aisle, hall.power_kw, hall.has_water = aisle, power_kw, has_water
        rules.check_floor(hall, placed(hall.stands))
        hall.version += 1
        values = {"aisle": aisle, "power_kw": power_kw, "has_water": has_water}
        write_entry(session, act.actor, FairAction.HALL_CHANGED, f"hall:{hall.id}", **values)


def import_stands(
    act: FairAct, versions: Mapping[str, int], drawn_stands: Mapping[str, Sequence[NewStand]]
) -> list[ShrunkStand]:
    """Replace the whole plan by a file, stand by number; absent stands go. All or nothing.

    `versions` are those of the halls when the file was compared with them.
    """
    halls = queries.halls_of(act.edition)
    with act.transaction(*halls) as session:
        for hall in halls:
            check_version(versions.get(hall.name, 0), hall.version)
        faults = [
            fault
            for hall in halls
            for fault in rules.faults_of(hall, drawn_stands.get(hall.name, ()))
        ]
        if faults:
            raise rules.FloorFaults(faults)
        after = {stand.number: stand for stands in drawn_stands.values() for stand in stands}
        smaller = shrunk_stands([row for hall in halls for row in hall.stands], after, "number")
        _replace_all(session, {hall.name: hall for hall in halls}, drawn_stands)
        stand_counts = {name: len(stands) for name, stands in drawn_stands.items()}
        write_entry(
            session,
            act.actor,
            FairAction.PLAN_IMPORTED,
            f"edition:{act.edition.id}",
            stands=stand_counts,
        )
        return smaller


def _replace_all(
    session: Session, halls: Mapping[str, Hall], drawn_stands: Mapping[str, Sequence[NewStand]]
) -> None:
    rows = {stand.number: stand for hall in halls.values() for stand in hall.stands}
    numbers = {stand.number for stands in drawn_stands.values() for stand in stands}
    removed_rows = [row for number, row in rows.items() if number not in numbers]
    rules.check_stands_are_free(removed_rows)
    for absent in removed_rows:
        absent.hall.stands.remove(absent)
        session.delete(absent)
    for name, stands in drawn_stands.items():
        hall = halls[name]
        for stand in stands:
            if stand.number not in rows:
                hall.stands.append(Stand(edition_id=hall.edition_id, **stand.values))
                continue
            row = rows[stand.number]
            row.hall = hall
            for column, value in stand.values.items():
                setattr(row, column, value)
    for hall in halls.values():
        hall.version += 1
    flush_numbers(session)


def _hall_of_a_fair(act: Act, hall: Hall) -> AbstractContextManager[Session]:
    """Lock a hall after what follows the numbers of its stands."""
    edition = current_session().get_one(Edition, hall.edition_id)
    return act.transaction(*gates_of(Rearrangement, edition), hall)


def _redraw(
    act: Act,
    session: Session,
    hall: Hall,
    layout: Sequence[PlacedStand],
    words: str = "",
    is_undo: bool = False,
) -> Redrawing:
    """Replace the stands and journal the changes; an unchanged layout writes nothing.

    Exhibitors, agents and visitors of a stand follow its new number; exhibitors its new place.
    """
    former = by_id(placed(hall.stands))
    changes = differences(former, by_id(layout)).values()
    if not changes:
        return Redrawing()
    smaller = shrunk_stands(hall.stands, by_id(layout), "id")
    replace_stands(session, hall, layout)
    write_entry(
        session,
        act.actor,
        FairAction.HALL_DRAWN,
        f"hall:{hall.id}",
        added=sorted(change.stand.number for change in changes if change.before is None),
        removed=sorted(change.stand.number for change in changes if change.after is None),
        changed=sorted(
            change.before.number for change in changes if change.before and change.after
        ),
    )
    return Redrawing(smaller, _follow_stands(act, session, hall, former, words, is_undo))


def _follow_stands(
    act: Act,
    session: Session,
    hall: Hall,
    former: Mapping[int | str, PlacedStand],
    words: str,
    is_undo: bool,
) -> Consequences:
    """Let what has a stand with another number, or an exhibitor's elsewhere, follow it."""
    renumbered: dict[int, str] = {}
    displaced: set[int] = set()
    stands: list[list[Any]] = []
    for stand in hall.stands:
        before = former.get(stand.id)
        if before is None:
            continue
        if stand.number != before.number:
            renumbered[stand.id] = before.number
        elif stand.exhibitor is not None and not overlap(before, stand):
            displaced.add(stand.id)
        else:
            continue
        stands.append([stand.id, _facts(before), _facts(stand)])
    if not stands:
        return ()
    change = Rearrangement(
        edition_id=hall.edition_id,
        actor=act.actor,
        at=act.now,
        words=words,
        reason="",
        is_undo=is_undo,
        renumbered=renumbered,
        displaced=frozenset(displaced),
    )
    action = RESTORED if is_undo else RENUMBERED
    numbers = [before["number"] for _, before, _ in stands]
    subject, facts = f"hall:{hall.id}", {STANDS: stands}
    return carry_out(change, action, subject, facts=facts, changed=numbers)


def _facts(stand: PlacedStand | Stand) -> dict[str, object]:
    """Return the number and the place of a stand."""
    return {name: getattr(stand, name) for name in ("number", "x", "y", "width", "depth")}
