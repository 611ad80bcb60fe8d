"""Badges, what is printed on them, and print runs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Row, and_, func, select

from salon.badges.engine.qr import qr_payload
from salon.badges.models import (
    Attendee,
    AttendeeStatus,
    Badge,
    BadgeLine,
    BadgeSettings,
    Category,
    Group,
    Printing,
    PrintRun,
)
from salon.badges.models.badge_layouts import (
    AppointmentLine,
    BadgeCategoryFace,
    BadgeFace,
    FairFace,
)
from salon.badges.models.labels import printed_function
from salon.badges.queries.holders import HOLDER, STAND, with_holder
from salon.badges.queries.people import BY_NAME, CHUNK, PAGE, AttendeeFilter, attendees
from salon.badges.queries.settings import category_colours
from salon.badges.queries.visit_days import visit_labels
from salon.fair.models import Edition, Hall, ProgrammeItem
from salon.fair.queries import stands_on_plan
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.engagements import Engagement, engagements_of_attendees
from salon.platform.words import formats

CANCELLED = "cancelled"
"""Revocation reason of the badge of a cancelled registration."""


def get_badge_by_token(token: str) -> Badge:
    """Return the badge of this private link, valid or not. Raises NoResultFound.

    The link of a merged registration opens the badge of the one that was kept.
    """
    badge = current_session().scalars(select(Badge).where(Badge.private_token == token)).one()
    return (find_valid_badge(badge.attendee_id) or badge) if badge.is_merged else badge


def find_badge_by_token(token: str) -> Badge | None:
    """Return the badge of this private link as `get_badge_by_token` does, or None."""
    exists = select(Badge.id).where(Badge.private_token == token)
    return None if current_session().scalar(exists) is None else get_badge_by_token(token)


def get_badge(badge_id: int) -> Badge:
    return current_session().scalars(select(Badge).where(Badge.id == badge_id)).one()


def find_valid_badge(attendee_id: int) -> Badge | None:
    return current_session().scalar(
        select(Badge).where(Badge.attendee_id == attendee_id, Badge.revoked_at.is_(None))
    )


def find_badge_cancelled(attendee_id: int) -> Badge | None:
    """Return the badge that the cancellation of a registration revoked."""
    return current_session().scalar(
        select(Badge)
        .where(Badge.attendee_id == attendee_id, Badge.revoked_reason == CANCELLED)
        .order_by(Badge.id.desc())
        .limit(1)
    )


def get_valid_badge(attendee_id: int) -> Badge:
    return (
        current_session()
        .scalars(select(Badge).where(Badge.attendee_id == attendee_id, Badge.revoked_at.is_(None)))
        .one()
    )


def payload_of(badge: Badge, qr_prefix: str) -> str:
    """Return the text in the QR code of a badge."""
    return qr_payload(qr_prefix, badge.code)


def valid_badges_of(group: Group) -> list[int]:
    """Return the valid badges of a group's registered people, by person."""
    statement = (
        select(Badge.id)
        .join(Attendee)
        .where(VALID, Attendee.group_id == group.id)
        .order_by(*BY_NAME)
    )
    return list(current_session().scalars(statement))


VALID = and_(Badge.revoked_at.is_(None), Attendee.status == AttendeeStatus.REGISTERED)


def valid_codes(edition: Edition, limit: int | None = None) -> list[str]:
    """Return the codes of the valid badges of an edition, in the order of their issue."""
    statement = (
        select(Badge.code)
        .join(Attendee)
        .where(VALID, Badge.edition_id == edition.id)
        .order_by(Badge.id)
        .limit(limit)
    )
    return list(current_session().scalars(statement))


def find_demonstration_badge(edition: Edition) -> Badge | None:
    """Return a valid badge of an edition, an elected person's if there is one."""
    return current_session().scalar(
        select(Badge)
        .join(Attendee)
        .where(VALID, Badge.edition_id == edition.id)
        .order_by((Attendee.category != Category.ELECTED), Badge.id)
        .limit(1)
    )


def badges_to_print(
    edition_id: int, filters: AttendeeFilter, limit: int | None = None
) -> list[tuple[int, int]]:
    """Return (badge id, attendee id) of the filtered valid badges, in printing order."""
    statement = (
        attendees(edition_id, filters).join(Badge, Badge.attendee_id == Attendee.id).where(VALID)
    )
    rows = current_session().execute(
        statement.with_only_columns(Badge.id, Attendee.id).limit(limit)
    )
    return [(badge, attendee) for badge, attendee in rows]


def count_to_print(edition_id: int, filters: AttendeeFilter) -> int:
    statement = (
        attendees(edition_id, filters).join(Badge, Badge.attendee_id == Attendee.id).where(VALID)
    )
    only_ids = statement.with_only_columns(Badge.id).order_by(None).subquery()
    return current_session().scalar(select(func.count()).select_from(only_ids)) or 0


def faces_of(
    badge_ids: Sequence[int],
    qr_prefix: str,
    settings: BadgeSettings,
    promised_at: Edition | None = None,
    printed: list[int] | None = None,
) -> Iterator[BadgeFace]:
    """Return the printed content of these badges, in their order, CHUNK of them in memory at a
    time; those revoked meanwhile are left out.

    `promised_at`: their appointments at this edition are printed too. `printed`: receives the
    number of each badge that is given.
    """
    lines, colours = settings.lines, category_colours(settings.colours)
    label = formats.hour
    if promised_at is not None and len(promised_at.days) > 1:
        label = formats.short_moment
    for start in range(0, len(badge_ids), CHUNK):
        part = badge_ids[start : start + CHUNK]
        rows = current_session().execute(FACES.where(Badge.id.in_(part)))
        by_id = {row.id: row for row in rows}
        attendee_ids = (
            {row.attendee_id for row in by_id.values()} if promised_at is not None else ()
        )
        promised = engagements_of_attendees(attendee_ids) if attendee_ids else {}
        current_session().rollback()
        for row in (by_id[badge] for badge in part if badge in by_id):
            if printed is not None:
                printed.append(row.id)
            face = _face(row, qr_prefix, colours, _lines(promised.get(row.attendee_id, ()), label))
            yield printed_face(face, lines)


