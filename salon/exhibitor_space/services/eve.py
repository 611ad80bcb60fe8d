"""The eve of the exhibitors: they set up the day before the fair, so it is two evenings before."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.exhibitor_space.engine.tasks import TaskState, tasks_of
from salon.exhibitor_space.queries import exhibitors_told
from salon.exhibitor_space.queries.accepted import accepted_with_tasks
from salon.exhibitor_space.services.reminders import claim, task_context
from salon.exhibitors.models import ApplicationStatus, Contact, ContactKind, Exhibitor
from salon.exhibitors.queries.exhibitors import find_terms
from salon.fair.models import Edition
from salon.fair.queries import awaited_editions
from salon.platform.database.db import transaction
from salon.platform.mail import outbox
from salon.platform.mail.outbox import LAPSES_AT
from salon.platform.settings.clock import in_zone, local, paris
from salon.platform.words.people import salutation

TOLD_DAYS, TOLD_FROM = 2, time(18)
"""Days before the opening, and the local time from which exhibitors are told, until the next day
is over."""


def post_exhibitor_eves(now: datetime) -> int:
    """Post the messages that are due and return how many. Idempotent."""
    count = 0
    for edition in awaited_editions():
        with in_zone(edition.time_zone):
            count += _tell_exhibitors(edition, now)
    return count


def _tell_exhibitors(edition: Edition, now: datetime) -> int:
    first_day, today = edition.days[0].day_on, local(now).date()
    terms = find_terms(edition)
    begins_at = paris(first_day - timedelta(days=TOLD_DAYS), TOLD_FROM)
    if terms is None or now < begins_at or today >= first_day:
        return 0
    subject = f"eve:{first_day.isoformat()}"
    told_ids = exhibitors_told(edition, subject)
    open_tasks = {
        exhibitor.id: [state for state in tasks_of(exhibitor, terms, today) if state.is_open]
        for exhibitor in accepted_with_tasks(edition)
        if exhibitor.id not in told_ids
    }
    facts = {
        "set_up": terms.set_up,
        "dismantling": terms.dismantling,
        "to_bring": terms.to_bring,
        LAPSES_AT: paris(first_day, time()).isoformat(),
    }
    return sum(_tell(number, tasks, subject, facts, now) for number, tasks in open_tasks.items())


def _tell(
    exhibitor_id: int,
    tasks: Sequence[TaskState],
    subject: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> int:
    """Post the message to the main contact and the contact on the spot, unless another worker did;
    return how many."""
    with transaction() as session:
        exhibitor = session.get_one(Exhibitor, exhibitor_id, with_for_update=True)
        if exhibitor.status != ApplicationStatus.ACCEPTED:
            return 0
        if not claim(session, exhibitor_id, subject, 0, now):
            return 0
        contacts = _contacts(session, exhibitor_id)
        stand = exhibitor.stand
        for contact in contacts:
            outbox.post(
                session,
                "eve_exhibitor",
                contact.email,
                about=f"exhibitor:{exhibitor_id}",
                urgent=False,
                salutation=salutation(contact.civility),
                name=exhibitor.name,
                exhibitor_id=exhibitor_id,
                stand=stand.number if stand else "",
                hall=stand.hall.name if stand else "",
                tasks=[task_context(state) for state in tasks],
                people=[person.full_name for person in exhibitor.staff],
                **facts,
            )
    return len(contacts)


def _contacts(session: Session, exhibitor_id: int) -> Sequence[Contact]:
    """Return whom to write to, one for each address, the main contact first."""
    kinds = (ContactKind.MAIN, ContactKind.ON_SITE)
    statement = select(Contact).where(
        Contact.exhibitor_id == exhibitor_id, Contact.kind.in_(kinds), Contact.email != ""
    )
    contacts: dict[str, Contact] = {}
    for contact in session.scalars(statement.order_by(Contact.kind != ContactKind.MAIN)):
        contacts.setdefault(contact.email_key, contact)
    return list(contacts.values())
