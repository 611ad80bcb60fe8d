"""A fair with as many slots as a measure needs: agents of one theme, on duty all day."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import delete, select

from bench.fairs import Fair
from salon import create_app
from salon.appointments.models import (
    AgentClaim,
    Appointment,
    AppointmentDocument,
    BookingSettings,
    Hold,
    NextStep,
    StandBooking,
    ThemeBooking,
    Ticket,
    VisitorClaim,
    WaitingEntry,
)
from salon.appointments.services.settings import get_or_create_settings
from salon.fair.models import Edition, Theme
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session, db, transaction
from salon.platform.settings.clock import now
from salon.platform.settings.installation import read_settings
from salon.staffing.models import Agent, Shift, ShiftOrigin, ShiftStatus, agent_themes

PER_AGENT = 20
"""Twenty minutes and a pause of five, from the opening on."""

TAKEN = (
    *(AgentClaim, VisitorClaim, Hold, Ticket, WaitingEntry),
    *(NextStep, AppointmentDocument, Appointment),
)
"""Tables of the times that the demonstration has taken already."""


@contextmanager
def opened(fair: Fair) -> Iterator[Flask]:
    app = create_app(read_settings(fair.environment()))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def first_theme() -> Theme:
    themes = select(Theme).where(Theme.edition_id == get_public_edition().id)
    return current_session().scalars(themes.order_by(Theme.id)).first()  # type: ignore[return-value]


def make_slots(agents: int) -> str:
    """One theme, answered by so many agents on duty while the fair is open, PER_AGENT slots each;
    answers the theme's slug."""
    edition, theme = get_public_edition(), first_theme()
    settings = get_or_create_settings(edition)
    stand_id = theme.body.stand_id
    opens = edition.days[0].opens_at
    with transaction() as session:
        row = session.get_one(BookingSettings, settings.edition_id)
        row.per_commune, row.per_visitor = 100_000, 4
        for table in TAKEN:
            session.execute(delete(table))
        session.execute(delete(agent_themes).where(agent_themes.c.theme_id == theme.id))
        for table, values in (
            (ThemeBooking, {"theme_id": theme.id, "minutes": 20}),
            (StandBooking, {"stand_id": stand_id, "kept_free": 0}),
        ):
            session.merge(table(**values))
        for number in range(agents):
            email = f"banc{number}@herault.example"
            agent = Agent(
                **{"edition_id": edition.id, "body_id": theme.body_id, "civility": "madame"},
                **{"first_name": "Camille", "last_name": f"Banc{number}", "name_key": "banc"},
                **{"email": email, "email_key": email, "created_at": now()},
                calendar_token=secrets.token_urlsafe(24),
                themes=[theme],
            )
            session.add(agent)
            session.flush()
            session.add(_shift(edition, agent, stand_id, opens))
    return theme.slug


def _shift(edition: Edition, agent: Agent, stand_id: int, opens: datetime) -> Shift:
    return Shift(
        **{"edition_id": edition.id, "agent_id": agent.id, "stand_id": stand_id},
        starts_at=opens,
        ends_at=opens + timedelta(minutes=25 * PER_AGENT),
        status=ShiftStatus.PUBLISHED,
        origin=ShiftOrigin.BY_HAND,
        uid=secrets.token_hex(16),
        sequence=0,
    )
