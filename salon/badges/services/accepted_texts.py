"""Texts that people accept when they register: each change is a new version."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.badges.actions import BadgeAction
from salon.badges.models import TextVersion
from salon.badges.models.labels import ORIGINAL_TEXTS, AcceptedText
from salon.badges.queries.accepted_texts import find_version, texts_in_force, versions_of
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version, stamp_of
from salon.platform.settings.clock import now


def text_values(edition: Edition) -> dict[str, str]:
    """Return the texts in force by subject."""
    return {subject.value: row.text for subject, row in texts_in_force(edition.id).items()}


def change_texts(act: FairAct, changes: Mapping[str, str], stamp: str) -> list[str]:
    """Write a new version of each text that differs; return their subjects.

    An empty text is the original again. Earlier versions stay. Raises StaleVersion.
    """
    with act.transaction(act.edition) as session:
        current = text_values(act.edition)
        check_version(stamp, stamp_of(current))
        changed = []
        for subject in AcceptedText:
            text = changes[subject] or ORIGINAL_TEXTS[subject]
            if text != current[subject]:
                write_version(session, act.edition, subject, text)
                changed.append(subject.value)
        if changed:
            about = f"edition:{act.edition.id}"
            names = [AcceptedText(subject).label for subject in changed]
            write_entry(
                session, act.actor, BadgeAction.REGISTRATION_TEXTS_CHANGED, about, fields=names
            )
    return changed


def write_version(session: Session, edition: Edition, subject: AcceptedText, text: str) -> None:
    """Add the next version of a text; the original is the first."""
    last = session.scalar(
        select(func.max(TextVersion.number)).where(
            TextVersion.edition_id == edition.id, TextVersion.subject == subject
        )
    )
    row = TextVersion(
        edition_id=edition.id,
        subject=subject,
        number=(last or 1) + 1,
        text=text,
        written_at=now(),
    )
    session.add(row)


def versions_accepted(edition_id: int, read: Mapping[str, str]) -> dict[str, str]:
    """Return the version of each text that somebody accepts.

    `read`: the versions that their page showed; one that never was, or is not said, is that in
    force.
    """
    versions = versions_of(edition_id)
    return {
        subject.value: read[subject]
        if subject in read and find_version(versions, subject, read[subject])
        else rows[0].version
        for subject, rows in versions.items()
    }
