"""State machine: acts of visitors, agents, coordinators and the worker, in any order."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import cycle
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import select

from salon.appointments.models import Appointment, Hold, ThemeBooking, WaitingEntry
from salon.appointments.queries.offers import offers_of
from salon.appointments.queries.rescue import read_rescue
from salon.appointments.services.booking import (
    accept_proposal,
    book_slot,
    cancel_appointment,
    hold_slot,
    move_appointment,
    release_hold,
)
from salon.appointments.services.following import follow_attendees
from salon.appointments.services.placing import BookingAttempt, Choice, WaitingChoice
from salon.appointments.services.rescue import apply_rescue, notify_untended_appointments
from salon.appointments.services.waiting import (
    accept_offer,
    decline_offer,
    join_waiting,
    leave_waiting,
    run_waiting_lists,
)
from salon.badges.models import Attendee, AttendeeStatus, HalfDay
from salon.badges.services import cancel_attendee
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.words.errors import RuleBroken
from salon.staffing.models import Agent, Shift, ShiftStatus, StandIn, StandInStatus
from salon.village_day.rules.replacing import Obstacle
from salon.village_day.services.day import note_absence, undo_mark
from salon.village_day.services.standins import ask_stand_in, assign_shift
from tests.appointments.engine.made import WORDS, replaced
from tests.appointments.engine.watching import Moment, check_everything, moment
from tests.appointments.make import PUBLIC, Fair, make_fair, make_visitor
from tests.factories import act_in, new_key
from tests.staffing.make import ORGANISER, publish, put

BODIES = ("Département", "SDIS 34")
MORNINGS = (((9, 0), (10, 30)), ((9, 30), (10, 30)), ((9, 0), (10, 0)), None)
PICKS = st.integers(0, 40)
VISITORS = st.integers(0, 11)
SOMEWHERE = st.sampled_from(BODIES)


def make_small_fair(edition: Edition) -> Fair:
    """Make five agents, one of whom answers both themes, two hours and a half: soon full."""
    fair = make_fair(
        edition, agents={"Département": 3, "SDIS 34": 2}, per_visitor=4, per_commune=8, kept_free=1
    )
    with transaction() as session:
        session.get_one(ThemeBooking, fair.theme_id("SDIS 34")).minutes = 45
        versatile_agent = session.get_one(Agent, fair.agents["Département"][0].id)
        versatile_agent.themes = list(fair.village.themes.values())[::2]
    for body in BODIES:
        for agent in fair.agents[body]:
            hours = ((9, 0), (10, 30)), ((13, 0), (14, 0))
            put(fair.village, agent, *(fair.village.wanted(body, *hour) for hour in hours))
    publish(fair.village)
    for commune in ("34032", "34092", "34160") * 4:
        make_visitor(edition, commune=commune)
    return fair


class Machine(RuleBasedStateMachine):
    """The two days, from the eve at ten; `restore` gives the database as it was at first."""

    fair: Fair
    restore: Callable[[], None]

    @initialize()
    def begin(self) -> None:
        self.restore()
        self.now = self.fair.before
        self.before: Moment = moment()

    def perform(self, call: Callable[[], object]) -> None:
        """Perform the act; a refused one changes nothing."""
        try:
            call()
            refused = False
        except RuleBroken:
            refused = True
        after = moment()
        if refused:
            assert after == self.before
        check_everything(self.edition, self.before, after, self.now)
        self.before = after

    @property
    def edition(self) -> Edition:
        return get_public_edition()

    def pick_row(self, table: Any, pick: int, *conditions: Any) -> Any:
        """Return one of the rows, whatever the number; None when there is none."""
        rows = current_session().scalars(select(table).where(*conditions)).all()
        return rows[pick % len(rows)] if rows else None

    def choice(self, body: str, pick: int) -> Choice:
        """Return mostly a shown time, else any five minutes of the morning."""
        theme_id = self.fair.theme_id(body)
        offers = offers_of(self.edition, theme_id, self.now)
        if offers and pick % 4:
            return Choice(theme_id, offers[pick % len(offers)].starts_at)
        return Choice(theme_id, self.fair.at(9) + timedelta(minutes=5 * (pick % 20)))

    @rule(visitor=VISITORS, body=SOMEWHERE, pick=PICKS)
    def book(self, visitor: int, body: str, pick: int) -> None:
        attendee = self.pick_row(Attendee, visitor, Attendee.agent_id.is_(None))
        assert attendee is not None
        choice = self.choice(body, pick)
        self.perform(
            lambda: book_slot(
                act_in(self.edition, PUBLIC, self.now),
                choice,
                attendee.id,
                WORDS,
                BookingAttempt(new_key()),
            )
        )

    @rule(body=SOMEWHERE, first=VISITORS)
    def all_is_taken(self, body: str, first: int) -> None:
        """Let the staff book every time, whatever the limits; three visitors join the list."""
        people = (
            current_session().scalars(select(Attendee.id).where(Attendee.agent_id.is_(None))).all()
        )
        theme_id = self.fair.theme_id(body)

        def call() -> None:
            for _ in range(2):
                starts = [offer.starts_at for offer in offers_of(self.edition, theme_id, self.now)]
                for at, person in zip(starts, cycle(people), strict=False):
                    with suppress(RuleBroken):
                        book_slot(
                            act_in(self.edition, ORGANISER, self.now),
                            Choice(theme_id, at),
                            person,
                            WORDS,
                            BookingAttempt(new_key(), accepted=("per_visitor", "per_commune")),
                        )

        self.perform(call)
        for visitor in range(first, first + 3):
            self.join(visitor, body, list(HalfDay)[visitor % 3])

    @rule(body=SOMEWHERE, pick=PICKS)
    def keep(self, body: str, pick: int) -> None:
        choice = self.choice(body, pick)
        self.perform(lambda: hold_slot(act_in(self.edition, PUBLIC, self.now), choice))

    @rule(visitor=VISITORS, pick=PICKS)
    def confirm(self, visitor: int, pick: int) -> None:
        hold = self.pick_row(Hold, pick, Hold.waiting_id.is_(None), Hold.appointment_id.is_(None))
        attendee = self.pick_row(Attendee, visitor, Attendee.agent_id.is_(None))
        if hold is None or attendee is None:
            return
        choice, token = Choice(hold.theme_id, hold.starts_at, hold.agent_id), hold.token
        if pick % 5 == 0:
            self.perform(lambda: release_hold(token))
            return
        self.perform(
            lambda: book_slot(
                act_in(self.edition, PUBLIC, self.now),
                choice,
                attendee.id,
                WORDS,
                BookingAttempt(new_key(), token),
            )
        )

    @rule(minutes=st.sampled_from((3, 6, 16, 16, 30, 22 * 60)))
    def time_passes(self, minutes: int) -> None:
        self.now = min(self.now + timedelta(minutes=minutes), self.fair.at(10))
        self.before = moment()

    @rule()
    def the_worker_works(self) -> None:
        self.perform(lambda: follow_attendees(self.now))
        self.perform(lambda: run_waiting_lists(self.now))
        self.perform(lambda: notify_untended_appointments(self.now))
        if read_rescue(self.edition, self.now).moves:
            self.the_coordinator_rescues()

    @rule(pick=PICKS, to=PICKS)
    def move(self, pick: int, to: int) -> None:
        appointment = self.pick_row(Appointment, pick)
        if appointment is not None:
            body = next(body for body in BODIES if self.fair.theme_id(body) == appointment.theme_id)
            choice = self.choice(body, to)
            self.perform(lambda: move_appointment(Act(PUBLIC, self.now), appointment, choice))

    @rule(pick=PICKS)
    def cancel(self, pick: int) -> None:
        appointment = self.pick_row(Appointment, pick)
        if appointment is not None:
            self.perform(lambda: cancel_appointment(Act(PUBLIC, self.now), appointment))

    @rule(pick=PICKS)
    def accept(self, pick: int) -> None:
        appointment = self.pick_row(Appointment, pick, Appointment.status == "to_choose")
        if appointment is not None:
            self.perform(lambda: accept_proposal(Act(PUBLIC, self.now), appointment))

    @rule(pick=PICKS, is_rescued=st.booleans())
    def an_agent_is_absent(self, pick: int, is_rescued: bool) -> None:
        """Mark an agent absent: one with appointments, if there is any."""
        published = Shift.status == ShiftStatus.PUBLISHED, Shift.absent_at.is_(None)
        receiving = Shift.agent_id.in_(
            select(Appointment.agent_id).where(Appointment.status == "booked")
        )
        shift = self.pick_row(Shift, pick, *published, receiving) or self.pick_row(
            Shift, pick, *published
        )
        if shift is not None:
            self.perform(lambda: note_absence(Act(ORGANISER, self.now), shift.id))
            if is_rescued:
                self.the_coordinator_rescues()

    @rule(pick=PICKS)
    def an_agent_comes_after_all(self, pick: int) -> None:
        shift = self.pick_row(Shift, pick, Shift.absent_at.is_not(None))
        if shift is not None:
            self.perform(lambda: undo_mark(Act(ORGANISER, self.now), shift.id))

    @rule(pick=PICKS)
    def an_agent_looks_for_a_stand_in(self, pick: int) -> None:
        shift = self.pick_row(Shift, pick, Shift.status == ShiftStatus.PUBLISHED)
        if shift is not None:
            self.perform(lambda: ask_stand_in(act_in(self.edition, ORGANISER, self.now), shift, ""))

    @rule(pick=PICKS, taker=PICKS)
    def a_shift_changes_hands(self, pick: int, taker: int) -> None:
        stand_in = self.pick_row(StandIn, pick, StandIn.status == StandInStatus.OPEN)
        agent = self.pick_row(Agent, taker)
        if stand_in is not None and agent is not None:
            self.perform(
                lambda: assign_shift(
                    Act(ORGANISER, self.now), stand_in, agent, list(Obstacle), None
                )
            )

    @rule(pick=PICKS, morning=st.sampled_from(MORNINGS), body=SOMEWHERE)
    def the_rota_is_published_anew(
        self, pick: int, morning: tuple[tuple[int, int], tuple[int, int]] | None, body: str
    ) -> None:
        agent = self.pick_row(Agent, pick)
        if pick % 2:
            return
        hours = [value for value in (morning, ((13, 0), (14, 0))) if value is not None]
        planned_shifts = [self.fair.village.wanted(body, *hour) for hour in hours]

        def call() -> None:
            put(self.fair.village, agent, *planned_shifts)
            publish(self.fair.village)

        self.perform(call)

    def the_coordinator_rescues(self) -> None:
        stamp = read_rescue(self.edition, self.now).stamp
        self.perform(lambda: apply_rescue(act_in(self.edition, ORGANISER, self.now), stamp, None))

    def join(self, visitor: int, body: str, part: HalfDay) -> None:
        attendee = self.pick_row(Attendee, visitor, Attendee.agent_id.is_(None))
        assert attendee is not None
        theme = self.fair.theme_id(body)
        self.perform(
            lambda: join_waiting(
                act_in(self.edition, PUBLIC, self.now),
                WaitingChoice(theme, part, "L’eau"),
                attendee.id,
                new_key(),
            )
        )

    @rule(pick=PICKS, answer=st.sampled_from((accept_offer, accept_offer, decline_offer)))
    def answer_an_offer(self, pick: int, answer: Callable[..., object]) -> None:
        entry = self.pick_row(WaitingEntry, pick, WaitingEntry.status == "offered")
        if entry is not None:
            self.perform(lambda: answer(Act(PUBLIC, self.now), entry))

    @rule(pick=PICKS)
    def somebody_gives_a_time_back(self, pick: int) -> None:
        """Cancel an appointment on a theme that others wait for."""
        waited = select(WaitingEntry.theme_id).where(WaitingEntry.status == "waiting")
        appointment = self.pick_row(Appointment, pick, Appointment.theme_id.in_(waited))
        if appointment is not None:
            self.perform(lambda: cancel_appointment(Act(PUBLIC, self.now), appointment))

    @rule(pick=PICKS)
    def leave(self, pick: int) -> None:
        entry = self.pick_row(WaitingEntry, pick)
        if entry is not None:
            self.perform(lambda: leave_waiting(Act(PUBLIC, self.now), entry))

    @rule(pick=PICKS, comes_instead=st.booleans())
    def a_visitor_cannot_come(self, pick: int, comes_instead: bool) -> None:
        live = Attendee.status == AttendeeStatus.REGISTERED
        attendee = self.pick_row(Attendee, pick, live, Attendee.agent_id.is_(None))
        if attendee is None or pick % 3:
            return
        if comes_instead:
            self.perform(lambda: replaced(attendee, self.now))
        else:
            self.perform(lambda: cancel_attendee(Act(SYSTEM, self.now), attendee.id))
        self.perform(lambda: follow_attendees(self.now))
