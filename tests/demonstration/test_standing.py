"""The demonstration is postponed, cancelled, and takes place again: said before, then done."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.appointments.models import AgentClaim, Appointment, AppointmentStatus, VisitorClaim
from salon.appointments.services.reminders import post_appointment_reminders
from salon.billing.models import SalesKind
from salon.billing.queries.batches import invoices_to_credit
from salon.billing.queries.ledger import standing_invoices
from salon.billing.rules import sales as billing
from salon.billing.services.reminders import post_invoice_reminders
from salon.billing.services.sales import issue, issue_credit_note
from salon.fair.models import Edition
from salon.fair.rules.lifecycle import EditionAct, acts_on
from salon.fair.rules.standing import FairIsCancelled, StandingAct, StandingActRefused
from salon.fair.services import days, standing
from salon.platform.database.act import Act
from salon.platform.database.consequences import Consequences, Fate, Standing
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.database.versions import StaleVersion, stamp_of
from salon.platform.mail.outbox import rehearsed_messages
from salon.platform.settings.clock import clock, now
from salon.staffing.rules import runs
from salon.staffing.services.publication import publish_rota
from salon.staffing.services.reminders import post_rota_reminders
from tests.demonstration.lived_fair import (
    WEEK,
    CalendarEvent,
    calendars,
    change,
    dated,
    events_of,
    figures,
    last_message,
    posted_since,
)
from tests.factories import act_in

Read = Callable[[], dict[str, CalendarEvent]]

WORDS = "La salle est fermée."


def act(edition: Edition, chosen: StandingAct) -> Consequences:
    stamp = stamp_of(standing.standing_of(edition))
    return standing.change_standing(act_in(edition, SYSTEM), chosen, stamp, WORDS)


def said_then_done(
    edition: Edition, chosen: StandingAct
) -> tuple[dict[tuple[str, str], Sequence[str]], Counter[str]]:
    """Rehearse an act, check that it changed nothing, then act: the same happens."""
    before, was = dated(edition), edition.standing
    with rehearsed_messages() as messages:
        rehearsed = act(edition, chosen)
    assert dated(edition) == before
    assert edition.standing == was
    latest, kinds = last_message(), Counter(message.kind for message in messages)
    consequences = act(edition, chosen)
    assert figures(consequences) == figures(rehearsed)
    assert posted_since(latest) == kinds
    return figures(consequences), kinds


@pytest.fixture
def read(app: Flask, edition: Edition) -> Read:
    """Read the events of an agent's feed and of a visitor's calendar."""
    paths = calendars()
    return lambda: {uid: event for path in paths for uid, event in events_of(app, path).items()}


def check_events(
    events: dict[str, CalendarEvent],
    before: dict[str, CalendarEvent],
    status: str,
    later: timedelta = timedelta(),
    changes: int = 1,
) -> None:
    assert events.keys() == before.keys() != set()
    for uid, event in events.items():
        former = before[uid]
        assert event == (former.sequence + changes, former.day_on + later, status), uid


def count(model: Any, *conditions: Any) -> int:
    return current_session().scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def live_appointments() -> int:
    return count(Appointment, Appointment.status == AppointmentStatus.BOOKED)


def test_the_fair_is_postponed_then_given_a_date(read: Read, edition: Edition) -> None:
    before, events = dated(edition), read()
    consequences, messages = said_then_done(edition, StandingAct.POSTPONE)
    assert dated(edition) == before
    check_events(read(), events, "TENTATIVE")
    assert len(consequences["awaiting", "Rendez-vous"]) == live_appointments() > 0
    assert consequences["awaiting", "Vacations publiées"]
    assert consequences["awaiting", "Badges, toujours valables"]
    assert consequences["awaiting", "Exposants"]
    assert consequences["kept", "Factures, toujours dues"]
    assert set(messages) == {
        "standing_changed",
        "exhibitor_standing_changed",
        "agent_standing_changed",
    }
    figures_of_change = figures(change(edition, WEEK))
    assert edition.standing == Standing.AS_PLANNED
    assert len(figures_of_change["moved", "Rendez-vous"]) == live_appointments()
    check_events(read(), events, "CONFIRMED", WEEK, changes=2)
    entry = days.last_change(edition)
    assert entry is not None
    days.undo_days_change(act_in(edition, SYSTEM), entry.id)
    assert edition.standing == Standing.POSTPONED
    assert dated(edition) == before
    check_events(read(), events, "TENTATIVE", changes=3)


def test_a_date_given_after_the_former_one_moves_all_that_was_kept(
    read: Read, edition: Edition
) -> None:
    events, live = read(), live_appointments()
    act(edition, StandingAct.POSTPONE)
    clock.jump(edition.ends_at + timedelta(days=2))
    assert acts_on(edition, now()) == [EditionAct.WITHDRAW]
    assert post_rota_reminders(now()) == post_appointment_reminders(now()) == 0
    with pytest.raises(StandingActRefused):
        act(edition, StandingAct.REINSTATE)
    months = 8 * WEEK
    figures_of_change = figures(change(edition, months))
    assert len(figures_of_change["moved", "Rendez-vous"]) == live
    assert "Fermeture des inscriptions" in figures_of_change["moved", "Dates d’inscription"]
    assert edition.registration_closes_at > now()
    check_events(read(), events, "CONFIRMED", months, changes=2)


def test_the_same_days_confirmed_confirm_every_calendar(read: Read, edition: Edition) -> None:
    before, events = dated(edition), read()
    act(edition, StandingAct.POSTPONE)
    change(edition)
    assert edition.standing == Standing.AS_PLANNED
    assert dated(edition) == before
    check_events(read(), events, "CONFIRMED", changes=2)


def test_a_postponed_fair_is_kept_on_its_days_after_all(read: Read, edition: Edition) -> None:
    before, events = dated(edition), read()
    act(edition, StandingAct.POSTPONE)
    consequences, _ = said_then_done(edition, StandingAct.REINSTATE)
    assert edition.standing == Standing.AS_PLANNED
    assert dated(edition) == before
    assert consequences["restored", "Rendez-vous"]
    check_events(read(), events, "CONFIRMED", changes=2)


def test_the_fair_is_cancelled_then_reopened(read: Read, edition: Edition) -> None:
    before, events, live = dated(edition), read(), live_appointments()
    consequences, messages = said_then_done(edition, StandingAct.CANCEL)
    assert len(consequences["removed", "Rendez-vous"]) >= live > 0
    assert live_appointments() == count(AgentClaim, AgentClaim.appointment_id.is_not(None)) == 0
    assert count(VisitorClaim) == 0
    assert messages["appointment_cancelled"] >= live
    assert messages["rota_changed"] > 0
    check_events(read(), events, "CANCELLED")
    with pytest.raises(FairIsCancelled):
        change(edition, WEEK)
    with pytest.raises(runs.FairIsCancelled):
        publish_rota(act_in(edition, SYSTEM), "", "")
    consequences, messages = said_then_done(edition, StandingAct.REINSTATE)
    assert edition.standing == Standing.AS_PLANNED
    assert dated(edition) == before
    assert len(consequences["restored", "Rendez-vous"]) == live
    assert messages["appointment_restored"] >= live
    check_events(read(), events, "CONFIRMED", changes=2)


def test_a_postponed_fair_that_is_cancelled_is_postponed_again_when_reopened(
    read: Read, edition: Edition
) -> None:
    before, events = dated(edition), read()
    for chosen in (StandingAct.POSTPONE, StandingAct.CANCEL, StandingAct.REINSTATE):
        act(edition, chosen)
    assert edition.standing == Standing.POSTPONED
    assert dated(edition) == before
    check_events(read(), events, "TENTATIVE", changes=3)
    clock.jump(edition.ends_at + timedelta(days=1))
    act(edition, StandingAct.CANCEL)
    act(edition, StandingAct.REINSTATE)
    assert edition.standing == Standing.POSTPONED


def test_a_cancellation_proposes_credit_notes_and_issues_none(edition: Edition) -> None:
    invoices = standing_invoices(edition)
    assert invoices
    assert not invoices_to_credit(edition)
    consequences, _ = said_then_done(edition, StandingAct.CANCEL)
    assert len(consequences[Fate.LEFT_TO_DO.value, "Avoirs à établir"]) == len(invoices)
    assert list(invoices_to_credit(edition)) == list(invoices)
    late = now() + timedelta(days=60)
    assert post_invoice_reminders(late) == 0
    with pytest.raises(billing.FairIsCancelled):
        issue(Act(SYSTEM), invoices[0].exhibitor_id, SalesKind.QUOTE)
    issue_credit_note(Act(SYSTEM), invoices[0].id, None, "Salon annulé")
    assert len(invoices_to_credit(edition)) == len(invoices) - 1
    consequences, _ = said_then_done(edition, StandingAct.REINSTATE)
    assert post_invoice_reminders(late) > 0
    label = "Factures annulées par un avoir, à établir de nouveau"
    assert len(consequences[Fate.LEFT_TO_DO.value, label]) == 1


def test_a_stale_page_changes_nothing(edition: Edition) -> None:
    stamp = stamp_of(standing.standing_of(edition))
    act(edition, StandingAct.POSTPONE)
    with pytest.raises(StaleVersion):
        standing.change_standing(act_in(edition, SYSTEM), StandingAct.CANCEL, stamp)
    assert edition.standing == Standing.POSTPONED
