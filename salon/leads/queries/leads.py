"""Named reads of the contacts; exhibitors get lines (`shared.py`), never leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from salon.badges.engine.matching import email_key
from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.fair.models import Edition, Stand
from salon.leads.engine import stand_code
from salon.leads.models import Interest, Lead
from salon.leads.models.labels import Purpose
from salon.leads.queries.shared import LeadLine, line_of
from salon.platform.database.db import current_session
from salon.platform.pages.lists.listing import Column, Listing, Page, PageRequest
from salon.platform.words.texts import folded

MOST_LINKS = 8
WITH_ALL = (
    joinedload(Lead.attendee).joinedload(Attendee.commune),
    joinedload(Lead.attendee).joinedload(Attendee.epci),
    selectinload(Lead.readings),
    selectinload(Lead.consents),
)
"""Consents are read last, in a statement of their own."""


@dataclass(frozen=True)
class LeadFilter:
    """Filters of the list. `state`: shared, unshared, to_follow, late, stale or ""."""

    text: str = ""
    interest: str = ""
    state: str = ""

    def keeps(self, line: LeadLine, today: date) -> bool:
        if self.interest and line.interest != self.interest:
            return False
        if self.text and not line.holds(self.text):
            return False
        return {
            "": True,
            "shared": line.person is not None,
            "unshared": line.person is None,
            "to_follow": line.is_to_follow,
            "late": line.is_late(today),
            "stale": line.is_stale,
        }.get(self.state, False)


def lines_of(exhibitor_id: int, purpose: Purpose | None = None) -> list[LeadLine]:
    """Return the contacts of a stand, the latest met first, in a constant number of statements."""
    statement = select(Lead).where(Lead.exhibitor_id == exhibitor_id)
    newest = statement.options(*WITH_ALL).order_by(Lead.met_at.desc(), Lead.id.desc())
    leads = current_session().scalars(newest.execution_options(populate_existing=True))
    return [line_of(lead, purpose) for lead in leads]


def get_line(exhibitor_id: int, lead_id: int) -> LeadLine:
    """Return a contact of this exhibitor. Raises NoResultFound for another's."""
    statement = select(Lead).where(Lead.id == lead_id, Lead.exhibitor_id == exhibitor_id)
    fresh = statement.options(*WITH_ALL).execution_options(populate_existing=True)
    return line_of(current_session().scalars(fresh).one())


LEADS = Listing(
    {
        "met": Column("Rencontre", lambda line: (line.met_at, line.id)),
        "name": Column("Nom", lambda line: (line.person is None, folded(line.title))),
        "interest": Column("Intérêt", lambda line: list(Interest).index(line.interest)),
        "follow_up": Column("Suite", lambda line: line.follow_up_on or date.max),
    },
    sort="-met",
)
"""Lines in memory: the database cannot filter or sort by consent."""


def leads_page(
    lines: Sequence[LeadLine], filters: LeadFilter, today: date, request: PageRequest
) -> Page:
    """Return a page of the lines that match the filters."""
    return LEADS.page_of_rows([line for line in lines if filters.keeps(line, today)], request)


@dataclass(frozen=True)
class Counts:
    total: int
    shared: int
    to_follow: int
    late: int
    stale: Sequence[int]
    """The numbers of the contacts to take out of the files that were downloaded."""


def counts_of(lines: Sequence[LeadLine], today: date) -> Counts:
    return Counts(
        total=len(lines),
        shared=sum(line.person is not None for line in lines),
        to_follow=sum(line.is_to_follow for line in lines),
        late=sum(line.is_late(today) for line in lines),
        stale=sorted(line.id for line in lines if line.is_stale),
    )


def find_exhibitor_by_code(edition: Edition, code: str) -> Exhibitor | None:
    """Return the accepted exhibitor of the edition with this stand code, or None."""
    accepted = (
        Exhibitor.edition_id == edition.id,
        Exhibitor.status == ApplicationStatus.ACCEPTED,
    )
    tokens = current_session().execute(
        select(Exhibitor.id, Exhibitor.private_token).where(*accepted)
    )
    exhibitor_id = next((row.id for row in tokens if stand_code(row.private_token) == code), None)
    if exhibitor_id is None:
        return None
    statement = select(Exhibitor).where(Exhibitor.id == exhibitor_id)
    with_stand = statement.options(joinedload(Exhibitor.stand).joinedload(Stand.hall))
    return current_session().scalars(with_stand).one()


def leads_of_attendee(attendee_id: int) -> Sequence[Lead]:
    """Return the contacts of a person with all stands, the latest met first."""
    statement = select(Lead).where(Lead.attendee_id == attendee_id).options(*OF_VISITOR)
    return current_session().scalars(statement.order_by(Lead.met_at.desc(), Lead.id.desc())).all()


def get_lead_of_attendee(attendee_id: int, lead_id: int) -> Lead:
    """Return a contact of this person. Raises NoResultFound for another's."""
    statement = select(Lead).where(Lead.id == lead_id, Lead.attendee_id == attendee_id)
    return current_session().scalars(statement.options(*OF_VISITOR)).one()


def find_lead(exhibitor_id: int, attendee_id: int) -> Lead | None:
    statement = select(Lead).where(
        Lead.exhibitor_id == exhibitor_id, Lead.attendee_id == attendee_id
    )
    return current_session().scalars(statement.options(*OF_VISITOR)).one_or_none()


OF_VISITOR = (
    joinedload(Lead.exhibitor).joinedload(Exhibitor.stand).joinedload(Stand.hall),
    selectinload(Lead.readings),
    selectinload(Lead.consents),
)


def badges_at_address(edition: Edition, email: str) -> Sequence[Badge]:
    """Return the valid badges of people registered with this address, by name."""
    statement = (
        select(Badge)
        .join(Badge.attendee)
        .where(
            Badge.edition_id == edition.id,
            Badge.revoked_at.is_(None),
            Attendee.status == AttendeeStatus.REGISTERED,
            Attendee.email_key == email_key(email),
        )
        .options(joinedload(Badge.attendee))
        .order_by(Attendee.name_key, Badge.id)
        .limit(MOST_LINKS)
    )
    return current_session().scalars(statement).all()
