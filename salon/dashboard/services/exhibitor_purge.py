"""Steps of the purge that concern exhibitors: people, files, invoices."""

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from salon.accounts.models import Account, SignIn, SingleUseCode
from salon.billing.models import BillingDetails, Payment, SalesDocument
from salon.dashboard.services.purge_steps import QUIETLY, Due, Step, Volume, volume_of
from salon.exhibitors.models import (
    ApplicationStatus,
    CoExhibitor,
    CompanyRecord,
    Contact,
    Document,
    Exhibitor,
    Invitation,
    Reminder,
    WantedOption,
    exhibitor_themes,
)
from salon.placement.models import PlanProposal
from salon.platform.files import remove_file
from salon.platform.identity import Role
from salon.safety.models import SafetyForm

NOBODY: dict[str, Any] = {
    "civility": "",
    "first_name": "",
    "last_name": "",
    "function": "",
    "email": "",
    "email_key": "",
    "phone": "",
}
"""Blank values of a contact; its row and kind stay."""

PRIVATE: dict[str, Any] = {
    "status_reason": "",
    "siret": "",
    "foreign_number": "",
    "legal_name": "",
    "address": "",
    "postal_code": "",
    "vat_number": "",
    "logo_file": "",
    "near": [],
    "apart": [],
    "wish_note": "",
}
"""Columns of an exhibitor that the catalogue did not show."""

NEVER_SHOWN: dict[str, Any] = {
    "name": "Candidature effacée",
    "name_key": "",
    "city": "",
    "activity": "",
    "website": "",
    "presentation": "",
}
"""Further columns blanked in an application that was not accepted: the public never saw it."""

ERASED_TOKEN = "erased:"
BUYER = "Acheteur effacé"


def account_blank() -> dict[str, Any]:
    """Return the values of a blanked account."""
    return {
        "email": "",
        "email_key": literal("erased:") + cast(Account.id, String),
        "display_name": "Compte effacé",
        "password_hash": "",
        "totp_secret": "",
    }


def _of_ended(model: type[Any], due: Due) -> ColumnElement[bool]:
    """Return the condition for rows of `model` of an exhibitor of an ended edition."""
    ended = select(Exhibitor.id).where(Exhibitor.edition_id.in_(due.editions))
    condition: ColumnElement[bool] = model.exhibitor_id.in_(ended)
    return condition


def _delete_theirs(model: type[Any]) -> Step:
    """Return a step that deletes the rows of exhibitors of ended editions in a table."""

    def step(session: Session, due: Due) -> Volume:
        count = session.scalar(select(func.count()).select_from(model).where(_of_ended(model, due)))
        if due.dry_run:
            return Volume(count or 0)
        session.execute(delete(model).where(_of_ended(model, due)), execution_options=QUIETLY)
        return Volume(count or 0)

    return step


def _blank_contacts(session: Session, due: Due) -> Volume:
    """Blank contacts, and the accounts that no other exhibitor uses."""
    left = (_of_ended(Contact, due), or_(Contact.email_key != "", Contact.last_name != ""))
    count = session.scalar(select(func.count()).select_from(Contact).where(*left)) or 0
    if due.dry_run:
        return Volume(count)
    keys = set(session.scalars(select(Contact.email_key).where(*left)))
    session.execute(update(Contact).where(*left).values(NOBODY), execution_options=QUIETLY)
    still = set(session.scalars(select(Contact.email_key).where(Contact.email_key.in_(keys))))
    end_accounts(session, keys - still, due.now)
    return Volume(count)


def end_accounts(session: Session, keys: set[str], at: datetime) -> None:
    """Close and blank the exhibitors' accounts of these addresses."""
    account_ids = select(Account.id).where(
        Account.role == Role.EXHIBITOR, Account.email_key.in_(keys)
    )
    ids = session.scalars(account_ids).all()
    for model in (SignIn, SingleUseCode):
        session.execute(delete(model).where(model.account_id.in_(ids)), execution_options=QUIETLY)
    values = {"disabled_at": func.coalesce(Account.disabled_at, at), **account_blank()}
    session.execute(
        update(Account).where(Account.id.in_(ids)).values(values), execution_options=QUIETLY
    )


def _delete_documents(session: Session, due: Due) -> Volume:
    """Delete the documents of exhibitors, rows and files."""
    due_documents = _of_ended(Document, due)
    volume = volume_of(session, Document.uploaded_at, due_documents)
    if due.dry_run:
        return volume
    names = session.scalars(select(Document.stored_name).where(due_documents)).all()
    session.execute(delete(Document).where(due_documents), execution_options=QUIETLY)
    _remove_files(due, names)
    return volume


def _remove_files(due: Due, names: Any) -> None:
    for name in names:
        remove_file(due.data, name)


