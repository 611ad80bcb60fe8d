"""Bodies, themes, programme and documents."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from salon.fair.actions import FairAction
from salon.fair.models import (
    Edition,
    FairFile,
    Hall,
    PartnerBody,
    ProgrammeItem,
    Room,
    Stand,
    Theme,
)
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.journal import JournalEntry
from salon.platform.words.formats import time_context
from salon.platform.words.texts import folded


def bodies_of(edition: Edition) -> Sequence[PartnerBody]:
    """Return the bodies of the village with their stand and hall, the Département first."""
    return (
        current_session()
        .scalars(
            select(PartnerBody)
            .where(PartnerBody.edition_id == edition.id, PartnerBody.withdrawn_at.is_(None))
            .options(joinedload(PartnerBody.stand).joinedload(Stand.hall))
            .order_by(PartnerBody.rank)
        )
        .all()
    )


def themes_of(edition: Edition) -> Sequence[Theme]:
    """Return the themes in the order of the village, with their body and its stand."""
    return (
        current_session()
        .scalars(
            select(Theme)
            .where(Theme.edition_id == edition.id, Theme.withdrawn_at.is_(None))
            .options(joinedload(Theme.body).joinedload(PartnerBody.stand).joinedload(Stand.hall))
            .order_by(Theme.rank)
        )
        .all()
    )


def slugs_of(kind: type[PartnerBody] | type[Theme], edition: Edition) -> set[str]:
    """Return the slugs taken by the bodies or the themes of an edition, withdrawn ones too."""
    return set(current_session().scalars(select(kind.slug).where(kind.edition_id == edition.id)))


def withdrawn_bodies_of(edition: Edition) -> Sequence[PartnerBody]:
    """Return the bodies that were withdrawn, by name."""
    bodies = select(PartnerBody).where(
        PartnerBody.edition_id == edition.id, PartnerBody.withdrawn_at.is_not(None)
    )
    return sorted(current_session().scalars(bodies), key=lambda body: folded(body.name))


def withdrawn_themes_of(edition: Edition) -> Sequence[Theme]:
    """Return the themes that were withdrawn, by name."""
    themes = select(Theme).where(Theme.edition_id == edition.id, Theme.withdrawn_at.is_not(None))
    return sorted(current_session().scalars(themes), key=lambda theme: folded(theme.name))


def all_bodies_of(edition: Edition) -> list[PartnerBody]:
    """Return the bodies in order; each withdrawn one where it would be put back."""
    return sorted([*withdrawn_bodies_of(edition), *bodies_of(edition)], key=lambda row: row.rank)


def all_themes_of(edition: Edition) -> list[Theme]:
    """Return the themes in order; each withdrawn one where it would be put back."""
    return sorted([*withdrawn_themes_of(edition), *themes_of(edition)], key=lambda row: row.rank)


def get_theme(edition: Edition, slug: str) -> Theme:
    statement = select(Theme).where(
        Theme.edition_id == edition.id, Theme.slug == slug, Theme.withdrawn_at.is_(None)
    )
    return current_session().scalars(statement).one()


def programme_of(edition: Edition) -> Sequence[ProgrammeItem]:
    """Return what the public sees of the programme, by starting time."""
    return [item for item in all_programme_of(edition) if not item.is_draft]


def all_programme_of(edition: Edition) -> Sequence[ProgrammeItem]:
    """Return the programme by starting time, drafts too."""
    return (
        current_session()
        .scalars(
            select(ProgrammeItem)
            .where(ProgrammeItem.edition_id == edition.id)
            .order_by(ProgrammeItem.starts_at, ProgrammeItem.id)
        )
        .all()
    )


News = tuple[datetime, dict[str, str]]
"""When an item of the programme was made known or changed last; its day, hour and title."""
TOLD = (FairAction.PROGRAMME_ADDED, FairAction.PROGRAMME_CHANGED, FairAction.PROGRAMME_PUBLISHED)


def programme_news(edition: Edition) -> list[News]:
    """Return the public items of the programme that the journal says to be new or changed."""
    entries = select(JournalEntry.at, JournalEntry.details).where(
        JournalEntry.subject == f"edition:{edition.id}", JournalEntry.action.in_(TOLD)
    )
    told: dict[str, datetime] = {}
    for at, details in current_session().execute(entries.order_by(JournalEntry.id)):
        title = details.get("title", "")
        told |= dict.fromkeys((title, *title.split(", ")), at)
    return [
        (told[item.title], {"title": item.title, **time_context(item)})
        for item in programme_of(edition)
        if item.title in told
    ]


def programme_with_files(edition: Edition) -> Sequence[ProgrammeItem]:
    """Return what the public sees of the programme by starting time, with the themes and the
    documents of its items."""
    return (
        current_session()
        .scalars(
            select(ProgrammeItem)
            .where(ProgrammeItem.edition_id == edition.id, ProgrammeItem.is_draft.is_(False))
            .options(joinedload(ProgrammeItem.theme), selectinload(ProgrammeItem.files))
            .order_by(ProgrammeItem.starts_at, ProgrammeItem.id)
        )
        .all()
    )


def get_item(edition: Edition, item_id: int) -> ProgrammeItem:
    statement = select(ProgrammeItem).where(
        ProgrammeItem.id == item_id, ProgrammeItem.edition_id == edition.id
    )
    return current_session().scalars(statement).one()


def rooms_of(edition: Edition) -> Sequence[Room]:
    """Return the rooms of the programme by name."""
    rooms = select(Room).where(Room.edition_id == edition.id)
    return sorted(current_session().scalars(rooms), key=lambda room: folded(room.name))


def get_room(edition: Edition, room_id: int) -> Room:
    statement = select(Room).where(Room.id == room_id, Room.edition_id == edition.id)
    return current_session().scalars(statement).one()


def get_body(edition: Edition, body_id: int) -> PartnerBody:
    statement = select(PartnerBody).where(
        PartnerBody.id == body_id, PartnerBody.edition_id == edition.id
    )
    return current_session().scalars(statement).one()


def get_stand_of(edition: Edition, stand_id: int) -> Stand:
    statement = select(Stand).where(Stand.id == stand_id, Stand.edition_id == edition.id)
    return current_session().scalars(statement).one()


def get_hall_by_id(edition: Edition, hall_id: int) -> Hall:
    statement = select(Hall).where(Hall.id == hall_id, Hall.edition_id == edition.id)
    return current_session().scalars(statement).one()


def count_references(row: PartnerBody | Theme | Stand | Hall, table_name: str) -> int:
    """Return how many rows of a table, of any feature, refer to a row of this one."""
    table = Edition.metadata.tables[table_name]
    columns = [
        column
        for column in table.columns
        if any(key.column.table.name == row.__tablename__ for key in column.foreign_keys)
    ]
    if not columns:
        return 0
    statement = select(func.count()).select_from(table)
    refers = or_(*(column == row.id for column in columns))
    return current_session().scalar(statement.where(refers)) or 0


def get_theme_by_id(edition: Edition, theme_id: int) -> Theme:
    statement = select(Theme).where(Theme.id == theme_id, Theme.edition_id == edition.id)
    return current_session().scalars(statement).one()


def get_file(edition: Edition, file_id: int) -> FairFile:
    statement = select(FairFile).where(FairFile.id == file_id, FairFile.edition_id == edition.id)
    return current_session().scalars(statement).one()


def get_public_file(edition: Edition, file_id: int) -> FairFile:
    """Return a file that anybody may read, not one of a draft. Raises NoResultFound."""
    statement = (
        select(FairFile)
        .outerjoin(ProgrammeItem, ProgrammeItem.id == FairFile.item_id)
        .where(
            FairFile.id == file_id,
            FairFile.edition_id == edition.id,
            or_(FairFile.item_id.is_(None), ProgrammeItem.is_draft.is_(False)),
        )
    )
    return current_session().scalars(statement).one()


@across_editions()
def stored_names() -> set[str]:
    """Return the names of the logos, of the pictures of home pages, and of the files of themes and
    programme, of every edition."""
    pictures = current_session().execute(
        select(Edition.logo_name, Edition.picture_name, Edition.small_picture_name)
    )
    names = {name for row in pictures for name in row if name}
    return {*current_session().scalars(select(FairFile.stored_name)), *names}


def body_id_at(stand: Stand) -> int | None:
    """Return the id of the body that has the stand, else of the last that had it."""
    if stand.body is not None:
        return stand.body.id
    withdrawn = select(PartnerBody.id).where(PartnerBody.stand_id == stand.id)
    latest = withdrawn.order_by(PartnerBody.withdrawn_at.desc(), PartnerBody.id.desc())
    return current_session().scalar(latest.limit(1))


def find_stand_of_body(stand_id: int, body_id: int | None = None) -> Stand | None:
    """Return the present stand of a body that had this one; None while it has none.

    Without `body_id`: the stand itself, while a body has it.
    """
    session = current_session()
    body = session.get(PartnerBody, body_id) if body_id is not None else None
    stand = session.get_one(Stand, stand_id) if body is None else body.stand
    is_there = stand.body is not None and body in (None, stand.body)
    return stand if is_there else None
