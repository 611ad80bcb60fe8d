"""Giving a stand, exchanging two, joining a pavilion: one stand, one exhibitor, one edition."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from salon.exhibitors.models import Exhibitor
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.exhibitors.rules import placement as rules
from salon.exhibitors.rules.versions import check_version
from salon.exhibitors.services.lifecycle import tell_exhibitor
from salon.fair.models import Hall, Stand
from salon.platform.db import current_session, transaction, violates
from salon.platform.identity import Identity
from salon.platform.journal import write_entry


def give_stand(
    exhibitor_id: int, version: int, stand_id: int, by: Identity, now: datetime
) -> Exhibitor:
    """Gives a stand to an accepted exhibitor, in the place of the one it had; tells its contact.

    Raises ChangedMeanwhile, StandAlreadyGiven, StandIsReserved, NotAccepted, PavilionHasNoStand,
    StandOfAnotherEdition.
    """
    exhibitor = get_exhibitor(exhibitor_id)
    stand = current_session().get_one(Stand, stand_id)
    halls = _halls_of({stand.hall_id, *([exhibitor.stand.hall_id] if exhibitor.stand else [])})
    try:
        with transaction(exhibitor, *halls) as session:
            check_version(version, exhibitor.version)
            rules.check_can_have_a_stand(exhibitor)
            stand = _read_again(session, stand_id)
            rules.check_stand_can_be_given(stand, exhibitor)
            if exhibitor.stand_id == stand.id:
                return exhibitor
            former = exhibitor.stand.number if exhibitor.stand else ""
            put_on_stand(session, exhibitor, stand, former, by)
            for hall in halls:
                hall.version += 1
    except IntegrityError as error:
        if is_stand_taken(error):
            raise _already_given(stand_id) from None
        raise
    return exhibitor


def put_on_stand(
    session: Session, exhibitor: Exhibitor, stand: Stand, former: str, by: Identity
) -> None:
    """Sets the stand, writes the journal and the message, in the caller's transaction."""
    exhibitor.stand_id = stand.id
    session.flush()
    session.expire(exhibitor, ["stand"])
    session.expire(stand, ["exhibitor"])
    details = {"stand": stand.number, "hall": stand.hall.name}
    if former:
        details["former"] = former
    write_entry(session, by, "exhibitor.stand_given", f"exhibitor:{exhibitor.id}", **details)
    tell_exhibitor(session, exhibitor, "stand_given", **{"former": "", **details})


def exchange_stands(
    exhibitor_id: int, version: int, other_id: int, other_version: int, by: Identity, now: datetime
) -> tuple[Exhibitor, Exhibitor]:
    """Each of two exhibitors gets the stand of the other; both are told.

    Raises ChangedMeanwhile, NothingToExchange, StandIsReserved.
    """
    one, other = get_exhibitor(exhibitor_id), get_exhibitor(other_id)
    halls = _halls_of({it.stand.hall_id for it in (one, other) if it.stand})
    with transaction(*{it.id: it for it in (one, other)}.values(), *halls) as session:
        check_version(version, one.version)
        check_version(other_version, other.version)
        rules.check_can_exchange(one, other)
        first, second = one.stand, other.stand
        assert first is not None
        assert second is not None
        one.stand_id = None
        session.flush()
        put_on_stand(session, other, first, second.number, by)
        put_on_stand(session, one, second, first.number, by)
        for hall in halls:
            hall.version += 1
    return one, other


def free_stand(exhibitor_id: int, version: int, by: Identity, now: datetime) -> Exhibitor:
    """Takes the stand back from an exhibitor, who is told.

    Raises ChangedMeanwhile, NoStandToFree.
    """
    exhibitor = get_exhibitor(exhibitor_id)
    halls = _halls_of([exhibitor.stand.hall_id] if exhibitor.stand else [])
    with transaction(exhibitor, *halls) as session:
        check_version(version, exhibitor.version)
        if exhibitor.stand is None:
            raise rules.NoStandToFree
        number = exhibitor.stand.number
        exhibitor.stand_id = None
        for hall in halls:
            hall.version += 1
        session.flush()
        session.expire(exhibitor, ["stand"])
        subject = f"exhibitor:{exhibitor.id}"
        write_entry(session, by, "exhibitor.stand_freed", subject, stand=number)
        tell_exhibitor(session, exhibitor, "stand_freed", stand=number)
    return exhibitor


def attach_member(
    exhibitor_id: int, version: int, parent_id: int | None, by: Identity, now: datetime
) -> Exhibitor:
    """Puts an exhibitor in a pavilion, or in none. Raises NotAPavilion, ChangedMeanwhile."""
    exhibitor = get_exhibitor(exhibitor_id)
    parent = get_exhibitor(parent_id) if parent_id is not None else None
    with transaction(exhibitor, *([parent] if parent else [])) as session:
        check_version(version, exhibitor.version)
        if parent is not None:
            rules.check_is_a_pavilion(parent, exhibitor)
        exhibitor.parent_id = parent.id if parent else None
        session.flush()
        session.expire(exhibitor, ["parent"])
        subject = f"exhibitor:{exhibitor.id}"
        action = "exhibitor.attached" if parent else "exhibitor.detached"
        write_entry(session, by, action, subject, **({"pavilion": parent.name} if parent else {}))
    return exhibitor


def is_stand_taken(error: IntegrityError) -> bool:
    return violates(error, "uq_exhibitors_stand_id", "exhibitors.stand_id")


def _halls_of(ids: Iterable[int]) -> list[Hall]:
    return list(current_session().scalars(select(Hall).where(Hall.id.in_(ids)).order_by(Hall.id)))


def _read_again(session: Session, stand_id: int) -> Stand:
    """The stand as it is now that its hall is locked, with who is on it."""
    wanted = (
        select(Stand)
        .where(Stand.id == stand_id)
        .options(joinedload(Stand.body), joinedload(Stand.exhibitor), joinedload(Stand.hall))
        .execution_options(populate_existing=True)
    )
    return session.scalars(wanted).unique().one()


def _already_given(stand_id: int) -> rules.StandAlreadyGiven:
    stand = _read_again(current_session(), stand_id)
    return rules.StandAlreadyGiven(stand.number, stand.exhibitor.name if stand.exhibitor else "")
