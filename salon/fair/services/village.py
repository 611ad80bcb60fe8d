"""Bodies and themes of the village: added, changed, put in order, removed.

Each row's values by field (`…_of`) give the stamp that a page read. Changes raise StaleVersion.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import update

from salon.fair import queries
from salon.fair.models import Edition, PartnerBody, ProgrammeItem, Stand, Theme
from salon.fair.rules import village as rules
from salon.fair.services.files import delete_files
from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.slugs import free_slug
from salon.platform.submissions import earlier_row, settle_submission
from salon.platform.versions import check_version, stamp_of

Values = Mapping[str, Any]
Ranked = TypeVar("Ranked", PartnerBody, Theme)

BODY_FIELDS = ("name", "short_name", "topics", "presentation", "stand_id")
THEME_FIELDS = ("name", "body_id", "summary", "details", "figures", "links")


def body_values(body: PartnerBody) -> dict[str, Any]:
    return {name: getattr(body, name) for name in (*BODY_FIELDS, "rank")}


def theme_values(theme: Theme) -> dict[str, Any]:
    return {name: getattr(theme, name) for name in (*THEME_FIELDS, "rank")}


def add_body(edition: Edition, values: Values, key: str, actor: Identity) -> PartnerBody:
    """Add a body on a free stand. Idempotent by `key`. Raises StandNotFree."""
    stand = queries.get_stand_of(edition, values["stand_id"])
    with transaction(edition, stand) as session:
        content = {"body": edition.id, **values}
        if earlier := earlier_row(session, PartnerBody, key, content):
            return earlier
        rules.check_stand_is_free(stand, edition)
        bodies = list(queries.bodies_of(edition))
        columns = {name: values[name] for name in BODY_FIELDS}
        slug = free_slug(values["short_name"], {body.slug for body in bodies})
        body = PartnerBody(edition_id=edition.id, slug=slug, rank=len(bodies), **columns)
        session.add(body)
        _place(bodies, body, values["place"])
        session.flush()
        write_entry(session, actor, "body.added", f"edition:{edition.id}", name=body.name)
        settle_submission(session, key, str(body.id))
    return body


def change_body(
    edition: Edition, body: PartnerBody, changes: Values, stamp: str, actor: Identity
) -> None:
    """Change a body and its place. Raises StandNotFree, StillUsed when its stand is planned."""
    stand = queries.get_stand_of(edition, changes["stand_id"])
    with transaction(edition, body, stand) as session:
        check_version(stamp, stamp_of(body_values(body)))
        if stand.id != body.stand_id:
            rules.check_stand_is_free(stand, edition, body)
            former = queries.get_stand_of(edition, body.stand_id)
            name = f"Stand {former.number}"
            rules.check_is_unused(name, _uses(former), "Changer de stand")
        for field in BODY_FIELDS:
            setattr(body, field, changes[field])
        _place(_without(queries.bodies_of(edition), body), body, changes["place"])
        write_entry(session, actor, "body.changed", f"edition:{edition.id}", name=body.name)


def remove_body(edition: Edition, body: PartnerBody, stamp: str, actor: Identity) -> None:
    """Remove a body that nobody needs; its stand is free again. Raises StillUsed."""
    with transaction(edition, body) as session:
        check_version(stamp, stamp_of(body_values(body)))
        stand = queries.get_stand_of(edition, body.stand_id)
        uses = _uses(body) | _uses(stand)
        rules.check_is_unused(body.short_name, uses, "Le retirer")
        session.delete(body)
        session.flush()
        _renumber(_without(queries.bodies_of(edition), body))
        write_entry(session, actor, "body.removed", f"edition:{edition.id}", name=body.name)


def add_theme(edition: Edition, values: Values, key: str, actor: Identity) -> Theme:
    """Add a theme of a body. Idempotent by `key`."""
    body = queries.get_body(edition, values["body_id"])
    with transaction(edition, body) as session:
        content = {"theme": edition.id, **values}
        if earlier := earlier_row(session, Theme, key, content):
            return earlier
        themes = list(queries.themes_of(edition))
        columns = {name: values[name] for name in THEME_FIELDS}
        slug = free_slug(values["name"], {theme.slug for theme in themes})
        theme = Theme(edition_id=edition.id, slug=slug, rank=len(themes), **columns)
        session.add(theme)
        _place(themes, theme, values["place"])
        session.flush()
        write_entry(session, actor, "theme.added", f"edition:{edition.id}", name=theme.name)
        settle_submission(session, key, str(theme.id))
    return theme


def change_theme(
    edition: Edition, theme: Theme, changes: Values, stamp: str, actor: Identity
) -> None:
    """Change a theme and its place; its address stays. Raises StillUsed for another body."""
    body = queries.get_body(edition, changes["body_id"])
    with transaction(edition, body, theme) as session:
        check_version(stamp, stamp_of(theme_values(theme)))
        if body.id != theme.body_id:
            uses = {table: count for table, count in _uses(theme).items() if table in AT_A_STAND}
            rules.check_is_unused(theme.name, uses, "Le confier à un autre organisme")
        for field in THEME_FIELDS:
            setattr(theme, field, changes[field])
        _place(_without(queries.themes_of(edition), theme), theme, changes["place"])
        write_entry(session, actor, "theme.changed", f"edition:{edition.id}", name=theme.name)


def remove_theme(edition: Edition, theme: Theme, stamp: str, data: Path, actor: Identity) -> None:
    """Remove a theme that nobody needs, with its documents. Raises StillUsed.

    An item of the programme about it stays, without theme.
    """
    files = [file.stored_name for file in theme.files]
    with transaction(edition, theme) as session:
        check_version(stamp, stamp_of(theme_values(theme)))
        rules.check_is_unused(theme.name, _uses(theme), "Le retirer")
        session.execute(
            update(ProgrammeItem).where(ProgrammeItem.theme_id == theme.id).values(theme_id=None)
        )
        for file in theme.files:
            session.delete(file)
        session.flush()
        session.delete(theme)
        session.flush()
        _renumber(_without(queries.themes_of(edition), theme))
        write_entry(session, actor, "theme.removed", f"edition:{edition.id}", name=theme.name)
    delete_files(data, files)


AT_A_STAND = frozenset(("appointments", "appointment_holds", "queue_tickets", "waiting_entries"))
"""What was promised at the stand of the theme's body."""


def _uses(row: PartnerBody | Theme | Stand) -> dict[str, int]:
    return {table: queries.count_references(row, table) for table in rules.USES}


def _without(rows: Sequence[Ranked], removed: Ranked) -> list[Ranked]:
    return [row for row in rows if row.id != removed.id]


def _place(others: Sequence[Ranked], row: Ranked, place: int) -> None:
    """Put a row at its place, from 1, among the others."""
    rows = list(others)
    rows.insert(max(place - 1, 0), row)
    _renumber(rows)


def _renumber(rows: Sequence[Ranked]) -> None:
    for rank, row in enumerate(rows):
        row.rank = rank
