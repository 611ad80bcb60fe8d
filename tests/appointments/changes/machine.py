"""State machine: an organiser withdraws, closes, moves, postpones, cancels, undoes, in any order.

What stands is compared with a model after each act; one that the model refuses changes nothing.
"""

from collections.abc import Callable

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from salon.platform.database.consequences import Consequences
from salon.platform.words.errors import RuleBroken
from tests.appointments.changes.acts import (
    DEPARTEMENT,
    FIBRE,
    Organiser,
    check_visitors_know,
    picture,
)
from tests.appointments.changes.model import EARLY, Act, Model, without
from tests.appointments.make import check_invariants

BODY = st.sampled_from((DEPARTEMENT, FIBRE))


class Machine(RuleBasedStateMachine):
    """`restore` gives the database as it was at first; `count` counts the sequences."""

    organiser: Organiser
    restore: Callable[[], None]
    count = 0

    @initialize()
    def begin(self) -> None:
        type(self).count += 1
        self.restore()
        fair = self.organiser.fair
        self.model = Model(
            picture(self.organiser.edition),
            {
                name: (fair.stand_id(name), fair.agents[name][0].id, fair.theme_id(name))
                for name in (DEPARTEMENT, FIBRE)
            },
        )
        self.before = self.model.base

    def perform(self, act: Callable[[], Consequences], is_allowed: bool) -> bool:
        """Perform an act; refused, it changes nothing. Return whether it was allowed."""
        if not is_allowed:
            with pytest.raises(RuleBroken):
                act()
            assert picture(self.organiser.edition) == self.before
            return False
        act()
        return True

    def check(self) -> None:
        edition, lost = self.organiser.edition, self.model.lost_appointments()
        self.before = picture(edition)
        assert without(self.before, lost) == self.model.expected()
        assert edition.standing == self.model.standing
        check_invariants(edition)
        check_visitors_know(edition)

    def take(self, act: Callable[[], Consequences], is_allowed: bool, record: Act) -> None:
        if self.perform(act, is_allowed and not self.model.is_cancelled):
            self.model.acts.append(record)
            self.check()

    def give_back(self, act: Callable[[], Consequences], name: str, is_allowed: bool) -> None:
        record = self.model.find(name)
        allowed = record is not None and is_allowed and not self.model.is_cancelled
        if self.perform(act, allowed) and record is not None:
            self.model.acts.remove(record)
            self.check()

    @rule(body=BODY)
    def withdraw_body(self, body: str) -> None:
        record = Act(f"body {body}", frozenset({f"body {body}"}))
        self.take(lambda: self.organiser.withdraw_body(body), self.model.is_there(body), record)

    @rule(body=BODY)
    def restore_body(self, body: str) -> None:
        is_open = self.model.find("hall") is None
        self.give_back(lambda: self.organiser.restore_body(body), f"body {body}", is_open)

    @rule(body=BODY)
    def withdraw_theme(self, body: str) -> None:
        is_there, record = self.model.has_theme(body), Act(f"theme {body}")
        self.take(lambda: self.organiser.withdraw_theme(body), is_there, record)

    @rule(body=BODY)
    def restore_theme(self, body: str) -> None:
        is_there = self.model.is_there(body)
        self.give_back(lambda: self.organiser.restore_theme(body), f"theme {body}", is_there)

    @rule(is_moving=st.booleans())
    def close_hall(self, is_moving: bool) -> None:
        there = [body for body in self.model.bodies if self.model.is_there(body)]
        is_open = self.model.find("hall") is None
        if is_moving:
            stands = {body: self.organiser.spare_stands[body] for body in there}
            record = Act("hall", moved=stands)
        else:
            record = Act("hall", frozenset(f"body {body}" for body in there))
        self.take(lambda: self.organiser.close_hall(is_moving), is_open, record)

    @rule()
    def move_body(self) -> None:
        model, new_stand = self.model, self.organiser.new_stand
        is_free = model.is_there(DEPARTEMENT) and model.find("hall") is None
        record = Act("stand", moved={DEPARTEMENT: new_stand})
        if is_free and model.find("stand") is None:
            self.take(self.organiser.move_body, True, record)

    @rule()
    def move_body_back(self) -> None:
        is_there = self.model.stand_of(DEPARTEMENT) == self.organiser.new_stand
        self.give_back(self.organiser.move_body_back, "stand", is_there)

    @rule()
    def reopen_hall(self) -> None:
        self.give_back(self.organiser.reopen_hall, "hall", is_allowed=True)

    @rule(weeks=st.sampled_from((1, 2)))
    def move(self, weeks: int) -> None:
        self.dated(lambda: self.organiser.move(7 * weeks), Act("move"))

    @rule(pick=st.integers(0, 1))
    def give_up_day(self, pick: int) -> None:
        days = self.model.days
        if len(days) == 2:
            self.dated(lambda: self.organiser.give_up_day(pick), Act("give up", day=days[pick]))

    @rule()
    def close_early(self) -> None:
        if not self.model.is_early:
            self.dated(lambda: self.organiser.close_at(EARLY), Act("close early"))

    def dated(self, act: Callable[[], Consequences], record: Act) -> None:
        model = self.model
        if self.perform(act, not model.is_cancelled):
            model.former_standings.append(model.standing)
            model.acts.append(record)
            model.standing, model.last_dated = "as_planned", "days"
            self.check()

    @rule()
    def undo_days(self) -> None:
        model = self.model
        if self.perform(self.organiser.undo_days, model.last_dated == "days"):
            model.acts.remove([act for act in model.acts if act.is_of_days][-1])
            model.standing, model.last_dated = model.former_standings.pop(), ""
            self.check()

    @rule()
    def postpone(self) -> None:
        self.stand_by(self.organiser.postpone, "postponed", self.model.standing == "as_planned")

    @rule()
    def cancel(self) -> None:
        former = self.model.standing
        if self.stand_by(self.organiser.cancel, "cancelled", not self.model.is_cancelled):
            self.model.before_cancelled = former

    @rule()
    def reinstate(self) -> None:
        model = self.model
        former = model.before_cancelled if model.is_cancelled else "as_planned"
        self.stand_by(self.organiser.reinstate, former, model.standing != "as_planned")

    def stand_by(self, act: Callable[[], Consequences], standing: str, is_allowed: bool) -> bool:
        if is_done := self.perform(act, is_allowed):
            self.model.standing, self.model.last_dated = standing, ""
            self.check()
        return is_done
