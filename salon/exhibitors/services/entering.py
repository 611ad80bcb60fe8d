"""An exhibitor who telephones is entered by an organiser; its agreement to the regulations."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.engine.company import Company
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.exhibitors.queries import applications as queries
from salon.exhibitors.queries.exhibitors import get_exhibitor, terms_of
from salon.exhibitors.rules.application import (
    AgreementWay,
    AlreadyEntered,
    check_agreement_day,
    check_company_is_open,
    check_is_enterable,
)
from salon.exhibitors.rules.lifecycle import check_fair_is_not_cancelled
from salon.exhibitors.services.answers import check_values, write_answers
from salon.exhibitors.services.applications import Applicant, new_draft
from salon.exhibitors.services.lifecycle import notify_exhibitor
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, settle_submission
from salon.platform.database.versions import Values
from salon.platform.settings.clock import local
from salon.platform.words import formats


@dataclass(frozen=True)
class NotedAgreement:
    """An agreement to the regulations that the exhibitor gave other than online."""

    way: AgreementWay
    given_on: date


@dataclass(frozen=True)
class EnteredApplication:
    """What an organiser typed of an application, and its company in the register.

    `is_namesake`: another exhibitor of the same name is meant.
    """

    applicant: Applicant
    company: Company | None
    values: Values
    agreement: NotedAgreement | None
    is_namesake: bool = False


def enter_exhibitor(act: FairAct, entered: EnteredApplication, key: str) -> Exhibitor:
    """Enter an application as submitted, filled from the register, then from what was typed.

    Its private link is sent to the contact, if there is an address. Whatever the dates of
    applications. Idempotent for one `key`. Raises FairCancelled, CompanyClosed, AreaOutOfBounds,
    TooManyChoices, AlreadyEntered, ApplicationIncomplete, AgreementInFuture, SubmissionDiffers.
    """
    applicant, company, values = entered.applicant, entered.company, entered.values
    terms = terms_of(act.edition)
    check_fair_is_not_cancelled(act.edition)
    check_company_is_open(company is not None and company.is_closed)
    check_values(values, terms)
    with act.transaction(terms) as session:
        earlier = claim_submission(session, key, {**asdict(applicant), "values": values})
        if earlier is not None:
            return session.get_one(Exhibitor, int(earlier))
        if known := queries.find_sent_application(act.edition.id, applicant.siret, besides=0):
            raise AlreadyEntered(known.id, known.name, is_certain=True)
        exhibitor = new_draft(session, applicant, company, act.edition.id, act.now)
        write_answers(session, exhibitor, values)
        check_is_enterable(exhibitor, terms)
        if not entered.is_namesake and (namesake := queries.find_namesake(exhibitor)):
            raise AlreadyEntered(namesake.id, namesake.name, is_certain=False)
        exhibitor.status = ApplicationStatus.SUBMITTED
        exhibitor.submitted_at, exhibitor.entered_by = act.now, act.actor.display_name
        session.flush()
        write_entry(session, act.actor, ExhibitorAction.ENTER, f"exhibitor:{exhibitor.id}")
        if entered.agreement is not None and terms.regulations:
            _write_agreement(act, session, exhibitor, entered.agreement)
        notify_exhibitor(session, exhibitor, "exhibitor_enter")
        settle_submission(session, key, str(exhibitor.id))
    return exhibitor


def note_agreement(act: Act, exhibitor_id: int, agreement: NotedAgreement) -> None:
    """Note that an exhibitor agreed to the regulations in force, how and when. Idempotent.

    Raises AgreementInFuture.
    """
    exhibitor = get_exhibitor(exhibitor_id)
    with act.transaction(exhibitor) as session:
        if exhibitor.accepted_regulations_on is None and terms_of(exhibitor.edition).regulations:
            _write_agreement(act, session, exhibitor, agreement)


def _write_agreement(
    act: Act, session: Session, exhibitor: Exhibitor, agreement: NotedAgreement
) -> None:
    check_agreement_day(agreement.given_on, local(act.now).date())
    exhibitor.accepted_regulations_on = terms_of(exhibitor.edition).regulations_dated_on
    way = agreement.way.label.lower()
    exhibitor.regulations_remark = (
        f"Accord donné {way} le {formats.day(agreement.given_on)}, "
        f"noté par {act.actor.display_name}"
    )
    write_entry(
        session,
        act.actor,
        ExhibitorAction.REGULATIONS_NOTED,
        f"exhibitor:{exhibitor.id}",
        how=way,
        given_on=agreement.given_on.isoformat(),
    )


def agree_to_regulations(act: Act, exhibitor: Exhibitor) -> None:
    """Record the exhibitor's own agreement to the regulations in force. Idempotent."""
    with act.transaction(exhibitor) as session:
        if exhibitor.accepted_regulations_on is None:
            terms = terms_of(exhibitor.edition)
            exhibitor.accepted_regulations_on = terms.regulations_dated_on
            write_entry(
                session, act.actor, ExhibitorAction.REGULATIONS_AGREED, f"exhibitor:{exhibitor.id}"
            )
