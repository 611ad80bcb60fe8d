"""An application from its first line to its submission, and its private link afterwards."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.accounts.queries import email_key_of, organisers_of
from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.engine.company import Company, vat_number_after
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
from salon.exhibitors.rules.lifecycle import (
    ActorKind,
    Decision,
    Move,
    check_applications_are_open,
    check_fair_is_not_cancelled,
    moves_from,
)
from salon.exhibitors.services.lifecycle import main_contact, move_exhibitor, post_to_main_contact
from salon.fair.models import Edition, Stand
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.identity import Domain
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, settle_submission
from salon.platform.database.versions import check_version
from salon.platform.mail import outbox
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.settings.clock import local
from salon.platform.web.limits import count_mail
from salon.platform.words import formats
from salon.platform.words.texts import folded
from salon.platform.words.tokens import new_token

KNOWN = "known"
WARNED_DAYS = 14
"""Days before the fair from which the organisers are told at once of an exhibitor who leaves."""


@dataclass(frozen=True)
class Applicant:
    """Answers of the first page: a SIRET, or a name and a country when there is none."""

    email: str
    siret: str = ""
    kind: str = OrganisationKind.COMPANY
    name: str = ""
    country: str = "FR"
    foreign_number: str = ""


def start_application(
    act: FairAct, applicant: Applicant, company: Company | None, key: str
) -> Exhibitor | None:
    """Create a draft filled from `company` and send its private link to the main contact.

    Returns None when this SIRET already has an application: its link is sent again to its own
    contact, and the caller learns nothing of it. Idempotent for one `key`. Raises
    ApplicationsNotYetOpen, ApplicationsClosed, CompanyClosed, SubmissionDiffers.
    """
    terms = terms_of(act.edition)
    check_applications_are_open(act.edition, terms, act.now)
    check_company_is_open(company is not None and company.is_closed)
    with act.transaction(terms) as session:
        earlier = claim_submission(session, key, asdict(applicant))
        if earlier is not None:
            return None if earlier == KNOWN else session.get_one(Exhibitor, int(earlier))
        existing = (
            queries.find_existing_application(act.edition.id, applicant.siret, applicant.email)
            if applicant.siret
            else None
        )
        if existing is not None:
            post_link(session, existing, "application_link")
            write_entry(session, act.actor, ExhibitorAction.ASKED_AGAIN, f"exhibitor:{existing.id}")
            settle_submission(session, key, KNOWN)
            return None
        if act.actor.role is None:
            count_mail(session, applicant.email)
        exhibitor = new_draft(session, applicant, company, act.edition.id, act.now)
        write_entry(session, act.actor, ExhibitorAction.START, f"exhibitor:{exhibitor.id}")
        until = formats.moment(terms.applications_close_at)
        post_link(session, exhibitor, "application_started", until=until)
        settle_submission(session, key, str(exhibitor.id))
    return exhibitor


def new_draft(
    session: Session, applicant: Applicant, company: Company | None, edition_id: int, now: datetime
) -> Exhibitor:
    """Add an application with its main contact, filled from `company`."""
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
    """Replace the company's data by those of the State's register.

    A name or address that the register does not publish is left unchanged.
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
    """Send the private link to the main contact."""
    post_to_main_contact(session, exhibitor, kind, token=exhibitor.private_token, until=until)


def send_link_to_new_address(session: Session, exhibitor: Exhibitor) -> None:
    """Send the private link to a main contact never written to at this address."""
    contact = main_contact(session, exhibitor)
    if contact is None:
        return
    statement = select(Message.id).where(
        Message.about == f"exhibitor:{exhibitor.id}",
        Message.recipient == contact.email,
        Message.status != MessageStatus.CALLED_OFF,
    )
    if session.scalar(statement.limit(1)) is None:
        post_link(session, exhibitor, "application_link")


def change_siret(
    act: Act, token: str, version: int, siret: str, company: Company | None
) -> Exhibitor:
    """Change the SIRET and replace the data of the former company.

    Raises CompanyClosed, NoLongerEditable, StaleVersion.
    """
    check_company_is_open(company is not None and company.is_closed)
    exhibitor = queries.get_application(token)
    with act.transaction(exhibitor) as session:
        check_is_editable(exhibitor.status)
        if exhibitor.siret == siret:
            return exhibitor
        check_version(version, exhibitor.version)
        exhibitor.vat_number = vat_number_after(exhibitor.vat_number, exhibitor.siret, siret)
        exhibitor.siret = siret
        exhibitor.note_saved(act.now)
        exhibitor.country = "FR"
        exhibitor.foreign_number = ""
        if company is not None:
            fill_from(exhibitor, company)
        write_entry(session, act.actor, ExhibitorAction.CHANGE_SIRET, f"exhibitor:{exhibitor.id}")
    return exhibitor