def _lines(
    promised: Sequence[Engagement], label: Callable[[datetime], str]
) -> tuple[AppointmentLine, ...]:
    return tuple(
        (
            label(engagement.starts_at) if engagement.is_firm else "À choisir",
            engagement.theme,
            f"{engagement.party}, {engagement.place}"
            if engagement.is_firm
            else "Une autre heure est à choisir.",
        )
        for engagement in promised
        if engagement.is_live and not engagement.is_over
    )


FACES = with_holder(
    select(Badge.id, Badge.attendee_id, Badge.code, Attendee.visit_days, *HOLDER, STAND)
    .select_from(Badge)
    .where(Badge.revoked_at.is_(None))
)


def _face(
    row: Row[*tuple[object, ...]],
    qr_prefix: str,
    colours: Mapping[str, str],
    appointments: tuple[AppointmentLine, ...],
) -> BadgeFace:
    category = Category(row.category)
    return BadgeFace(
        first_name=row.first_name,
        last_name=row.last_name,
        function=printed_function(row.function, row.function_other, row.civility),
        organisation=row.on_behalf_of,
        category=BadgeCategoryFace(category.word(row.civility), colours[category]),
        payload=qr_payload(qr_prefix, row.code),
        short_code=short_code(row.code),
        stand=stand_words(row.stand),
        visit_days=row.visit_days,
        appointments=appointments,
    )


def stand_words(number: str) -> str:
    """Return « Stand 66 » as printed on a badge, "" without a stand."""
    return f"Stand {number}" if number else ""


def printed_face(face: BadgeFace, lines: Sequence[str]) -> BadgeFace:
    """Return what a badge says of its holder when only these lines are printed."""
    return replace(
        face,
        function=face.function if BadgeLine.FUNCTION in lines else "",
        organisation=face.organisation if BadgeLine.ORGANISATION in lines else "",
        stand=face.stand if BadgeLine.STAND in lines else "",
    )


def short_code(code: str) -> str:
    """Return the first eight characters, in two groups: enough to identify a badge aloud."""
    return f"{code[:4]} {code[4:8]}"


def fair_face(edition: Edition, settings: BadgeSettings) -> FairFace:
    """Return the edition as printed on its badges."""
    items = current_session().scalars(
        select(ProgrammeItem)
        .where(ProgrammeItem.edition_id == edition.id, ProgrammeItem.is_draft.is_(False))
        .order_by(ProgrammeItem.starts_at)
    )
    label = formats.short_moment if len(edition.days) > 1 else formats.hour
    in_use = select(Hall).where(Hall.edition_id == edition.id, Hall.closed_at.is_(None))
    halls = current_session().scalars(in_use).all()
    return FairFace(
        name=edition.name,
        day=edition.day_label,
        hours=edition.hours_label,
        place=edition.place,
        address=edition.address,
        programme=[(label(item.starts_at), item.title, item.room.name) for item in items],
        halls=[(hall.name, hall.width, hall.depth, hall.x, hall.y) for hall in halls],
        stands=[
            (stand.number, stand.hall, stand.x, stand.y, stand.width, stand.depth, stand.body or "")
            for stand in stands_on_plan(edition)
        ],
        practical=[line.strip() for line in edition.access.splitlines() if line.strip()],
        organiser=edition.organiser,
        is_dated=BadgeLine.FAIR in settings.lines,
        visits=_visits(edition),
        landscape=edition.landscape,
    )


def _visits(edition: Edition) -> dict[str, tuple[str, str]]:
    """Return the days and hours of visits that leave out days of the fair, as somebody chose
    them."""
    if len(edition.days) < 2:
        return {}
    chosen = select(Attendee.visit_days).where(
        Attendee.edition_id == edition.id, Attendee.visit_days != ""
    )
    return {
        visit_days: visit_labels(edition, visit_days)
        for visit_days in current_session().scalars(chosen.distinct())
    }


def get_print_run(run_id: int) -> PrintRun:
    return current_session().scalars(select(PrintRun).where(PrintRun.id == run_id)).one()


def get_finished_run(run_id: int) -> PrintRun:
    """Return a run whose file can be fetched."""
    return (
        current_session()
        .scalars(
            select(PrintRun).where(
                PrintRun.id == run_id, PrintRun.status == "done", PrintRun.file_name != ""
            )
        )
        .one()
    )


@across_editions()
def printed_files() -> set[str]:
    """Return the file names of the print runs of every edition."""
    return set(
        current_session().scalars(select(PrintRun.file_name).where(PrintRun.file_name != ""))
    )


def recent_print_runs(edition_id: int, limit: int = PAGE) -> Sequence[PrintRun]:
    return (
        current_session()
        .scalars(
            select(PrintRun)
            .where(PrintRun.edition_id == edition_id)
            .order_by(PrintRun.id.desc())
            .limit(limit)
        )
        .all()
    )


def printings_of(attendee: Attendee) -> Sequence[Printing]:
    """Return the printings of this person's badges, oldest first."""
    return (
        current_session()
        .scalars(
            select(Printing)
            .join(Badge)
            .where(Badge.attendee_id == attendee.id)
            .order_by(Printing.id)
        )
        .all()
    )
