"""Invite former exhibitors: a draft filled from their data, and its private link."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from salon.accounts.queries import email_key_of
from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.imports.former_exhibitors import FormerRow, row_of
from salon.exhibitors.models import (
    Contact,
    ContactKind,
    Exhibitor,
    OrganisationKind,
    Sector,
)
from salon.exhibitors.queries import former_exhibitors as queries
from salon.exhibitors.queries.exhibitors import terms_of
from salon.exhibitors.rules.lifecycle import check_applications_are_open
from salon.exhibitors.services.applications import post_link
from salon.exhibitors.services.lifecycle import main_contact, notify_exhibitor
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, settle_submission
from salon.platform.words import formats
from salon.platform.words.likeness import Identity as Person
from salon.platform.words.likeness import are_organisations_alike, resembling
from salon.platform.words.texts import folded
from salon.platform.words.tokens import new_token

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
    OPPOSED = "opposed"


@dataclass(frozen=True)
class Planned:
    """A row and its outcome; `existing_name`: the application that it repeats; `resembles`: the
    one that it may be, and why."""

    row: FormerRow
    fate: Fate
    existing_name: str = ""
    resembles: str = ""


def plan_invitations(
    edition: Edition, rows: Sequence[FormerRow], opposed: Collection[str] = ()
) -> list[Planned]:
    """Return the outcome of inviting these rows now.

    A row repeats an application with the same SIRET, name (accents ignored) or address. `opposed`:
    addresses that want no invitation.
    """
    applications = queries.applications_by_mark(edition.id)
    seen_marks: set[str] = set()
    planned = []
    for row in rows:
        email = email_key_of(row.values["email"])
        marks = queries.marks_of(row.values["siret"], folded(row.name), email)
        application = next((applications[mark] for mark in marks if mark in applications), None)
        if row.wrong:
            planned.append(Planned(row, Fate.WRONG))
        elif application is not None:
            existing_name = application.name or application.siret or "sans nom"
            planned.append(Planned(row, Fate.KNOWN, existing_name))
        elif row.values["email"] in opposed:
            planned.append(Planned(row, Fate.OPPOSED))
        elif seen_marks & set(marks):
            planned.append(Planned(row, Fate.REPEATED))
        else:
            planned.append(Planned(row, Fate.INVITED))
            seen_marks.update(marks)
    return _compared(planned, queries.contacts_of_applications(edition.id))


def _compared(planned: list[Planned], contacts: Mapping[int, Person]) -> list[Planned]:
    """Return the rows, and of those to invite the application that each may be."""
    people = [
        Person(
            **{name: plan.row.values[name] for name in PERSON if name != "phone"},
            telephone=plan.row.values["phone"],
            organisation=plan.row.name,
        )
        for plan in planned
    ]
    compared = []
    for plan, likely in zip(planned, resembling(people, contacts), strict=True):
        resembles = ""
        if plan.fate is Fate.INVITED and likely:
            contact = contacts[likely[0][0]]
            person = f"{contact.first_name} {contact.last_name}"
            resembles = f"{contact.organisation}, {person} ({likely[0][1].words})"
        elif plan.fate is Fate.INVITED:
            names = (contact.organisation for contact in contacts.values())
            alike = (name for name in names if are_organisations_alike(name, plan.row.name))
            resembles = next(alike, "")
        compared.append(replace(plan, resembles=resembles))
    return compared


def invite_former(
    act: FairAct, rows: Sequence[FormerRow], key: str, opposed: Collection[str] = ()
) -> int:
    """Create a draft for each row that can be invited and send its link; return their number.

    Idempotent for one `key`. Raises SubmissionDiffers, ApplicationsNotYetOpen, ApplicationsClosed.
    """
    terms = terms_of(act.edition)
    check_applications_are_open(act.edition, terms, act.now)
    content = {"rows": [row.values for row in rows]}
    with act.transaction(terms) as session:
        earlier = claim_submission(session, key, content)
        if earlier is not None:
            return int(earlier)
        planned = plan_invitations(act.edition, rows, opposed)
        invited = [plan.row for plan in planned if plan.fate == Fate.INVITED]
        until = formats.moment(terms.applications_close_at)
        for row in invited:
            exhibitor = _create_draft(session, row.values, terms.edition_id, act.now)
            write_entry(session, act.actor, ExhibitorAction.INVITED, f"exhibitor:{exhibitor.id}")
            notify_exhibitor(session, exhibitor, "application_invited", until=until)
        write_entry(
            session,
            act.actor,
            ExhibitorAction.EXHIBITORS_INVITED,
            f"edition:{act.edition.id}",
            count=len(invited),
        )
        settle_submission(session, key, str(len(invited)))
    return len(invited)


def start_from_former(act: FairAct, former: Exhibitor, name: str, email: str) -> Exhibitor | None:
    """Create a draft filled with what a former exhibitor said of itself, and `email` alone.

    Its private link is mailed there. Returns the draft that this address began before, if any;
    None when somebody else applied for the organisation, whose own contact gets the link again.
    Raises ApplicationsNotYetOpen, ApplicationsClosed.
    """
    terms = terms_of(act.edition)
    check_applications_are_open(act.edition, terms, act.now)
    values = {**row_of(1, former).values, **dict.fromkeys(PERSON, ""), "email": email}
    values["name"] = values["name"] or name
    marks = queries.marks_of(values["siret"], folded(values["name"]), email_key_of(email))
    with act.transaction(terms) as session:
        applications = queries.applications_by_mark(act.edition.id)
        existing = next((applications[mark] for mark in marks if mark in applications), None)
        if existing is not None:
            contact = main_contact(session, existing)
            if contact is not None and contact.email_key == email_key_of(email):
                return existing
            post_link(session, existing, "application_link")
            write_entry(session, act.actor, ExhibitorAction.ASKED_AGAIN, f"exhibitor:{existing.id}")
            return None
        exhibitor = _create_draft(session, values, act.edition.id, act.now)
        write_entry(session, act.actor, ExhibitorAction.START, f"exhibitor:{exhibitor.id}")
        until = formats.moment(terms.applications_close_at)
        post_link(session, exhibitor, "application_started", until=until)
    return exhibitor


def _create_draft(
    session: Session, values: Mapping[str, str], edition_id: int, now: datetime
) -> Exhibitor:
    exhibitor = Exhibitor(
        edition_id=edition_id,
        private_token=new_token(),
        created_at=now,
        status_at=now,
        kind=OrganisationKind(values["kind"]),
        name_key=folded(values["name"]),
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
    return exhibitor
