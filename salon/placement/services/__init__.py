"""Give a stand, exchange two, join a pavilion: one stand, one exhibitor, one edition."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.models import Exhibitor
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.exhibitors.services.lifecycle import notify_exhibitor
from salon.fair.models import Hall, Stand
from salon.placement import rules
from salon.placement.actions import PlacementAction
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction, violates
from salon.platform.database.identity import Identity
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version


def give_stand(act: Act, exhibitor_id: int, version: int, stand_id: int) -> Exhibitor:
    """Give a stand to an accepted exhibitor in place of its former one; notify its contact.

    Raises StaleVersion, StandAlreadyGiven, StandIsReserved, NotAccepted, PavilionHasNoStand,
    StandOfAnotherEdition.
    """
    exhibitor = get_exhibitor(exhibitor_id)
    stand = current_session().get_one(Stand, stand_id)
    halls = _halls_of({stand.hall_id, *([exhibitor.stand.hall_id] if exhibitor.stand else [])})
    try:
        with act.transaction(exhibitor, *halls) as session:
            check_version(version, exhibitor.version)
            rules.check_can_have_a_stand(exhibitor)
            stand = _reload_stand(session, stand_id)
            rules.check_stand_can_be_given(stand, exhibitor)
            if exhibitor.stand_id == stand.id:
                return exhibitor
            former = exhibitor.stand.number if exhibitor.stand else ""
            put_on_stand(act, session, exhibitor, stand, former)
            for hall in halls:
                hall.version += 1
    except IntegrityError as error:
        if is_stand_taken(error):
            raise _already_given(stand_id) from None
        raise
    return exhibitor


def put_on_stand(
    act: Act, session: Session, exhibitor: Exhibitor, stand: Stand, former: str
) -> None:
    """Set the stand, write the journal and post the message, in the caller's transaction."""
    exhibitor.stand_id = stand.id
    session.flush()
    session.expire(exhibitor, ["stand"])
    session.expire(stand, ["exhibitor"])
    details = {"stand": stand.number, "hall": stand.hall.name}
    if former:
        details["former"] = former
    write_entry(
        session, act.actor, ExhibitorAction.STAND_GIVEN, f"exhibitor:{exhibitor.id}", **details
    )
    notify_exhibitor(session, exhibitor, "stand_given", **{"former": "", **details})


def exchange_stands(
    act: Act, exhibitor_id: int, version: int, other_id: int, other_version: int
) -> tuple[Exhibitor, Exhibitor]:
    """Exchange the stands of two exhibitors and notify both.

    Raises StaleVersion, NothingToExchange, StandIsReserved.
    """
    exhibitor, other_exhibitor = get_exhibitor(exhibitor_id), get_exhibitor(other_id)
    halls = _halls_of(
        {occupant.stand.hall_id for occupant in (exhibitor, other_exhibitor) if occupant.stand}
    )
    with act.transaction(
        *{occupant.id: occupant for occupant in (exhibitor, other_exhibitor)}.values(), *halls
    ) as session:
        check_version(version, exhibitor.version)
        check_version(other_version, other_exhibitor.version)
        rules.check_can_exchange(exhibitor, other_exhibitor)
        first, second = exhibitor.stand, other_exhibitor.stand
        assert first is not None
        assert second is not None
        exhibitor.stand_id = None
        session.flush()
        put_on_stand(act, session, other_exhibitor, first, second.number)
        put_on_stand(act, session, exhibitor, second, first.number)
        for hall in halls:
            hall.version += 1
    return exhibitor, other_exhibitor


def free_stand(act: Act, exhibitor_id: int, version: int) -> Exhibitor:
    """Free the stand of an exhibitor and notify it. Raises StaleVersion, NoStandToFree."""
    exhibitor = get_exhibitor(exhibitor_id)
    halls = _halls_of([exhibitor.stand.hall_id] if exhibitor.stand else [])
    with act.transaction(exhibitor, *halls) as session:
        check_version(version, exhibitor.version)
        if exhibitor.stand is None:
            raise rules.NoStandToFree
        for hall in halls:
            hall.version += 1
        free_in(act, session, exhibitor)
    return exhibitor


def free_in(act: Act, session: Session, exhibitor: Exhibitor, note: str = "") -> None:
    """Free the stand, write the journal and post the message, in the caller's transaction."""
    assert exhibitor.stand is not None
    number = exhibitor.stand.number
    exhibitor.stand_id = None
    session.flush()
    session.expire(exhibitor, ["stand"])
    subject = f"exhibitor:{exhibitor.id}"
    write_entry(session, act.actor, ExhibitorAction.STAND_FREED, subject, stand=number)
    notify_exhibitor(session, exhibitor, "stand_freed", stand=number, note=note)


def attach_member(act: Act, exhibitor_id: int, version: int, parent_id: int | None) -> Exhibitor:
    """Put an exhibitor in a pavilion, or in none. Raises NotAPavilion, StaleVersion."""
    exhibitor = get_exhibitor(exhibitor_id)
    parent = get_exhibitor(parent_id) if parent_id is not None else None
    with act.transaction(exhibitor, *([parent] if parent else [])) as session:
        check_version(version, exhibitor.version)
        if parent is not None:
            rules.check_is_a_pavilion(parent, exhibitor)
        exhibitor.parent_id = parent.id if parent else None
        session.flush()
        session.expire(exhibitor, ["parent"])
        subject = f"exhibitor:{exhibitor.id}"
        action = (
            PlacementAction.EXHIBITOR_ATTACHED if parent else PlacementAction.EXHIBITOR_DETACHED
        )
        write_entry(
            session, act.actor, action, subject, **({"pavilion": parent.name} if parent else {})
        )
    return exhibitor


def is_stand_taken(error: IntegrityError) -> bool:
    return violates(error, "uq_exhibitors_stand_id", "exhibitors.stand_id")


def _halls_of(ids: Iterable[int]) -> list[Hall]:
    return list(current_session().scalars(select(Hall).where(Hall.id.in_(ids)).order_by(Hall.id)))


def _reload_stand(session: Session, stand_id: int) -> Stand:
    """Reload the stand with its occupant, now that its hall is locked."""
    statement = (
        select(Stand)
        .where(Stand.id == stand_id)
        .options(joinedload(Stand.body), joinedload(Stand.exhibitor), joinedload(Stand.hall))
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).unique().one()


def _already_given(stand_id: int) -> rules.StandAlreadyGiven:
    stand = _reload_stand(current_session(), stand_id)
    return rules.StandAlreadyGiven(stand.number, stand.exhibitor.name if stand.exhibitor else "")
