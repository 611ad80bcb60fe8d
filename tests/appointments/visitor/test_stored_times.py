"""The page of a theme is rendered once while its times are the same, and never shows others."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from salon.appointments.models import Appointment, Hold, StandBooking, ThemeBooking
from salon.appointments.queries.revisions import BOOKINGS
from salon.appointments.services.booking import (
    Choice,
    cancel_appointment,
    hold_slot,
    move_appointment,
    release_hold,
)
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import now, real_now
from salon.public_tables import HIDDEN_TABLES, REVISIONS
from salon.staffing.models import Shift
from tests.appointments.make import PUBLIC, Fair, book, make_fair
from tests.appointments.visitor.browsing import slug_of
from tests.factories import act_in
from tests.pages import PageClient
from tests.statements import statements


@pytest.fixture
def fair(edition: Edition) -> Fair:
    """One agent, who has an appointment at ten and whose time at eleven is held."""
    fair = make_fair(edition, agents={"Département": 1})
    book(fair, at=fair.at(10))
    hold(fair, fair.at(11))
    return fair


def hold(fair: Fair, at: datetime) -> Hold:
    return hold_slot(act_in(fair.edition, PUBLIC), Choice(fair.theme_id(), at))


def appointment() -> Appointment:
    return current_session().scalars(select(Appointment)).one()


def execute(statement: Any) -> None:
    with transaction() as session:
        session.execute(statement)


def page_of(client: PageClient, fair: Fair) -> str:
    """Return the page without its token, which turns with the second."""
    answer = client.get(f"/rendez-vous/themes/{slug_of(fair)}")
    assert answer.status_code == 200
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.get_data(as_text=True))


WRITES: dict[str, Callable[[Fair], object]] = {
    "a hold": lambda fair: hold(fair, fair.at(14)),
    "a hold released": lambda fair: release_hold(
        current_session().scalars(select(Hold.token)).one()
    ),
    "an appointment": lambda fair: book(fair, at=fair.at(15)),
    "an appointment moved": lambda fair: move_appointment(
        Act(PUBLIC), appointment(), Choice(fair.theme_id(), fair.at(16))
    ),
    "an appointment cancelled": lambda fair: cancel_appointment(Act(PUBLIC), appointment()),
    "a theme closed": lambda fair: execute(update(ThemeBooking).values(is_open=False)),
    "a longer time": lambda fair: execute(update(ThemeBooking).values(minutes=30)),
    "an agent kept free": lambda fair: execute(update(StandBooking).values(kept_free=1)),
    "an absence": lambda fair: execute(update(Shift).values(absent_at=real_now())),
}


@pytest.mark.parametrize("name", WRITES)
def test_another_process_shows_a_write_at_its_next_request(
    fair: Fair, other: PageClient, name: str
) -> None:
    before = page_of(other, fair)
    assert page_of(other, fair) == before
    WRITES[name](fair)
    assert page_of(other, fair) != before


@pytest.mark.on_both
def test_a_write_that_no_revision_follows_would_stay_unseen(
    fair: Fair, other: PageClient, minute: object
) -> None:
    """The control: a statement that the application did not build replaces no revision."""
    before = page_of(other, fair)
    with transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM appointment_holds")
    assert page_of(other, fair) == before
    execute(delete(Appointment))
    assert page_of(other, fair) != before


def test_a_hold_that_ends_frees_its_time_at_its_second(
    fair: Fair, client: PageClient, minute: Callable[[datetime], None]
) -> None:
    ends_at = now().replace(second=0, microsecond=0) + timedelta(seconds=90)
    execute(update(Hold).values(expires_at=ends_at))
    minute(ends_at - timedelta(seconds=20))
    before = page_of(client, fair)
    assert page_of(client, fair) == before
    minute(ends_at + timedelta(seconds=1))
    assert page_of(client, fair) != before


def test_an_unchanged_page_reads_no_time_again(
    fair: Fair, client: PageClient, minute: object
) -> None:
    page_of(client, fair)
    with statements() as sent_statements:
        page_of(client, fair)
    assert not any("FROM shifts" in text for text in sent_statements)


def test_the_revision_follows_each_hidden_table_that_the_page_reads(
    fair: Fair, other: PageClient
) -> None:
    slug = slug_of(fair)
    with other.application.app_context(), statements() as sent_statements:
        assert other.get(f"/rendez-vous/themes/{slug}").status_code == 200
    read = {name for text in sent_statements for name in re.findall(r"(?:FROM|JOIN) (\w+)", text)}
    assert read & HIDDEN_TABLES == {"marks", *REVISIONS[BOOKINGS]}