def _blank_exhibitors(session: Session, due: Due) -> Volume:
    """Blank exhibitors except the catalogue's columns; private links stop working."""
    left = (
        Exhibitor.edition_id.in_(due.editions),
        Exhibitor.private_token.not_like(f"{ERASED_TOKEN}%"),
    )
    volume = volume_of(session, Exhibitor.created_at, *left)
    if due.dry_run:
        return volume
    columns = select(Exhibitor.id, Exhibitor.status, Exhibitor.slug, Exhibitor.logo_file)
    for number, status, slug, logo in session.execute(columns.where(*left)).all():
        was_shown = status == ApplicationStatus.ACCEPTED or slug
        session.execute(
            update(Exhibitor)
            .where(Exhibitor.id == number)
            .values(
                **PRIVATE,
                **({} if was_shown else NEVER_SHOWN),
                private_token=ERASED_TOKEN + secrets.token_urlsafe(24),
                version=Exhibitor.version + 1,
            ),
            execution_options=QUIETLY,
        )
        _remove_files(due, [logo])
    return volume


def _delete_drafts(session: Session, due: Due) -> Volume:
    """Delete applications that were never sent, with all their rows."""
    old = (Exhibitor.status == ApplicationStatus.DRAFT, Exhibitor.created_at <= due.fair_before)
    volume = volume_of(session, Exhibitor.created_at, *old)
    if due.dry_run:
        return volume
    drafts = session.execute(select(Exhibitor.id, Exhibitor.logo_file).where(*old)).all()
    ids = [number for number, _ in drafts]
    papers = session.scalars(select(Document.stored_name).where(Document.exhibitor_id.in_(ids)))
    files = [*papers.all(), *(logo for _, logo in drafts)]
    session.execute(
        delete(exhibitor_themes).where(exhibitor_themes.c.exhibitor_id.in_(ids)),
    )
    for model in HANGS_ON:
        session.execute(delete(model).where(model.exhibitor_id.in_(ids)), execution_options=QUIETLY)
    session.execute(delete(Exhibitor).where(Exhibitor.id.in_(ids)), execution_options=QUIETLY)
    _remove_files(due, files)
    return volume


HANGS_ON: tuple[type[Any], ...] = (
    *(Contact, CoExhibitor, WantedOption, Invitation, Document),
    *(SafetyForm, BillingDetails, Reminder),
)


def _delete_proposals(session: Session, due: Due) -> Volume:
    old = PlanProposal.edition_id.in_(due.editions)
    volume = volume_of(session, PlanProposal.asked_at, old)
    if due.dry_run:
        return volume
    session.execute(delete(PlanProposal).where(old), execution_options=QUIETLY)
    return volume


def _blank_invitations(session: Session, due: Due) -> Volume:
    left = (_of_ended(Invitation, due), Invitation.label != "")
    volume = volume_of(session, Invitation.created_at, *left)
    if due.dry_run:
        return volume
    session.execute(update(Invitation).where(*left).values(label=""), execution_options=QUIETLY)
    return volume


def last_closed_year(before: date) -> date:
    """Return the last 31 December up to `before`: books are closed at the end of the year."""
    end = date(before.year, 12, 31)
    return end if before == end else date(before.year - 1, 12, 31)


def _blank_sales(session: Session, due: Due) -> Volume:
    """Blank the buyer of documents whose ten years are over; numbers and amounts stay."""
    left = (
        SalesDocument.issued_on <= last_closed_year(due.fair_before.date()),
        SalesDocument.created_by != "",
    )
    volume = volume_of(session, SalesDocument.created_at, *left)
    if due.dry_run:
        return volume
    for document in session.scalars(select(SalesDocument).where(*left)).all():
        values = {
            "buyer": {**dict.fromkeys(document.buyer, ""), "name": BUYER},
            "created_by": "",
            "engagement_number": "",
            "purchase_order": "",
        }
        session.execute(
            update(SalesDocument).where(SalesDocument.id == document.id).values(values),
            execution_options=QUIETLY,
        )
    return volume


def _blank_payments(session: Session, due: Due) -> Volume:
    left = (
        Payment.received_on <= last_closed_year(due.fair_before.date()),
        Payment.recorded_by != "",
    )
    volume = volume_of(session, Payment.recorded_at, *left)
    if due.dry_run:
        return volume
    values = {"reference": "", "recorded_by": ""}
    session.execute(update(Payment).where(*left).values(values), execution_options=QUIETLY)
    return volume


def _delete_records(session: Session, due: Due) -> Volume:
    old = CompanyRecord.fetched_at <= due.fair_before
    volume = volume_of(session, CompanyRecord.fetched_at, old)
    if due.dry_run:
        return volume
    session.execute(delete(CompanyRecord).where(old), execution_options=QUIETLY)
    return volume


EXHIBITOR_STEPS: dict[str, Step] = {
    "exhibitors.draft": _delete_drafts,
    "exhibitor_documents": _delete_documents,
    "safety_forms": _delete_theirs(SafetyForm),
    "billing_details": _delete_theirs(BillingDetails),
    "reminders": _delete_theirs(Reminder),
    "co_exhibitors": _delete_theirs(CoExhibitor),
    "invitations": _blank_invitations,
    "exhibitor_contacts": _blank_contacts,
    "exhibitors": _blank_exhibitors,
    "plan_proposals": _delete_proposals,
    "sales_documents": _blank_sales,
    "payments": _blank_payments,
    "company_records": _delete_records,
}
