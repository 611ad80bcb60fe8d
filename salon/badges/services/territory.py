"""The territory of an edition: its département, the name of its village, its time zone."""

from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from salon.badges import rules
from salon.badges.queries.territory import has_hours
from salon.badges.services.places import write_department
from salon.fair.actions import FairAction
from salon.fair.models import Edition, utc_offset_on
from salon.fair.services.acts import FairAct
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version, stamp_of
from salon.platform.settings.edition import forget_time_zones
from salon.platform.words.territory import places_of


@dataclass(frozen=True)
class Territory:
    """`department`: INSEE code; `village_name` with its article; `time_zone`: IANA name."""

    department: str
    village_name: str
    time_zone: str


def territory_of(edition: Edition) -> Territory:
    return Territory(edition.department, edition.village_name, edition.time_zone)


def values_of(edition: Edition) -> dict[str, str]:
    """Return the territory by field; its stamp is the version that a page read."""
    return asdict(territory_of(edition))


def change_territory(act: FairAct, territory: Territory, stamp: str) -> None:
    """Change the territory, and load the places of its département.

    The dates of registration keep their hour in another time zone. Raises StaleVersion,
    HoursAlreadySet.
    """
    places = places_of(territory.department)
    with act.transaction(act.edition) as session:
        current = territory_of(act.edition)
        check_version(stamp, stamp_of(values_of(act.edition)))
        if territory.department != current.department:
            write_department(act, session, territory.department, places)
        if territory == current:
            return
        if territory.time_zone != current.time_zone:
            rules.check_no_hour_is_set(has_hours(act.edition))
            act.edition.registration_opens_at = _same_hour(
                act.edition.registration_opens_at, current.time_zone, territory.time_zone
            )
            act.edition.registration_closes_at = _same_hour(
                act.edition.registration_closes_at, current.time_zone, territory.time_zone
            )
        act.edition.department = territory.department
        act.edition.village_name = territory.village_name
        act.edition.time_zone = territory.time_zone
        for day in act.edition.days:
            day.utc_offset = utc_offset_on(day.day_on, territory.time_zone)
        write_entry(
            session,
            act.actor,
            FairAction.EDITION_TERRITORY_CHANGED,
            f"edition:{act.edition.id}",
            **asdict(territory),
        )
    forget_time_zones()


def _same_hour(instant: datetime, former: str, zone: str) -> datetime:
    """Return the instant at which the clocks of `zone` show what those of `former` showed."""
    return instant.astimezone(ZoneInfo(former)).replace(tzinfo=ZoneInfo(zone))
