"""Deletion of applications never sent: once they have rested, and their contact was warned."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, func, literal, or_, select
from sqlalchemy.orm import Session

from salon.billing.models import BillingDetails
from salon.dashboard.engine.personal_data import PERSONAL_DATA
from salon.dashboard.services.purge_steps import QUIETLY, Due, Where
from salon.exhibitors.models import (
    ApplicationStatus,
    CoExhibitor,
    Contact,
    ContactKind,
    DistinctExhibitors,
    Document,
    Exhibitor,
    ExhibitorTerms,
    Invitation,
    Reminder,
    TaskAnswer,
    WantedOption,
    exhibitor_themes,
)
from salon.exhibitors.services.lifecycle import notify_exhibitor
from salon.platform.database.db import current_session, transaction
from salon.platform.files.uploads import remove_file_after_commit
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.settings.clock import local
from salon.platform.words import formats
from salon.safety.models import SafetyForm

WARNING = "application_expires"
NOTICE = timedelta(days=14)
"""Time between the warning and the deletion."""


def warn_of_deletion(now: datetime) -> None:
    """Write once to the contact of each draft that will be deleted in two weeks if it rests."""
    lifetime = PERSONAL_DATA["exhibitors.draft"].lifetime
    assert lifetime is not None
    resting = _at_rest(now - lifetime + NOTICE, closed_at=now + NOTICE)
    statement = select(Exhibitor).where(*resting, _has_address(), ~_warned()).order_by(Exhibitor.id)
    for draft in current_session().scalars(statement).all():
        with transaction(draft) as session:
            if draft.status == ApplicationStatus.DRAFT:
                until = formats.day(local(now + NOTICE).date())
                notify_exhibitor(session, draft, WARNING, until=until)


def drafts_to_delete(due: Due) -> Where:
    """Return the condition for drafts at rest whose warning left long enough ago; those without an
    address are warned of nothing."""
    lifetime = PERSONAL_DATA["exhibitors.draft"].lifetime
    assert lifetime is not None
    left_before = due.before + lifetime - NOTICE
    was_warned = _warned(
        Message.status != MessageStatus.WAITING,
        func.coalesce(Message.sent_at, Message.created_at) <= left_before,
    )
    return *_at_rest(due.fair_before, closed_at=due.now), or_(was_warned, ~_has_address())


def delete_drafts(session: Session, due: Due, where: Where) -> None:
    """Delete applications that were never sent, with all their rows."""
    drafts = session.execute(select(Exhibitor.id, Exhibitor.logo_file).where(*where)).all()
    ids = [number for number, _ in drafts]
    papers = session.scalars(select(Document.stored_name).where(Document.exhibitor_id.in_(ids)))
    files = [*papers.all(), *(logo for _, logo in drafts)]
    session.execute(
        delete(exhibitor_themes).where(exhibitor_themes.c.exhibitor_id.in_(ids)),
    )
    for model in HANGS_ON:
        session.execute(delete(model).where(model.exhibitor_id.in_(ids)), execution_options=QUIETLY)
    told_apart = or_(DistinctExhibitors.first_id.in_(ids), DistinctExhibitors.second_id.in_(ids))
    session.execute(delete(DistinctExhibitors).where(told_apart), execution_options=QUIETLY)
    session.execute(delete(Exhibitor).where(Exhibitor.id.in_(ids)), execution_options=QUIETLY)
    for name in files:
        remove_file_after_commit(session, due.store, name)


HANGS_ON: tuple[type[Any], ...] = (
    *(Contact, CoExhibitor, WantedOption, Invitation, Document),
    *(SafetyForm, BillingDetails, Reminder, TaskAnswer),
)


def _at_rest(saved_before: datetime, closed_at: datetime) -> Where:
    """Return the condition for drafts not saved since, of editions that take no application."""
    still_open = select(ExhibitorTerms.edition_id).where(
        ExhibitorTerms.applications_close_at > closed_at
    )
    return (
        Exhibitor.status == ApplicationStatus.DRAFT,
        Exhibitor.status_at <= saved_before,
        Exhibitor.edition_id.not_in(still_open),
    )


def _has_address() -> ColumnElement[bool]:
    contact = select(Contact.id).where(
        Contact.exhibitor_id == Exhibitor.id, Contact.kind == ContactKind.MAIN, Contact.email != ""
    )
    return contact.exists()


def _warned(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition for drafts about which a warning was written.

    Messages are deleted long before a draft has rested again: a warning is of this rest.
    """
    about = literal("exhibitor:") + cast(Exhibitor.id, String)
    return (
        select(Message.id).where(Message.kind == WARNING, Message.about == about, *where).exists()
    )
