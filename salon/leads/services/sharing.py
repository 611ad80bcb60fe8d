"""Visitors give, narrow and withdraw consents. A change ends a consent and begins another."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.badges.models import Attendee
from salon.badges.services.telling import notify_person
from salon.exhibitors.models import Contact, ContactKind, Exhibitor
from salon.fair.services.acts import FairAct
from salon.leads.actions import LeadAction
from salon.leads.engine import stand_code
from salon.leads.models import Lead, LeadConsent
from salon.leads.models.labels import TEXT_VERSION, Field, Purpose, field_names
from salon.leads.queries.leads import badges_at_address
from salon.leads.queries.shared import Uses, uses_of
from salon.leads.rules import Choice, check_something_is_chosen
from salon.leads.services.reading import add_reading, get_or_create_lead, lock_lead
from salon.platform.database.act import Act
from salon.platform.database.edition_walls import retention
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, settle_submission
from salon.platform.mail import outbox
from salon.platform.web.limits import count_mail
from salon.platform.words import formats

NOTIFIED_CONTACTS = (ContactKind.MAIN, ContactKind.ON_SITE)


def leave_contact(
    act: Act, exhibitor: Exhibitor, attendee: Attendee, choice: Choice, key: str
) -> int:
    """Record a visitor's choice at a stand; return the id of the contact. Idempotent by `key`.

    Raises NothingChosen.
    """
    content: dict[str, object] = {
        "exhibitor": exhibitor.id,
        "attendee": attendee.id,
        **{purpose: sorted(fields) for purpose, fields in choice.items()},
    }
    with act.transaction() as session:
        earlier = claim_submission(session, key, content)
        if earlier is not None:
            return int(earlier)
        lead = get_or_create_lead(session, exhibitor, attendee, act.now)
        check_something_is_chosen(choice, _live(session, lead).keys())
        add_reading(session, lead, key, "", act.now, act.now)
        _notify_withdrawal(session, exhibitor, _apply_choice(act, session, lead, choice))
        settle_submission(session, key, str(lead.id))
        return lead.id


def change_consents(act: Act, lead: Lead, choice: Choice) -> None:
    """Replace the consents of a contact; an empty choice withdraws all.

    The exhibitor is notified at once of what is withdrawn, by the id of the contact.
    """
    with act.transaction(lead) as session, retention(session):
        exhibitor = session.get_one(Exhibitor, lead.exhibitor_id)
        _notify_withdrawal(session, exhibitor, _apply_choice(act, session, lead, choice))


def withdraw_all(act: Act, attendee: Attendee) -> int:
    """Withdraw all consents of a person; return how many exhibitors had some."""
    count = 0
    with act.transaction() as session, retention(session):
        for lead in lock_leads_of(session, [attendee.id]):
            lost = _apply_choice(act, session, lead, {})
            exhibitor = session.get_one(Exhibitor, lead.exhibitor_id)
            count += _notify_withdrawal(session, exhibitor, lost)
    return count


def lock_leads_of(session: Session, attendee_ids: Sequence[int]) -> Sequence[Lead]:
    """Return the contacts of these people, locked in the order of their ids."""
    statement = select(Lead.id).where(Lead.attendee_id.in_(attendee_ids)).order_by(Lead.id)
    return [lock_lead(session, lead_id) for lead_id in session.scalars(statement).all()]


def withdraw_consents_of(session: Session, attendee_ids: Sequence[int], now: datetime) -> None:
    """Withdraw all consents of these people and notify the exhibitors (RGPD art. 19).

    Runs inside the caller's transaction.
    """
    for lead in lock_leads_of(session, attendee_ids):
        lost = [
            (lead, purpose, fields) for purpose, fields in _live(session, lead).items() if fields
        ]
        for consent in _live_rows(session, lead):
            consent.withdrawn_at = now
        session.flush()
        _notify_withdrawal(session, session.get_one(Exhibitor, lead.exhibitor_id), lost)


Withdrawals = list[tuple[Lead, Purpose, frozenset[Field]]]


def _live_rows(session: Session, lead: Lead) -> Sequence[LeadConsent]:
    statement = select(LeadConsent).where(
        LeadConsent.lead_id == lead.id, LeadConsent.withdrawn_at.is_(None)
    )
    fresh = statement.order_by(LeadConsent.id).execution_options(populate_existing=True)
    return session.scalars(fresh).all()


def _live(session: Session, lead: Lead) -> Uses:
    return uses_of(_live_rows(session, lead))


def _apply_choice(act: Act, session: Session, lead: Lead, choice: Choice) -> Withdrawals:
    """Apply a choice to a locked contact; return what was withdrawn, by purpose."""
    rows = {Purpose(consent.purpose): consent for consent in _live_rows(session, lead)}
    shared, withdrawn = [], []
    for purpose in Purpose:
        row, chosen_fields = rows.get(purpose), choice.get(purpose, frozenset())
        current = frozenset(Field(name) for name in row.fields) if row else frozenset[Field]()
        if chosen_fields == current:
            continue
        if row is not None:
            row.withdrawn_at = act.now
            session.flush()
        if chosen_fields:
            session.add(
                LeadConsent(
                    lead_id=lead.id,
                    purpose=purpose,
                    fields=[field.value for field in Field if field in chosen_fields],
                    text_version=TEXT_VERSION,
                    given_at=act.now,
                )
            )
        if chosen_fields - current:
            shared.append(f"{purpose}: {', '.join(sorted(chosen_fields - current))}")
        if current - chosen_fields:
            withdrawn.append((lead, purpose, current - chosen_fields))
    session.flush()
    subject, exhibitor = f"attendee:{lead.attendee_id}", lead.exhibitor_id
    if shared:
        write_entry(
            session, act.actor, LeadAction.GIVEN, subject, exhibitor=exhibitor, fields=shared
        )
    if withdrawn:
        fields = [
            f"{purpose}: {', '.join(sorted(withdrawn_fields))}"
            for _, purpose, withdrawn_fields in withdrawn
        ]
        write_entry(
            session, act.actor, LeadAction.WITHDRAWN, subject, exhibitor=exhibitor, fields=fields
        )
    return withdrawn


def _notify_withdrawal(session: Session, exhibitor: Exhibitor, lost: Withdrawals) -> bool:
    """Notify the stand of withdrawn fields; return False when there are none.

    The message names nobody: contacts go by the id shown in lists and files.
    """
    if not lost:
        return False
    lead = lost[0][0]
    people = session.scalars(
        select(Contact).where(
            Contact.exhibitor_id == exhibitor.id,
            Contact.kind.in_(NOTIFIED_CONTACTS),
            Contact.email != "",
        )
    )
    for email in sorted({contact.email for contact in people}):
        outbox.post(
            session,
            "lead_withdrawn",
            email,
            about=f"exhibitor:{exhibitor.id}",
            urgent=False,
            exhibitor_id=exhibitor.id,
            name=exhibitor.name,
            number=lead.id,
            met=formats.moment(lead.met_at),
            lost=[f"{purpose.short_label} : {field_names(fields)}" for _, purpose, fields in lost],
            downloaded=formats.moment(lead.downloaded_at) if lead.downloaded_at else "",
        )
    return True


def send_links(act: FairAct, exhibitor: Exhibitor, email: str) -> None:
    """Mail the links of the choice to the people registered with this address.

    The answer does not reveal whether anybody is registered.
    """
    with act.transaction() as session:
        count_mail(session, email)
        for badge in badges_at_address(act.edition, email):
            notify_person(
                session,
                "lead_link",
                badge.attendee,
                exhibitor=exhibitor.name,
                code=stand_code(exhibitor.private_token),
            )
        write_entry(session, act.actor, LeadAction.LINK_ASKED, f"exhibitor:{exhibitor.id}")
