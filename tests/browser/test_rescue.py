"""An agent falls ill on the day: who coordinates reads the plan and confirms it by keyboard."""

import re

from playwright.sync_api import Page, expect
from sqlalchemy import select

from salon.appointments.models import Appointment, AppointmentStatus
from salon.platform.database.db import current_session, transaction
from salon.staffing.models import Agent, Shift, ShiftStatus
from tests.browser.conftest import LiveServer, check_is_fit, enter, open_at
from tests.browser.my_rota import inside

RESCUE = "/organisation/rendez-vous/sauvetage"


def make_coordinator(server: LiveServer) -> tuple[str, str]:
    """The agent of the demonstration coordinates the body of the first appointment to come;
    answers the name of who holds it, and of who comes."""
    with inside(server) as (edition, agent):
        statement = select(Appointment).where(
            Appointment.edition_id == edition.id,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.agent_id != agent.id,
            Appointment.agent.has(Agent.body_id == agent.body_id),
        )
        first = current_session().scalars(statement.order_by(Appointment.starts_at.desc())).first()
        assert first is not None
        names = first.agent.full_name, first.attendee.full_name
        with transaction(agent):
            agent.is_coordinator = True
    return names


def test_an_agent_falls_ill_and_the_plan_is_confirmed_by_keyboard(
    page: Page, live_server: LiveServer
) -> None:
    ill, visitor = make_coordinator(live_server)
    open_at(page, "L’ouverture")
    enter(page, "Entrer comme agent")
    page.goto(RESCUE)
    expect(page.get_by_text("Rien à sauver")).to_be_visible()
    check_is_fit(page)
    fall_ill(live_server, ill)
    page.reload()
    expect(page.get_by_text(re.compile("rendez-vous sans agent"))).to_be_visible()
    expect(page.get_by_text(visitor).first).to_be_visible()
    check_is_fit(page)
    confirm = page.get_by_role("button", name=re.compile("^Confirmer et prévenir"))
    box = confirm.bounding_box()
    assert box
    assert box["height"] >= 44
    confirm.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("visiteurs? prévenu"))).to_be_visible()
    expect(confirm).to_have_count(0)
    check_is_fit(page)


def fall_ill(server: LiveServer, name: str) -> None:
    """All the shifts of an agent are noted absent."""
    with inside(server) as (edition, _):
        statement = select(Shift).where(
            Shift.edition_id == edition.id, Shift.status == ShiftStatus.PUBLISHED
        )
        theirs = [
            row for row in current_session().scalars(statement) if row.agent.full_name == name
        ]
        assert theirs
        with transaction(*theirs):
            for item in theirs:
                item.absent_at = item.starts_at
