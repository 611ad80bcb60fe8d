"""Steps of the purge that concern exhibitors: people, files, invoices."""

import secrets
from datetime import date, time

from sqlalchemy import Select, case, or_, select, update
from sqlalchemy.orm import Session

from salon.billing.models import (
    BillingDetails,
    Payment,
    Refund,
    SalesDocument,
    SalesLine,
    SalesPaper,
    StatementLine,
)
from salon.dashboard.engine.personal_data import PERSONAL_DATA
from salon.dashboard.services.account_closing import end_accounts
from salon.dashboard.services.draft_purge import delete_drafts, drafts_to_delete
from salon.dashboard.services.purge_steps import (
    ERASED_TOKEN,
    QUIETLY,
    Due,
    Step,
    Where,
    blank,
    blank_rows,
    delete_rows,
    make_step,
    of_editions,
)
from salon.exhibitors.models import (
    ApplicationStatus,
    CoExhibitor,
    CompanyRecord,
    Contact,
    Document,
    Exhibitor,
    Invitation,
    NegotiatedLine,
    Reminder,
    TaskAnswer,
)
from salon.invitations.models import Guest, LocalAuthority, OrganisationInvitation
from salon.placement.models import PlanProposal
from salon.platform.files.uploads import remove_file_after_commit
from salon.platform.settings.clock import paris
from salon.safety.models import SafetyForm

BUYER = "Acheteur effacé"
HASH_OF_OPPOSED = case(
    (OrganisationInvitation.opposed_at.is_not(None), OrganisationInvitation.email_hash), else_=""
)
"""The hash left of an address whose owner opposed invitations, so that it is not invited again."""


def _unblanked_contacts(due: Due) -> Where:
    return of_editions(Contact, due), or_(Contact.email_key != "", Contact.last_name != "")


def _blank_contacts(session: Session, due: Due, where: Where) -> None:
    """Blank contacts, and the accounts that no other exhibitor uses."""
    keys = set(session.scalars(select(Contact.email_key).where(*where)))
    blank_rows(session, Contact, *where)
    still = set(session.scalars(select(Contact.email_key).where(Contact.email_key.in_(keys))))
    end_accounts(session, keys - still, due.now)


def _unblanked_exhibitors(due: Due) -> Where:
    is_left = Exhibitor.private_token.not_like(f"{ERASED_TOKEN}%")
    return of_editions(Exhibitor, due), is_left


def _blank_exhibitors(session: Session, due: Due, where: Where) -> None:
    """Blank exhibitors except the catalogue's columns; private links stop working."""
    declared = PERSONAL_DATA["exhibitors"]
    published = dict.fromkeys(declared.published.split())
    private = {
        name: value for name, value in declared.blank_values.items() if name not in published
    }
    columns = select(Exhibitor.id, Exhibitor.status, Exhibitor.slug, Exhibitor.logo_file)
    for number, status, slug, logo in session.execute(columns.where(*where)).all():
        was_shown = status == ApplicationStatus.ACCEPTED or slug
        session.execute(
            update(Exhibitor)
            .where(Exhibitor.id == number)
            .values(
                **(private if was_shown else declared.blank_values),
                private_token=ERASED_TOKEN + secrets.token_urlsafe(24),
                version=Exhibitor.version + 1,
            ),
            execution_options=QUIETLY,
        )
        remove_file_after_commit(session, due.store, logo)


def last_closed_year(before: date) -> date:
    """Return the last 31 December up to `before`: books are closed at the end of the year."""
    end = date(before.year, 12, 31)
    return end if before == end else date(before.year - 1, 12, 31)


def _old_sales(due: Due) -> Where:
    closed_on = last_closed_year(due.fair_before.date())
    return SalesDocument.issued_on <= closed_on, SalesDocument.created_by != ""


def _blank_sales(session: Session, due: Due, where: Where) -> None:
    """Blank the buyer of documents whose ten years are over; numbers and amounts stay."""
    for document in session.scalars(select(SalesDocument).where(*where)).all():
        buyer = {**dict.fromkeys(document.buyer, ""), "name": BUYER}
        blank_rows(session, SalesDocument, SalesDocument.id == document.id, buyer=buyer)


def _ids_of_old_sales(due: Due) -> Select[int]:
    closed_on = last_closed_year(due.fair_before.date())
    return select(SalesDocument.id).where(SalesDocument.issued_on <= closed_on)


