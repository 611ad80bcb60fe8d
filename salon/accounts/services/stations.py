"""Creation, enrolment and revocation of stations."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from salon.accounts import queries, rules
from salon.accounts.actions import AccountAction
from salon.accounts.models import SignIn, SingleUseCode, Station, StationKind
from salon.accounts.queries import digest
from salon.accounts.services.recovery import ALPHABET, normalised
from salon.accounts.services.single_use_codes import add_code, void_codes
from salon.platform.database.act import Act
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import real_now
from salon.platform.words.errors import LinkExpired
from salon.platform.words.texts import folded

ENROLMENT = "enrolment"
ENROLMENT_LIFETIME = timedelta(minutes=10)
ENROLMENT_LENGTH = 12
"""Signs, of 31: 59 bits, typed where a camera cannot read them."""


def create_station(
    act: Act, name: str, door: str, edition_id: int | None, kind: StationKind = StationKind.SCANNER
) -> Station:
    """Create a station, not yet enrolled, under a name that no other in use has."""
    station = Station(kind=kind, door=door, edition_id=edition_id, created_at=real_now())
    with act.transaction() as session:
        _lock_names(session, edition_id)
        station.name = free_name(name, edition_id)
        session.add(station)
        session.flush()
        write_entry(
            session,
            act.actor,
            AccountAction.STATION_CREATED,
            f"station:{station.id}",
            name=station.name,
        )
    return station


def free_name(name: str, edition_id: int | None) -> str:
    """Return this name, numbered when a station of the edition that is not revoked has it."""
    in_use = {
        folded(station.name)
        for station in queries.stations_of(edition_id)
        if station.revoked_at is None
    }
    return rules.distinct_name(name, in_use)


def _lock_names(session: Session, edition_id: int | None) -> None:
    """Lock the edition, or all of them: no other station takes a name meanwhile."""
    (key,) = Station.__table__.c.edition_id.foreign_keys
    edition = key.column
    statement = select(edition).order_by(edition).with_for_update()
    session.execute(statement if edition_id is None else statement.where(edition == edition_id))


def offer_enrolment(act: Act, station_id: int) -> str:
    """Return a single-use code, good for 10 minutes, that enrols a device. Raises NotADevice."""
    station = queries.get_station(station_id)
    rules.check_is_a_device(station.kind != StationKind.PAPER)
    with act.transaction(station) as session:
        void_codes(
            session, SingleUseCode.station_id == station_id, SingleUseCode.purpose == ENROLMENT
        )
        code = "".join(secrets.choice(ALPHABET) for _ in range(ENROLMENT_LENGTH))
        add_code(session, ENROLMENT, code, ENROLMENT_LIFETIME, station_id=station_id)
        write_entry(session, act.actor, AccountAction.STATION_OFFERED, f"station:{station_id}")
    return code


@across_editions()
def enrol_station(act: Act, code: str) -> tuple[Station, str]:
    """Use an enrolment code, of any edition; return the station and its token, shown this once.

    A former device of the station loses its token and its sign-ins. Raises LinkExpired.
    """
    with act.transaction() as session:
        enrolment = queries.find_code(ENROLMENT, normalised(code))
        if enrolment is None or enrolment.station_id is None:
            raise LinkExpired
        session.refresh(enrolment, with_for_update=True)
        rules.check_code_is_live(enrolment.used_at, enrolment.expires_at, real_now())
        enrolment.used_at = real_now()
        station = session.get_one(Station, enrolment.station_id, with_for_update=True)
        token = _give_token(act, session, station)
    return station, token


def issue_station_token(act: Act, name: str, edition_id: int | None) -> str:
    """Create and enrol a station at once; return its token, shown this once."""
    station = create_station(act, name, "A", edition_id)
    with act.transaction(station) as session:
        return _give_token(act, session, station)


def revoke_station(act: Act, station_id: int) -> None:
    """Revoke a station; its sign-ins and unused codes end."""
    station = queries.get_station(station_id)
    with act.transaction(station) as session:
        station.revoked_at = real_now()
        station.token_hash = None
        session.execute(delete(SignIn).where(SignIn.station_id == station_id))
        void_codes(session, SingleUseCode.station_id == station_id)
        write_entry(session, act.actor, AccountAction.STATION_REVOKED, f"station:{station_id}")


def restore_station(act: Act, station_id: int) -> None:
    """Restore a revoked station, numbered if another took its name; its device must be enrolled
    again.
    """
    station = queries.get_station(station_id)
    with act.transaction(station) as session:
        if station.revoked_at is None:
            return
        _lock_names(session, station.edition_id)
        station.name = free_name(station.name, station.edition_id)
        station.revoked_at = station.enrolled_at = None
        write_entry(session, act.actor, AccountAction.STATION_RESTORED, f"station:{station_id}")


def _give_token(act: Act, session: Session, station: Station) -> str:
    token = secrets.token_urlsafe(32)
    station.token_hash = digest(token)
    station.enrolled_at = real_now()
    station.revoked_at = None
    session.execute(delete(SignIn).where(SignIn.station_id == station.id))
    write_entry(session, act.actor, AccountAction.STATION_ENROLLED, f"station:{station.id}")
    return token
