"""Reads for organisers: figures of an edition, pending tasks, messages, journal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from salon.accounts.models import Account, Station
from salon.appointments.models import Appointment, WaitingEntry
from salon.badges.models import (
    Attendee,
    AttendeeStatus,
    Badge,
    Category,
    Commune,
    Group,
    Printing,
)
from salon.badges.queries import find_valid_badge
from salon.entrance.queries.attendance import count_entered
from salon.exhibitors.models import Exhibitor
from salon.invitations.models import OrganisationInvitation
from salon.platform.database.db import current_session, is_on_sqlite
from salon.platform.database.identity import Role
from salon.platform.database.journal import JournalEntry, entries
from salon.platform.mail.outbox import DUE_SINCE, Message, MessageStatus
from salon.platform.mail.restored import may_leave
from salon.platform.pages.lists.listing import FIRST_PAGE, Column, Listing, Page, PageRequest
from salon.platform.settings.clock import local

LATE_MAIL = timedelta(minutes=10)
COUNTED = (AttendeeStatus.REGISTERED, AttendeeStatus.ERASED)
"""Statuses that count as registered: an erased person stays in the figures, without a name."""


HOSTS = (Category.AGENT, Category.EXHIBITOR, Category.ORGANISER)
"""Categories of those who receive the visitors."""


@dataclass(frozen=True)
class Figures:
    """People of an edition, each counted once whatever their badges.

    `registered`: those who visit; `hosts`: the others, by category. Badges and entries are of all.
    """

    registered: int
    hosts: Mapping[Category, int]
    issued: int
    printed: int
    entered: int
    communes: int
    all_communes: int


@dataclass(frozen=True)
class Waiting:
    """Pending tasks of an organiser, by kind."""

    refused_mails: int
    late_mails: int
    unprinted_badges: int
    stations: int
    unenrolled_stations: int
    accounts_to_activate: int


def figures_of(edition_id: int) -> Figures:
    """Return the figures of an edition; those of a purged one include the saved figures."""
    people = (Attendee.edition_id == edition_id, Attendee.status.in_(COUNTED))
    by_category = select(Attendee.category, func.count()).where(*people).group_by(Attendee.category)
    counts = {
        Category(category): count for category, count in current_session().execute(by_category)
    }
    return Figures(
        registered=sum(count for category, count in counts.items() if category not in HOSTS),
        hosts={category: counts[category] for category in HOSTS if category in counts},
        issued=_count(
            select(func.count(Badge.attendee_id.distinct())).join(Attendee).where(*people)
        ),
        printed=_count(
            select(func.count(Badge.attendee_id.distinct()))
            .join(Printing, Printing.badge_id == Badge.id)
            .join(Attendee, Attendee.id == Badge.attendee_id)
            .where(*people)
        ),
        entered=count_entered(edition_id),
        communes=_count(select(func.count(Attendee.commune_code.distinct())).where(*people)),
        all_communes=_count(select(func.count(Commune.code))),
    )


def _count(statement: Select[int]) -> int:
    return current_session().scalar(statement) or 0


def registrations_per_day(edition_id: int) -> list[tuple[date, int]]:
    """Return (day of the fair, visitors), oldest first, without the days that have none."""
    if is_on_sqlite():
        hour: ColumnElement[str] = func.strftime("%Y-%m-%d %H", Attendee.registered_at)
    else:
        in_utc = func.timezone("UTC", Attendee.registered_at)
        hour = func.to_char(in_utc, "YYYY-MM-DD HH24")
    statement = (
        select(hour, func.count())
        .where(
            Attendee.edition_id == edition_id,
            Attendee.status.in_(COUNTED),
            Attendee.category.not_in(HOSTS),
        )
        .group_by(hour)
    )
    days: dict[date, int] = {}
    for text, count in current_session().execute(statement):
        day = local(datetime.strptime(text, "%Y-%m-%d %H").replace(tzinfo=UTC)).date()
        days[day] = days.get(day, 0) + count
    return sorted(days.items())


def waiting_for(edition_id: int, real_now: datetime, readable: ColumnElement[bool]) -> Waiting:
    """Return the pending tasks of an organiser of an edition, of the messages those `readable`."""
    mails = select(func.count(Message.id)).where(readable)
    stations = select(func.count(Station.id)).where(
        (Station.edition_id == edition_id) | Station.edition_id.is_(None),
        Station.revoked_at.is_(None),
    )
    is_printed = select(Printing.id).where(Printing.badge_id == Badge.id).exists()
    return Waiting(
        refused_mails=_count(mails.where(Message.status == MessageStatus.REFUSED)),
        late_mails=_count(
            mails.where(
                Message.status == MessageStatus.WAITING,
                real_now - LATE_MAIL >= DUE_SINCE,
                may_leave(Message.kind, Message.created_at),
            )
        ),
        unprinted_badges=_count(
            select(func.count(Badge.id))
            .join(Attendee)
            .where(
                Badge.edition_id == edition_id,
                Badge.revoked_at.is_(None),
                Attendee.status == AttendeeStatus.REGISTERED,
                ~is_printed,
            )
        ),
        stations=_count(stations),
        unenrolled_stations=_count(stations.where(Station.enrolled_at.is_(None))),
        accounts_to_activate=_count(
            select(func.count(Account.id)).where(
                Account.role == Role.ORGANISER,
                Account.disabled_at.is_(None),
                (Account.password_hash == "") | (Account.totp_secret == ""),
            )
        ),
    )


JOURNAL = Listing(
    {
        "at": Column("Quand", JournalEntry.id),
        "actor": Column("Qui", JournalEntry.actor_name),
        "action": Column("Action", JournalEntry.action),
        "subject": Column("Objet", JournalEntry.subject),
    },
    sort="-at",
    ties=(JournalEntry.id.desc(),),
    key=JournalEntry.id,
)


@dataclass(frozen=True)
class JournalFilter:
    """Filters of the journal; empty values do not filter. `actor` is part of a name, or a key."""

    action: str = ""
    subject: str = ""
    actor: str = ""

    @property
    def statement(self) -> Select[JournalEntry]:
        statement = entries(self.action, self.subject)
        if self.actor:
            by_name = JournalEntry.actor_name.icontains(self.actor, autoescape=True)
            statement = statement.where(by_name | (JournalEntry.actor == self.actor))
        return statement


def journal_page(filters: JournalFilter, request: PageRequest = FIRST_PAGE) -> Page:
    """Return a page of entries, newest first."""
    return JOURNAL.page(filters.statement, request)


def journal_entries(
    filters: JournalFilter, request: PageRequest = FIRST_PAGE
) -> Iterator[JournalEntry]:
    """Yield all filtered entries in the order of the page."""
    return JOURNAL.rows(filters.statement, request)


def journal_actions() -> list[str]:
    """Return the actions in the journal."""
    statement = select(JournalEntry.action).distinct().order_by(JournalEntry.action)
    return list(current_session().scalars(statement))


def find_private_token(about: str) -> str:
    """Return the token of the private link to what a message is about; "" when there is none."""
    subject, _, number = about.partition(":")
    models: dict[str, Any] = {
        "appointment": Appointment,
        "exhibitor": Exhibitor,
        "group": Group,
        "invitation": OrganisationInvitation,
        "waiting": WaitingEntry,
    }
    if not number.isdecimal():
        return ""
    if subject == "attendee":
        badge = find_valid_badge(int(number))
        return badge.private_token if badge else ""
    row = current_session().get(models[subject], int(number)) if subject in models else None
    return str(row.private_token) if row is not None else ""