def _old_papers(due: Due) -> Where:
    return (SalesPaper.document_id.in_(_ids_of_old_sales(due)),)


def _old_lines(due: Due) -> Where:
    return SalesLine.document_id.in_(_ids_of_old_sales(due)), SalesLine.beneficiary != ""


def _blank_lines(session: Session, due: Due, where: Where) -> None:
    blank_rows(session, SalesLine, *where)


def _old_grants(due: Due) -> Where:
    year = last_closed_year(due.fair_before.date()).year
    ends_at = paris(date(year + 1, 1, 1), time())
    return NegotiatedLine.granted_at < ends_at, NegotiatedLine.granted_by != ""


def _blank_grants(session: Session, due: Due, where: Where) -> None:
    blank_rows(session, NegotiatedLine, *where)


def _old_payments(due: Due) -> Where:
    closed_on = last_closed_year(due.fair_before.date())
    return Payment.received_on <= closed_on, Payment.recorded_by != ""


def _blank_payments(session: Session, due: Due, where: Where) -> None:
    blank_rows(session, Payment, *where)


def _old_authorities(due: Due) -> Where:
    named = or_(LocalAuthority.head_last_name != "", LocalAuthority.email != "")
    return LocalAuthority.written_at <= due.fair_before, named


def _blank_authorities(session: Session, due: Due, where: Where) -> None:
    blank_rows(session, LocalAuthority, *where)


def _old_guests(due: Due) -> Where:
    named = or_(Guest.contact_last_name != "", Guest.email != "")
    return Guest.written_at <= due.fair_before, named


def _blank_guests(session: Session, due: Due, where: Where) -> None:
    blank_rows(session, Guest, *where)


def _old_refunds(due: Due) -> Where:
    closed_on = last_closed_year(due.fair_before.date())
    return Refund.refunded_on <= closed_on, Refund.recorded_by != ""


def _blank_refunds(session: Session, due: Due, where: Where) -> None:
    blank_rows(session, Refund, *where)


EXHIBITOR_STEPS: dict[str, Step] = {
    "exhibitors.draft": make_step(Exhibitor.status_at, drafts_to_delete, delete_drafts),
    "exhibitor_documents": delete_rows(Document.uploaded_at, files=Document.stored_name),
    "task_answers": delete_rows(TaskAnswer.answered_at),
    "safety_forms": delete_rows(SafetyForm.exhibitor_id, is_dated=False),
    "billing_details": delete_rows(BillingDetails.exhibitor_id, is_dated=False),
    "reminders": delete_rows(Reminder.exhibitor_id, is_dated=False),
    "co_exhibitors": delete_rows(CoExhibitor.exhibitor_id, is_dated=False),
    "invitations": blank(Invitation.created_at, Invitation.label != ""),
    "organisation_invitations": blank(
        OrganisationInvitation.sent_at,
        or_(
            OrganisationInvitation.email != "",
            OrganisationInvitation.note != "",
            OrganisationInvitation.decline_reason != "",
        ),
        email_hash=HASH_OF_OPPOSED,
    ),
    "local_authorities": make_step(LocalAuthority.written_at, _old_authorities, _blank_authorities),
    "guests": make_step(Guest.written_at, _old_guests, _blank_guests),
    "exhibitor_contacts": make_step(
        Contact.id, _unblanked_contacts, _blank_contacts, is_dated=False
    ),
    "exhibitors": make_step(Exhibitor.created_at, _unblanked_exhibitors, _blank_exhibitors),
    "plan_proposals": delete_rows(PlanProposal.asked_at),
    "sales_documents": make_step(SalesDocument.created_at, _old_sales, _blank_sales),
    "sales_lines": make_step(SalesLine.id, _old_lines, _blank_lines, is_dated=False),
    "sales_papers": delete_rows(SalesPaper.made_at, _old_papers, files=SalesPaper.stored_name),
    "negotiated_lines": make_step(NegotiatedLine.granted_at, _old_grants, _blank_grants),
    "payments": make_step(Payment.recorded_at, _old_payments, _blank_payments),
    "statement_lines": delete_rows(StatementLine.imported_at),
    "refunds": make_step(Refund.recorded_at, _old_refunds, _blank_refunds),
    "company_records": delete_rows(
        CompanyRecord.fetched_at, lambda due: (CompanyRecord.fetched_at <= due.fair_before,)
    ),
}
