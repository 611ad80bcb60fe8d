"""Drafts of mailings: written, changed, copied, given an hour, taken back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from salon.fair.services.acts import FairAct
from salon.mailings.actions import MailingAction
from salon.mailings.models import Mailing, MailingState
from salon.mailings.queries.mailings import select_recipients
from salon.mailings.rules import (
    check_hour_is_to_come,
    check_is_draft,
    check_somebody_is_written_to,
    check_state,
    check_step_has_a_date,
    check_words,
)
from salon.platform.database.journal import JournalAction, write_entry
from salon.platform.database.submissions import (
    claim_submission,
    earlier_row,
    save_new_row,
    settle_submission,
)
from salon.platform.database.versions import check_version
from salon.platform.mail.wording import check_reply_address


@dataclass(frozen=True)
class Draft:
    """What an organiser writes: see `Mailing`."""

    subject: str
    text: str
    audience: str
    filters: Mapping[str, str]
    reply_to: str = ""
    days_before: int | None = None


def write_draft(act: FairAct, draft: Draft, key: str) -> Mailing:
    """Save a new draft. Idempotent for one `key`.

    Raises UnknownField, BraceAlone, ReplyAddressRefused, SubmissionDiffers.
    """
    _check(draft)
    with act.transaction() as session:
        content = {"edition": act.edition.id, **asdict(draft)}
        earlier = earlier_row(session, Mailing, key, content)
        if earlier is not None:
            return earlier
        mailing = Mailing(
            edition_id=act.edition.id,
            author=act.actor.display_name,
            created_at=act.now,
            **_columns(draft),
        )
        save_new_row(session, key, mailing)
        _note(act, session, MailingAction.WRITTEN, mailing)
    return mailing


def change_draft(act: FairAct, mailing: Mailing, draft: Draft, version: int) -> None:
    """Save what was changed in a draft.

    Raises NotADraft, StaleVersion, UnknownField, BraceAlone, ReplyAddressRefused.
    """
    _check(draft)
    with act.transaction(mailing) as session:
        check_is_draft(mailing.state)
        check_version(version, mailing.version)
        for name, value in _columns(draft).items():
            setattr(mailing, name, value)
        _note(act, session, MailingAction.CHANGED, mailing)


def copy_mailing(act: FairAct, mailing: Mailing, key: str) -> Mailing:
    """Save a new draft with the words and the audience of a mailing. Idempotent for one `key`."""
    draft = Draft(
        mailing.subject, mailing.text, mailing.audience, dict(mailing.filters), mailing.reply_to
    )
    return write_draft(act, draft, key)


def delete_draft(act: FairAct, mailing: Mailing) -> None:
    """Delete a draft for good. Raises NotADraft."""
    with act.transaction(mailing) as session:
        check_is_draft(mailing.state)
        _note(act, session, MailingAction.DELETED, mailing)
        session.delete(mailing)


def plan(act: FairAct, mailing: Mailing, planned_at: datetime | None, key: str) -> datetime:
    """Give a draft the hour at which it leaves, which is returned. Idempotent for one `key`.

    Without an hour it leaves at the end of the hold of every mail, until when it is taken back
    (`take_back`). Its recipients are those of that hour. Raises NotADraft, HourIsPast,
    StepHasNoDate, NobodyToWriteTo, UnknownField, BraceAlone.
    """
    check_words(mailing.subject, mailing.text)
    check_step_has_a_date(mailing.days_before is not None, act.edition.is_as_planned)
    if planned_at is not None:
        check_hour_is_to_come(planned_at, act.now)
    selection = select_recipients(act.edition, mailing.audience, mailing.filters, act.now)
    check_somebody_is_written_to(len(selection.recipients))
    with act.transaction(mailing) as session:
        earlier = claim_submission(session, key, {"mailing": mailing.id, "at": planned_at})
        if earlier is not None:
            return datetime.fromisoformat(earlier)
        check_is_draft(mailing.state)
        hold = act.hold.duration if act.hold else None
        leaves_at = planned_at or (act.now + hold if hold else act.now)
        mailing.planned_at, mailing.state = leaves_at, MailingState.PLANNED
        _note(act, session, MailingAction.PLANNED, mailing, at=leaves_at.isoformat())
        settle_submission(session, key, leaves_at.isoformat())
    return leaves_at


def take_back(act: FairAct, mailing: Mailing) -> None:
    """Make a draft again of a mailing whose hour has not come. Idempotent. Raises HasMovedOn."""
    with act.transaction(mailing) as session:
        if mailing.state == MailingState.DRAFT:
            return
        check_state(mailing.state, {MailingState.PLANNED})
        mailing.planned_at, mailing.state = None, MailingState.DRAFT
        _note(act, session, MailingAction.TAKEN_BACK, mailing)


def _check(draft: Draft) -> None:
    check_words(draft.subject, draft.text)
    check_reply_address(draft.reply_to)


def _columns(draft: Draft) -> dict[str, object]:
    return {
        **asdict(draft),
        "filters": {name: value for name, value in draft.filters.items() if value},
    }


def _note(
    act: FairAct, session: Session, action: JournalAction, mailing: Mailing, **details: object
) -> None:
    session.flush()
    subject = f"mailing:{mailing.id}"
    write_entry(session, act.actor, action, subject, title=mailing.subject, **details)