def submit(act: Act, token: str, version: int, company: Company | None = None) -> Exhibitor:
    """Submit an application to the organiser. Idempotent.

    `company`: the register's current answer for its SIRET. When another application of this SIRET
    was submitted already, its link is sent to its own contact. Raises ApplicationsClosed,
    ApplicationIncomplete, CompanyClosed, AlreadyApplied, StaleVersion, MoveRefused.
    """
    exhibitor = queries.get_application(token)
    edition = queries.edition_of(exhibitor)
    terms = terms_of(edition)
    try:
        with act.transaction(terms, exhibitor) as session:
            if exhibitor.status == ApplicationStatus.SUBMITTED:
                return exhibitor
            check_is_editable(exhibitor.status)
            check_version(version, exhibitor.version)
            if exhibitor.status == ApplicationStatus.DRAFT:
                check_applications_are_open(edition, terms, act.now)
            check_is_complete(exhibitor, terms)
            check_company_is_open(company is not None and company.is_closed)
            if queries.find_sent_application(exhibitor.edition_id, exhibitor.siret, exhibitor.id):
                raise AlreadyApplied
            exhibitor.accepted_regulations_on = terms.regulations_dated_on
            exhibitor.regulations_remark = ""
            decision = Decision(Move.SUBMIT, ActorKind.EXHIBITOR)
            move_exhibitor(act, session, exhibitor, decision)
    except AlreadyApplied:
        _notify_first_applicant(act, exhibitor)
        raise
    return exhibitor


def _notify_first_applicant(act: Act, exhibitor: Exhibitor) -> None:
    with act.transaction() as session:
        first = queries.find_sent_application(exhibitor.edition_id, exhibitor.siret, exhibitor.id)
        if first is not None:
            post_link(session, first, "application_link")
            write_entry(session, act.actor, ExhibitorAction.ASKED_AGAIN, f"exhibitor:{first.id}")


def take_offer(act: Act, token: str) -> Exhibitor:
    """Accept the stand offered. Idempotent. Raises FairCancelled, OfferExpired, MoveRefused."""
    exhibitor = queries.get_application(token)
    edition = queries.edition_of(exhibitor)
    with act.transaction(exhibitor, edition) as session:
        if exhibitor.status != ApplicationStatus.ACCEPTED:
            check_fair_is_not_cancelled(edition)
            decision = Decision(Move.TAKE_OFFER, ActorKind.EXHIBITOR)
            move_exhibitor(act, session, exhibitor, decision)
    return exhibitor


def withdraw(act: Act, token: str) -> Exhibitor:
    """Withdraw an application. Idempotent. Raises MoveRefused."""
    exhibitor = queries.get_application(token)
    with act.transaction(exhibitor) as session:
        if exhibitor.status != ApplicationStatus.WITHDRAWN:
            stand, was_accepted = exhibitor.stand, exhibitor.status == ApplicationStatus.ACCEPTED
            decision = Decision(Move.WITHDRAW, ActorKind.EXHIBITOR)
            move_exhibitor(act, session, exhibitor, decision)
            if was_accepted:
                _warn_organisers(act, session, exhibitor, stand)
    return exhibitor


def _warn_organisers(act: Act, session: Session, exhibitor: Exhibitor, stand: Stand | None) -> None:
    """Tell the organisers at once of an exhibitor who leaves when the fair is near."""
    edition = session.get_one(Edition, exhibitor.edition_id)
    days = (edition.days[0].day_on - local(act.now).date()).days
    if not (edition.is_as_planned and 0 <= days <= WARNED_DAYS):
        return
    for organiser in organisers_of(Domain.EXHIBITORS, edition.id):
        outbox.post(
            session,
            "exhibitor_left",
            organiser.email,
            about=f"exhibitor:{exhibitor.id}",
            name=exhibitor.name,
            exhibitor_id=exhibitor.id,
            stand=stand.number if stand else "",
            hall=stand.hall.name if stand else "",
        )


def may_withdraw(application: Exhibitor) -> bool:
    """Return whether the exhibitor may withdraw its application in its present state."""
    return Move.WITHDRAW in moves_from(application.status, ActorKind.EXHIBITOR)
