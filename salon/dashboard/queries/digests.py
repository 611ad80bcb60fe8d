"""What happened in an edition since a digest, and who is due another."""

from collections.abc import Mapping
from datetime import date, time, timedelta

from sqlalchemy import String, cast, literal, select

from salon.accounts.models import Account, Digest
from salon.accounts.queries import live_organisers
from salon.badges.models import Attendee, Commune
from salon.billing.actions import BillingAction
from salon.dashboard.queries.overview import COUNTED, HOSTS
from salon.exhibitor_space.actions import SpaceAction
from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import paris

DIGEST_FROM = time(7)
"""Local time of the morning from which digests are sent."""
ARRIVALS: Mapping[str, tuple[str, ...]] = {
    ExhibitorAction.SUBMIT: ("study", "returned"),
    SpaceAction.DOCUMENT_GIVEN: ("documents",),
    BillingAction.SALES_ORDER: ("to_invoice",),
}
"""Lines that an act of the journal makes new, even if another thing was dealt with meanwhile."""


def is_due(account: Account, today: date) -> bool:
    """Return whether an organiser is due a digest: a day, or a Monday, has come since the last."""
    due_on = today
    if account.digest == Digest.WEEKLY:
        due_on = today - timedelta(days=today.weekday())
    last_on = account.digest_on or date.min
    return account.digest != Digest.NEVER and last_on < due_on


def due_organisers(today: date) -> list[Account]:
    """Return the organisers who are due a digest."""
    return [account for account in live_organisers() if is_due(account, today)]


def lines_with_arrivals(edition: Edition, since: date) -> frozenset[str]:
    """Return the lines to which something came since the digest of a day."""
    exhibitors = select(literal("exhibitor:") + cast(Exhibitor.id, String)).where(
        Exhibitor.edition_id == edition.id
    )
    actions = select(JournalEntry.action).where(
        JournalEntry.at >= paris(since, DIGEST_FROM),
        JournalEntry.action.in_(ARRIVALS),
        JournalEntry.subject.in_(exhibitors),
    )
    return frozenset(
        key for action in current_session().scalars(actions.distinct()) for key in ARRIVALS[action]
    )


def communes_registered(edition: Edition, since: date, until: date) -> list[str]:
    """Return the communes whose people registered from a day to another, excluded, by name."""
    start, end = paris(since, time()), paris(until, time())
    names = (
        select(Commune.name)
        .join(Attendee, Attendee.commune_code == Commune.code)
        .where(
            Attendee.edition_id == edition.id,
            Attendee.status.in_(COUNTED),
            Attendee.category.not_in(HOSTS),
            start <= Attendee.registered_at,
            Attendee.registered_at < end,
        )
        .distinct()
    )
    return sorted(current_session().scalars(names))
