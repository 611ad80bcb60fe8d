"""An application from its first line to its sending, and what its private link may do after."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.accounts.queries import email_key_of
from salon.exhibitors.engine.company import Company
from salon.exhibitors.models import (
    ApplicationStatus,
    Contact,
    ContactKind,
    Exhibitor,
    OrganisationKind,
)
from salon.exhibitors.queries import applications as queries
from salon.exhibitors.queries.exhibitors import terms_of
from salon.exhibitors.rules.application import (
    AlreadyApplied,
    check_company_is_open,
    check_is_complete,
    check_is_editable,
)
from salon.exhibitors.rules.lifecycle import Move, Who, check_applications_are_open
from salon.exhibitors.rules.versions import check_version
from salon.exhibitors.services.lifecycle import main_contact, move_exhibitor
from salon.fair.queries import get_current_edition
from salon.platform import formats
from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.limits import count_mail
from salon.platform.mail import outbox
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.submissions import claim_submission, settle_submission
from salon.platform.texts import folded

KNOWN = "known"


@dataclass(frozen=True)
class Applicant:
    """What the first page asks: a SIRET, or a name and a country when there is none."""

    email: str
    siret: str = ""
    kind: str = OrganisationKind.COMPANY
    name: str = ""
    country: str = "FR"
    foreign_number: str = ""


def new_token() -> str:
    """A private link: 144 random bits."""
    return secrets.token_urlsafe(18)


def start_application(
    applicant: Applicant, company: Company | None, key: str, now: datetime, by: Identity
) -> Exhibitor | None:
    """A draft, filled with what `company` says; its private link goes to the main contact.

    None when this SIRET has an application already: its link goes again to its own contact, and
    the caller learns nothing of it. The same `key` again has no effect and gets the first answer.
    Raises ApplicationsNotYetOpen, ApplicationsClosed, CompanyClosed, SubmissionDiffers.
    """
    edition = get_current_edition()
    terms = terms_of(edition)
    check_applications_are_open(terms.applications_open_at, terms.applications_close_at, now)
    check_company_is_open(company is not None and company.is_closed)
    with transaction(terms) as session:
        earlier = claim_submission(session, key, asdict(applicant))
        if earlier is not None:
            return None if earlier == KNOWN else session.get_one(Exhibitor, int(earlier))
        known = (
            queries.find_known_application(edition.id, applicant.siret, applicant.email)
            if applicant.siret
            else None
        )
        if known is not None:
            post_link(session, known, "application_link")
            write_entry(session, by, "exhibitor.asked_again", f"exhibitor:{known.id}")
            settle_submission(session, key, KNOWN)
            return None
        if by.role is None:
            count_mail(session, applicant.email)
        exhibitor = _new_draft(session, applicant, company, edition.id, now)
        write_entry(session, by, "exhibitor.start", f"exhibitor:{exhibitor.id}")
        until = formats.moment(terms.applications_close_at)
        post_link(session, exhibitor, "application_started", until=until)
        settle_submission(session, key, str(exhibitor.id))
    return exhibitor


def _new_draft(
    session: Session, applicant: Applicant, company: Company | None, edition_id: int, now: datetime
) -> Exhibitor:
    exhibitor = Exhibitor(
        edition_id=edition_id,
        private_token=new_token(),
        created_at=now,
        status_at=now,
        siret=applicant.siret,
        country=applicant.country,
        foreign_number=applicant.foreign_number,
        kind=OrganisationKind(applicant.kind),
        legal_name=applicant.name,
        name=applicant.name,
        name_key=folded(applicant.name),
    )
    if company is not None:
        fill_from(exhibitor, company)
    session.add(exhibitor)
    session.flush()
    session.add(
        Contact(
            exhibitor_id=exhibitor.id,
            kind=ContactKind.MAIN,
            email=applicant.email,
            email_key=email_key_of(applicant.email),
        )
    )
    session.flush()
    return exhibitor


def fill_from(exhibitor: Exhibitor, company: Company) -> None:
    """What the State's search says takes the place of what stood there.

    A name or an address that it does not publish leaves what stood.
    """
    exhibitor.kind = company.kind
    if company.legal_name:
        exhibitor.legal_name = company.legal_name
        exhibitor.name = company.trade_name
        exhibitor.name_key = folded(company.trade_name)
    if company.address:
        exhibitor.address = company.address
        exhibitor.postal_code = company.postal_code
    exhibitor.city = company.city or exhibitor.city
    exhibitor.activity = company.activity
    exhibitor.vat_number = company.vat_number
    exhibitor.sector = exhibitor.sector or company.sector


def post_link(session: Session, exhibitor: Exhibitor, kind: str, until: str = "") -> None:
    """Sends the private link to the main contact."""
    contact = main_contact(session, exhibitor)
    if contact is not None and contact.email:
        outbox.post(
            session,
            kind,
            contact.email,
            about=f"exhibitor:{exhibitor.id}",
            token=exhibitor.private_token,
            until=until,
        )


def send_link_to_new_address(session: Session, exhibitor: Exhibitor) -> None:
    """The main contact whose address was never written to gets the private link."""
    contact = main_contact(session, exhibitor)
    if contact is None:
        return
    told = select(Message.id).where(
        Message.about == f"exhibitor:{exhibitor.id}",
        Message.recipient == contact.email,
        Message.status != MessageStatus.CALLED_OFF,
    )
    if session.scalar(told.limit(1)) is None:
        post_link(session, exhibitor, "application_link")


def change_siret(
    token: str, version: int, siret: str, company: Company | None, now: datetime, by: Identity
) -> Exhibitor:
    """Another SIRET, and what is known of it in the place of what was known of the former.

    Raises CompanyClosed, NoLongerEditable, ChangedMeanwhile.
    """
    check_company_is_open(company is not None and company.is_closed)
    exhibitor = queries.get_application(token)
    with transaction(exhibitor) as session:
        check_is_editable(exhibitor.status)
        if exhibitor.siret == siret:
            return exhibitor
        check_version(version, exhibitor.version)
        exhibitor.siret = siret
        exhibitor.country = "FR"
        exhibitor.foreign_number = ""
        if company is not None:
            fill_from(exhibitor, company)
        write_entry(session, by, "exhibitor.change_siret", f"exhibitor:{exhibitor.id}")
    return exhibitor


def submit(
    token: str, version: int, by: Identity, now: datetime, company: Company | None = None
) -> Exhibitor:
    """Sends an application to the organiser. Sent twice, it has no further effect.

    `company` is what is known of its SIRET now. When another application of this SIRET was sent
    already, its link goes to its own contact. Raises ApplicationsClosed, ApplicationIncomplete,
    CompanyClosed, AlreadyApplied, ChangedMeanwhile, MoveRefused.
    """
    exhibitor = queries.get_application(token)
    terms = terms_of(queries.edition_of(exhibitor))
    try:
        with transaction(terms, exhibitor) as session:
            if exhibitor.status == ApplicationStatus.SUBMITTED:
                return exhibitor
            check_is_editable(exhibitor.status)
            check_version(version, exhibitor.version)
            if exhibitor.status == ApplicationStatus.DRAFT:
                opens, closes = terms.applications_open_at, terms.applications_close_at
                check_applications_are_open(opens, closes, now)
            check_is_complete(exhibitor, terms)
            check_company_is_open(company is not None and company.is_closed)
            if queries.find_sent_application(exhibitor.edition_id, exhibitor.siret, exhibitor.id):
                raise AlreadyApplied
            exhibitor.accepted_regulations_on = terms.regulations_dated_on
            move_exhibitor(session, exhibitor, Move.SUBMIT, Who.EXHIBITOR, by, now)
    except AlreadyApplied:
        _tell_the_first(exhibitor, by)
        raise
    return exhibitor


def _tell_the_first(exhibitor: Exhibitor, by: Identity) -> None:
    with transaction() as session:
        first = queries.find_sent_application(exhibitor.edition_id, exhibitor.siret, exhibitor.id)
        if first is not None:
            post_link(session, first, "application_link")
            write_entry(session, by, "exhibitor.asked_again", f"exhibitor:{first.id}")


def take_offer(token: str, now: datetime, by: Identity) -> Exhibitor:
    """Takes the place offered. Done twice, it has no further effect.

    Raises OfferExpired, MoveRefused.
    """
    exhibitor = queries.get_application(token)
    with transaction(exhibitor) as session:
        if exhibitor.status != ApplicationStatus.ACCEPTED:
            move_exhibitor(session, exhibitor, Move.TAKE_OFFER, Who.EXHIBITOR, by, now)
    return exhibitor


def withdraw(token: str, now: datetime, by: Identity) -> Exhibitor:
    """Withdraws an application. Done twice, it has no further effect. Raises MoveRefused."""
    exhibitor = queries.get_application(token)
    with transaction(exhibitor) as session:
        if exhibitor.status != ApplicationStatus.WITHDRAWN:
            move_exhibitor(session, exhibitor, Move.WITHDRAW, Who.EXHIBITOR, by, now)
    return exhibitor
