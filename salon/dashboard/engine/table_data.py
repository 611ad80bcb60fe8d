"""Data of one table: which columns, how long, why, and what becomes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

DAY = timedelta(days=1)


class DataClass(StrEnum):
    PERSONAL = "données personnelles"
    TRACE = "traces"
    TECHNICAL = "données techniques"
    PUBLIC = "données publiques ou statistiques"


@dataclass(frozen=True)
class TableData:
    """Data of a table: kept for `lifetime` after `since`, then `outcome`; None: without limit.

    Columns by name, separated by spaces: `emptied` and `replaced` (by a fixed value) where a purge
    or an erasure keeps the row, but a purge leaves those `published` in the catalogue; `masked`,
    texts where an erasure masks the person; `untouched`, personal data that go with their row or
    their person, or stay for `reason`; `plain`, nothing about a person; `internal`, what the file
    of a person leaves out: secrets, technical values, our own staff. Public tables name none.
    """

    data: DataClass
    lifetime: timedelta | None
    since: str
    outcome: str
    reason: str
    title: str = ""
    emptied: str = ""
    replaced: Mapping[str, object] = field(default_factory=dict)
    published: str = ""
    masked: str = ""
    untouched: str = ""
    plain: str = ""
    internal: str = ""

    def holding(self, **columns: Any) -> "TableData":
        return replace(self, **columns)

    @property
    def follows_fair(self) -> bool:
        """Return whether the time runs from the end of an edition, whose destruction needs a
        visa."""
        return self.since == FAIR_END

    @property
    def blank_values(self) -> dict[str, Any]:
        """Return the values of the columns of a blanked row."""
        return {**dict.fromkeys(self.emptied.split(), ""), **self.replaced}


FAIR_END = "la fin du salon"
LAST_SAVE = "le dernier enregistrement, candidatures closes"


def for_good(reason: str) -> TableData:
    """Return the data of a table that is kept without limit."""
    return TableData(DataClass.TECHNICAL, None, "", "conservées", reason)


def public(reason: str, tables: str) -> dict[str, TableData]:
    """Return, by table, data that name nobody."""
    return dict.fromkeys(
        tables.split(), TableData(DataClass.PUBLIC, None, "", "conservées", reason)
    )


def after_fair(title: str, days: int, outcome: str, reason: str) -> TableData:
    """Return personal data whose time runs from the end of their edition."""
    return TableData(DataClass.PERSONAL, timedelta(days=days), FAIR_END, outcome, reason, title)


def personal(lifetime: timedelta, since: str, outcome: str, reason: str) -> TableData:
    """Return personal data whose time runs from a moment of their own."""
    return TableData(DataClass.PERSONAL, lifetime, since, outcome, reason)


def technical(lifetime: timedelta, since: str, reason: str) -> TableData:
    """Return data of the installation, deleted in time."""
    return TableData(DataClass.TECHNICAL, lifetime, since, "supprimées", reason)
