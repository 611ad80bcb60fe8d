"""The campaign of an edition: its mailings counted back from the first day, and what each did."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from salon.fair.models import Edition
from salon.mailings.models import Mailing, MailingState
from salon.mailings.queries.audiences import AUDIENCES
from salon.mailings.queries.mailings import Fate, fates_of, keys_written_to
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local


@dataclass(frozen=True)
class Step:
    """A mailing of the campaign and its day; `answered`: recipients who have answered since, None
    where nobody is asked to.

    `is_due`: its day has come, and it waits for an organiser to let it leave.
    """

    mailing: Mailing
    day_on: date
    is_due: bool
    sent: int
    refused: int
    answered: int | None


def campaign_of(edition: Edition) -> Sequence[Mailing]:
    """Return the mailings of the campaign, the first to leave first."""
    statement = (
        select(Mailing)
        .where(Mailing.edition_id == edition.id, Mailing.days_before.is_not(None))
        .order_by(Mailing.days_before.desc(), Mailing.id)
    )
    return current_session().scalars(statement).all()


def steps_of(edition: Edition, audiences: Collection[str], now: datetime) -> list[Step]:
    """Return the steps of the campaign that are written to these audiences."""
    mailings = [mailing for mailing in campaign_of(edition) if mailing.audience in audiences]
    fates = fates_of([mailing.id for mailing in mailings])
    return [_step(edition, mailing, fates[mailing.id], now) for mailing in mailings]


def _step(edition: Edition, mailing: Mailing, fates: dict[Fate, int], now: datetime) -> Step:
    answered, find_answered = None, AUDIENCES[mailing.audience].answered
    if find_answered is not None and mailing.planned_at is not None and fates[Fate.SENT]:
        keys = keys_written_to(mailing)
        answered = len(find_answered(edition, keys, mailing.planned_at))
    return Step(
        mailing,
        day_of(edition, mailing),
        _is_due(edition, mailing, now),
        fates[Fate.SENT],
        fates[Fate.REFUSED],
        answered,
    )


def day_of(edition: Edition, mailing: Mailing) -> date:
    """Return the day of a step of the campaign, which moves with the fair."""
    return edition.days[0].day_on - timedelta(days=mailing.days_before or 0)


def _is_due(edition: Edition, mailing: Mailing, now: datetime) -> bool:
    """Return whether the day of a draft has come, before the fair begins; that of a postponed fair
    is not known."""
    is_to_come = edition.is_as_planned and now < edition.starts_at
    is_draft = mailing.state == MailingState.DRAFT
    return is_to_come and is_draft and day_of(edition, mailing) <= local(now).date()


def due_steps(edition: Edition, now: datetime) -> list[Mailing]:
    """Return the drafts of the campaign whose day has come."""
    return [mailing for mailing in campaign_of(edition) if _is_due(edition, mailing, now)]
