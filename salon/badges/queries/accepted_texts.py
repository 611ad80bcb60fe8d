"""Versions of the texts that people accept when they register."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from salon.badges.models import Attendee, Consent, TextVersion
from salon.badges.models.labels import (
    ORIGINAL_TEXTS,
    ORIGINAL_VERSION,
    AcceptedText,
    Purpose,
)
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local
from salon.platform.words import formats


@dataclass(frozen=True)
class AcceptedVersion:
    """A version of a text; `written_at` None for the original."""

    version: str
    text: str
    written_at: datetime | None = None
    number: int = 1

    @property
    def label(self) -> str:
        """Return « version 2, du 3 mars 2027 », or « version d’origine »."""
        if self.written_at is None:
            return "version d’origine"
        return f"version {self.number}, du {formats.day(local(self.written_at).date())}"


Versions = dict[AcceptedText, list[AcceptedVersion]]


def versions_of(edition_id: int) -> Versions:
    """Return the versions of each text, the one in force first, the original last."""
    statement = (
        select(TextVersion)
        .where(TextVersion.edition_id == edition_id)
        .order_by(TextVersion.number.desc())
    )
    versions: Versions = {subject: [] for subject in AcceptedText}
    for row in current_session().scalars(statement):
        version = AcceptedVersion(str(row.number), row.text, row.written_at, row.number)
        versions[AcceptedText(row.subject)].append(version)
    for subject, text in ORIGINAL_TEXTS.items():
        versions[subject].append(AcceptedVersion(ORIGINAL_VERSION, text))
    return versions


def texts_in_force(edition_id: int) -> dict[AcceptedText, AcceptedVersion]:
    return {subject: versions[0] for subject, versions in versions_of(edition_id).items()}


def find_version(versions: Versions, subject: str, version: str) -> AcceptedVersion | None:
    """Return a version of a text, or None for one that this edition never had."""
    return next((row for row in versions[AcceptedText(subject)] if row.version == version), None)


@dataclass(frozen=True)
class Acceptance:
    """A consent that stands, with the text of the version that the person accepted."""

    subject: str
    text: str
    version: str
    given_at: datetime


def accepted_by(attendee: Attendee) -> list[Acceptance]:
    """Return the consents of a person that stand, with the texts of their versions."""
    versions = versions_of(attendee.edition_id)
    standing = [consent for consent in attendee.consents if consent.withdrawn_at is None]
    return [acceptance_of(consent, versions) for consent in standing]


def notice_read_by(attendee: Attendee) -> str:
    """Return the version of the privacy notice that a person read, "" without one."""
    versions = versions_of(attendee.edition_id)
    read = find_version(versions, AcceptedText.PRIVACY, attendee.notice_version)
    return read.label if read else ""


def acceptance_of(consent: Consent, versions: Versions) -> Acceptance:
    """Return a consent with the text of its version, among those of its edition."""
    version = find_version(versions, consent.purpose, consent.text_version)
    return Acceptance(
        subject=consent.purpose,
        text=version.text if version else Purpose(consent.purpose).label,
        version=version.label if version else f"version {consent.text_version}",
        given_at=consent.given_at,
    )
