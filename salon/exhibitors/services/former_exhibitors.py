"""Invite former exhibitors: a draft filled from their data, and its private link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from salon.accounts.queries import email_key_of
from salon.exhibitors.imports.former_exhibitors import FormerRow
from salon.exhibitors.models import (
    Contact,
    ContactKind,
    Exhibitor,
    ExhibitorTerms,
    OrganisationKind,
    Sector,
)
from salon.exhibitors.queries import former_exhibitors as queries
from salon.exhibitors.queries.exhibitors import terms_of
from salon.exhibitors.rules.lifecycle import check_applications_are_open
from salon.exhibitors.services.applications import new_token
from salon.exhibitors.services.lifecycle import notify_exhibitor
from salon.fair.models import Edition
from salon.platform import formats
from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.submissions import claim_submission, settle_submission
from salon.platform.texts import folded

TEXTS = (
    *("name", "legal_name", "siret", "country", "address", "postal_code", "city"),
    *("website", "presentation"),
)
PERSON = ("civility", "first_name", "last_name", "function", "email", "phone")


class Fate(StrEnum):
    """Outcome of a row of the list."""

    INVITED = "invited"
    WRONG = "wrong"
    KNOWN = "known"
    REPEATED = "repeated"


@dataclass(frozen=True)
class Planned:
    """A row and its outcome; `existing_name`: the application that it repeats."""

    row: FormerRow
    fate: Fate
    existing_name: str = ""


def plan_invitations(edition: Edition, rows: Sequence[FormerRow]) -> list[Planned]:
    """Return the outcome of inviting these rows now.

    A row repeats an application with the same SIRET, name (accents ignored) or address.
    """
    names_by_mark = queries.applications_by_mark(edition.id)
    seen_marks: set[str] = set()
    planned = []
    for row in rows:
        email = email_key_of(row.values["email"])
        marks = queries.marks_of(row.values["siret"], folded(row.name), email)
        met = next((names_by_mark[mark] for mark in marks if mark in names_by_mark), "")
        if row.wrong:
            planned.append(Planned(row, Fate.WRONG))
        elif met:
            planned.append(Planned(row, Fate.KNOWN, met))
        elif seen_marks & set(marks):
            planned.append(Planned(row, Fate.REPEATED))
        else:
            planned.append(Planned(row, Fate.INVITED))
            seen_marks.update(marks)
    return planned


def invite_former(
    edition: Edition, rows: Sequence[FormerRow], key: str, now: datetime, actor: Identity
) -> int:
    """Create a draft for each row that can be invited and send its link; return their number.

    Idempotent for one `key`. Raises SubmissionDiffers, ApplicationsNotYetOpen, ApplicationsClosed.
    """
    terms = terms_of(edition)
    check_applications_are_open(terms.applications_open_at, terms.applications_close_at, now)
    content = {"rows": [row.values for row in rows]}
    with transaction(terms) as session:
        earlier = claim_submission(session, key, content)
        if earlier is not None:
            return int(earlier)
        invited = [
            plan.row for plan in plan_invitations(edition, rows) if plan.fate == Fate.INVITED
        ]
        for row in invited:
            _invite(session, row, terms, now, actor)
        write_entry(
            session, actor, "exhibitors.invited", f"edition:{edition.id}", count=len(invited)
        )
        settle_submission(session, key, str(len(invited)))
    return len(invited)


def _invite(
    session: Session, row: FormerRow, terms: ExhibitorTerms, now: datetime, actor: Identity
) -> None:
    values = row.values
    exhibitor = Exhibitor(
        edition_id=terms.edition_id,
        private_token=new_token(),
        created_at=now,
        status_at=now,
        kind=OrganisationKind(values["kind"]),
        name_key=folded(row.name),
        sector=Sector(values["sector"]) if values["sector"] else None,
        wants_corner=bool(values["wants_corner"]),
        wants_water=bool(values["wants_water"]),
        power_kw=int(values["power_kw"] or 0),
        **{name: values[name] for name in TEXTS},
    )
    if values["area"]:
        exhibitor.area = int(values["area"])
    session.add(exhibitor)
    session.flush()
    session.add(
        Contact(
            exhibitor_id=exhibitor.id,
            kind=ContactKind.MAIN,
            email_key=email_key_of(values["email"]),
            **{name: values[name] for name in PERSON},
        )
    )
    session.flush()
    write_entry(session, actor, "exhibitor.invited", f"exhibitor:{exhibitor.id}")
    until = formats.moment(terms.applications_close_at)
    notify_exhibitor(session, exhibitor, "application_invited", until=until)
