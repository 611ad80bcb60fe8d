"""What an accepted exhibitor changes of its own page in the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from salon.exhibitors.models import ApplicationStatus, CoExhibitor, Exhibitor
from salon.exhibitors.rules.application import MOST_CO_EXHIBITORS, check_at_most
from salon.exhibitors.rules.documents import check_is_accepted
from salon.exhibitors.rules.versions import check_version
from salon.platform.db import transaction
from salon.platform.files import read_logo, remove_file, save_file
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.texts import folded


@dataclass(frozen=True)
class Profile:
    """`logo`: the bytes of a new one, b"" for none any more, None to leave it as it is.

    `co_exhibitors`: (name, website) of each.
    """

    presentation: str
    website: str
    co_exhibitors: Sequence[tuple[str, str]]
    logo: bytes | None = None


def change_profile(
    exhibitor: Exhibitor, version: int, profile: Profile, data: Path, by: Identity, now: datetime
) -> None:
    """Saves the profile; a new logo is made anew, the former file goes once it is replaced.

    Raises LogoRefused, TooManyChoices, NoLongerAccepted, ChangedMeanwhile.
    """
    check_at_most(profile.co_exhibitors, MOST_CO_EXHIBITORS, "co-exposants")
    added = save_file(data, read_logo(profile.logo), ".webp") if profile.logo else ""
    try:
        with transaction(exhibitor) as session:
            check_is_accepted(exhibitor.status == ApplicationStatus.ACCEPTED)
            check_version(version, exhibitor.version)
            former = exhibitor.logo_file
            fields = _write(session, exhibitor, profile, added)
            if fields:
                subject = f"exhibitor:{exhibitor.id}"
                write_entry(session, by, "exhibitor.profile_changed", subject, fields=fields)
    except BaseException:
        remove_file(data, added)
        raise
    if profile.logo is not None:
        remove_file(data, former)


def _write(session: Session, exhibitor: Exhibitor, profile: Profile, added: str) -> list[str]:
    """Writes what differs; answers its names."""
    fields = []
    for name in ("presentation", "website"):
        if getattr(exhibitor, name) != getattr(profile, name):
            setattr(exhibitor, name, getattr(profile, name))
            fields.append(name)
    if profile.logo is not None and exhibitor.logo_file != added:
        exhibitor.logo_file = added
        fields.append("logo")
    standing = list(exhibitor.co_exhibitors)
    if [(one.name, one.website) for one in standing] != list(profile.co_exhibitors):
        _write_co_exhibitors(session, exhibitor, standing, profile.co_exhibitors)
        fields.append("co_exhibitors")
    return fields


def _write_co_exhibitors(
    session: Session,
    exhibitor: Exhibitor,
    standing: list[CoExhibitor],
    wanted: Sequence[tuple[str, str]],
) -> None:
    """A co-exhibitor that stays keeps its row, and what the catalogue says of it."""
    known = {one.name: one for one in standing}
    for name, website in wanted:
        kept = known.pop(name, None)
        if kept is None:
            session.add(
                CoExhibitor(
                    exhibitor_id=exhibitor.id, name=name, name_key=folded(name), website=website
                )
            )
        else:
            kept.website = website
    for gone in known.values():
        session.delete(gone)
    flag_modified(exhibitor, "website")  # the version covers them too
    session.flush()
    session.expire(exhibitor, ["co_exhibitors"])
