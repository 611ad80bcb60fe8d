"""Names that doors hold in memory, to find a person without network."""

from sqlalchemy import Row, func, select

from salon.badges.models import Badge
from salon.badges.models.labels import Need, printed_function
from salon.badges.queries.holders import HOLDER, with_holder
from salon.entrance.engine.offline_list import Label
from salon.entrance.models import ListEntry
from salon.platform.database.db import current_session

NAMES_AT_ONCE = 4_000
"""Most names of one answer; those of one serial are never split."""


def label_of(row: Row[*tuple[object, ...]]) -> Label:
    return Label(
        row.first_name,
        row.last_name,
        printed_function(row.function, row.function_other, row.civility),
        row.on_behalf_of or "",
        row.category,
        row.is_vip,
        tuple(need for need in row.needs if need in set(Need)),
    )


def names_since(edition_id: int, serial: int) -> tuple[int, list[tuple[str, Label | None]]]:
    """Return a serial, and the badges that the list changed after `serial` and until it.

    Each is the hash of its code, and its holder's label; None when it is revoked.
    """
    later = (ListEntry.edition_id == edition_id, ListEntry.serial > serial)
    last = current_session().scalar(
        select(ListEntry.serial)
        .where(*later)
        .order_by(ListEntry.serial)
        .offset(NAMES_AT_ONCE - 1)
        .limit(1)
    ) or current_session().scalar(select(func.max(ListEntry.serial)).where(*later))
    if last is None:
        return serial, []
    rows = current_session().execute(
        with_holder(
            select(Badge.code_hash, ListEntry.is_revoked, *HOLDER).join(
                ListEntry, ListEntry.badge_id == Badge.id
            )
        ).where(*later, ListEntry.serial <= last)
    )
    return last, [(row.code_hash, None if row.is_revoked else label_of(row)) for row in rows]
