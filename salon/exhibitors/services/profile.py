"""Changes of an accepted exhibitor to its own page in the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.models import CoExhibitor, Exhibitor
from salon.exhibitors.rules.application import MOST_CO_EXHIBITORS, check_at_most
from salon.exhibitors.services.lifecycle import refuse_unless_accepted
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version
from salon.platform.files.uploads import (
    read_logo,
    remove_file,
    removed_unless_saved,
    save_file,
)
from salon.platform.storage.store import FileStore
from salon.platform.words.texts import folded


@dataclass(frozen=True)
class Profile:
    """`logo`: the bytes of a new one, b"" to remove it, None to leave it.

    `co_exhibitors`: (name, website) of each.
    """

    presentation: str
    website: str
    co_exhibitors: Sequence[tuple[str, str]]
    logo: bytes | None = None


def change_profile(
    act: Act, exhibitor: Exhibitor, version: int, profile: Profile, store: FileStore
) -> None:
    """Save the profile; re-encode a new logo and remove the file it replaces.

    Raises LogoRefused, TooManyChoices, NoLongerAccepted, StaleVersion.
    """
    check_at_most(profile.co_exhibitors, MOST_CO_EXHIBITORS, "co-exposants")
    added = save_file(store, read_logo(profile.logo), ".webp") if profile.logo else ""
    with removed_unless_saved(store, added), act.transaction(exhibitor) as session:
        refuse_unless_accepted(exhibitor)
        check_version(version, exhibitor.version)
        former = exhibitor.logo_file
        fields = _write(session, exhibitor, profile, added)
        if fields:
            subject = f"exhibitor:{exhibitor.id}"
            write_entry(session, act.actor, ExhibitorAction.PROFILE_CHANGED, subject, fields=fields)
    if profile.logo is not None:
        remove_file(store, former)


def _write(session: Session, exhibitor: Exhibitor, profile: Profile, added: str) -> list[str]:
    """Write the values that differ; return their names."""
    fields = []
    for name in ("presentation", "website"):
        if getattr(exhibitor, name) != getattr(profile, name):
            setattr(exhibitor, name, getattr(profile, name))
            fields.append(name)
    if profile.logo is not None and exhibitor.logo_file != added:
        exhibitor.logo_file = added
        fields.append("logo")
    standing = list(exhibitor.co_exhibitors)
    if [(co_exhibitor.name, co_exhibitor.website) for co_exhibitor in standing] != list(
        profile.co_exhibitors
    ):
        _write_co_exhibitors(session, exhibitor, standing, profile.co_exhibitors)
        fields.append("co_exhibitors")
    return fields


def _write_co_exhibitors(
    session: Session,
    exhibitor: Exhibitor,
    standing: list[CoExhibitor],
    lines: Sequence[tuple[str, str]],
) -> None:
    """Update co-exhibitors by name: an unchanged one keeps its row, also beside a namesake."""
    left = list(standing)
    for name, website in lines:
        co_exhibitor = next((candidate for candidate in left if candidate.name == name), None)
        if co_exhibitor is None:
            session.add(
                CoExhibitor(
                    exhibitor_id=exhibitor.id, name=name, name_key=folded(name), website=website
                )
            )
        else:
            left.remove(co_exhibitor)
            co_exhibitor.website = website
    for removed_row in left:
        session.delete(removed_row)
    flag_modified(exhibitor, "website")  # the version covers them too
    session.flush()
    session.expire(exhibitor, ["co_exhibitors"])
