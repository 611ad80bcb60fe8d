"""The acts of an organiser on a fair of two days, and what the fair then is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar
from sqlalchemy import select

from salon.appointments.documents.ical import appointment_calendar
from salon.appointments.models import Appointment, AppointmentStatus
from salon.fair.models import Edition, EditionDay, Hall, PartnerBody, Stand, Theme
from salon.fair.rules.standing import StandingAct
from salon.fair.services import days, halls, standing, village
from salon.fair.services.acts import FairAct
from salon.fair.services.days import DayHours
from salon.platform.database.act import MailHold
from salon.platform.database.consequences import Consequences, Fate
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.versions import stamp_of
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.settings.clock import local, now, paris
from salon.platform.web.access import settings
from salon.staffing.engine.half_hours import half_hours
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.models import Agent, Need, Shift, ShiftStatus
from tests.appointments.make import Fair, book, make_fair
from tests.factories import act_in
from tests.staffing.make import publish, put

DEPARTEMENT, FIBRE = "Département", "Hérault THD"
WITH_CALENDAR = (
    *("appointment_booked", "appointment_moved", "appointment_cancelled", "appointment_restored"),
    *("appointment_reassigned", "appointment_to_choose", "appointment_renumbered"),
)
"""Messages that tell a visitor when an appointment is."""

At = tuple[int, time]
"""A time of the fair: the rank of its day, and the time on a clock."""


@dataclass(frozen=True)
class Picture:
    """What the fair holds, each time by the rank of its day."""

    shifts: frozenset[tuple[str, int, int, At, At]]
    appointments: frozenset[tuple[int, str, int, int, At]]
    needs: frozenset[tuple[int, At, int]]
    agents: frozenset[int]
    themes: frozenset[tuple[int, int]]
    arrivals: frozenset[tuple[int, At]]


@dataclass
class Organiser:
    """Acts on the fair as the pages do, each on what is there now."""

    fair: Fair
    hall_id: int
    new_stand: int
    spare_stands: dict[str, int]
    hold: MailHold | None = None

    @property
    def act(self) -> FairAct:
        return act_in(self.edition, SYSTEM, hold=self.hold)

    @property
    def edition(self) -> Edition:
        current_session().expire_all()
        return current_session().get_one(Edition, self.fair.edition.id)

    def body(self, name: str) -> PartnerBody:
        return current_session().get_one(PartnerBody, self.fair.village.bodies[name].id)

    def theme(self, name: str) -> Theme:
        return current_session().get_one(Theme, self.fair.village.themes[name].id)

    @property
    def hall(self) -> Hall:
        return current_session().get_one(Hall, self.hall_id)

    def withdraw_body(self, name: str = DEPARTEMENT) -> Consequences:
        body = self.body(name)
        return village.withdraw(self.act, body, "", stamp_of(village.body_values(body)))

    def restore_body(self, name: str = DEPARTEMENT) -> Consequences:
        body = self.body(name)
        return village.restore(self.act, body, "", stamp_of(village.body_values(body)))

    def withdraw_theme(self, name: str = DEPARTEMENT) -> Consequences:
        theme = self.theme(name)
        return village.withdraw(self.act, theme, "", stamp_of(village.theme_values(theme)))

    def restore_theme(self, name: str = DEPARTEMENT) -> Consequences:
        theme = self.theme(name)
        return village.restore(self.act, theme, "", stamp_of(village.theme_values(theme)))

    def close_hall(self, is_moving: bool = False) -> Consequences:
        """Close the hall of the village; with `is_moving`, each body goes to the spare hall."""
        hall = self.hall
        stands = {self.body(name).id: self.spare_stands[name] for name in (DEPARTEMENT, FIBRE)}
        changes = {"stands": stands if is_moving else {}, "words": ""}
        return halls.close_hall(self.act, hall, changes, stamp_of(halls.closing_values(hall)))

    def reopen_hall(self) -> Consequences:
        hall = self.hall
        return halls.reopen_hall(self.act, hall, "", stamp_of(halls.closing_values(hall)))

    def move_body(self) -> Consequences:
        """Move a body to another stand of its hall."""
        body = self.body(DEPARTEMENT)
        fields = {field: getattr(body, field) for field in village.BODY_FIELDS}
        changes = {**fields, "stand_id": self.new_stand, "place": body.rank + 1}
        stamp = stamp_of(village.body_values(body))
        return village.change_body(self.act, body, changes, stamp)

    def move_body_back(self) -> Consequences:
        body = self.body(DEPARTEMENT)
        entry = village.last_move(body)
        return village.move_body_back(self.act, body, entry.id if entry else 0)

    def set_days(self, new_days: Sequence[DayHours]) -> Consequences:
        edition = self.edition
        changes = {"days": list(new_days), "words": ""}
        return days.change_days(self.act, changes, stamp_of(days.days_of(edition)))

    def move(self, by: int = 7) -> Consequences:
        return self.set_days(
            [
                DayHours(day.day_on + timedelta(days=by), day.opens, day.closes)
                for day in self.edition.days
            ]
        )

    def give_up_day(self, rank: int) -> Consequences:
        hours = [DayHours(day.day_on, day.opens, day.closes) for day in self.edition.days]
        return self.set_days([day for at, day in enumerate(hours) if at != rank])

    def close_at(self, closes: time) -> Consequences:
        return self.set_days([DayHours(day.day_on, day.opens, closes) for day in self.edition.days])

    def undo_days(self) -> Consequences:
        edition = self.edition
        entry = days.last_change(edition)
        return days.undo_days_change(self.act, entry.id if entry else 0)

    def stand_by(self, act: StandingAct) -> Consequences:
        edition = self.edition
        stamp = stamp_of(standing.standing_of(edition))
        return standing.change_standing(self.act, act, stamp)

    def postpone(self) -> Consequences:
        return self.stand_by(StandingAct.POSTPONE)

    def cancel(self) -> Consequences:
        return self.stand_by(StandingAct.CANCEL)

    def reinstate(self) -> Consequences:
        return self.stand_by(StandingAct.REINSTATE)


def make_two_days(edition: Edition) -> Organiser:
    """Make a fair of two days, two bodies that each answer their own theme, four appointments."""
    fair = make_fair(edition, agents={DEPARTEMENT: 1, FIBRE: 1}, bodies=TWO_BODIES)
    first = edition.days[0]
    second_on = first.day_on + timedelta(days=1)
    with transaction() as session:
        session.add(
            EditionDay(
                edition_id=edition.id, day_on=second_on, opens=first.opens, closes=first.closes
            )
        )
        for name in (DEPARTEMENT, FIBRE):
            for at in half_hours(paris(second_on, time(9)), paris(second_on, time(17))):
                stand_id = fair.stand_id(name)
                session.add(Need(stand_id=stand_id, starts_at=at, minimum=1, wished=1, maximum=3))
    current_session().expire_all()
    for name in (DEPARTEMENT, FIBRE):
        agent = fair.agents[name][0]
        put(
            fair.village,
            agent,
            *(
                PlannedShift(fair.stand_id(name), paris(day_on, start), paris(day_on, end))
                for day_on in (first.day_on, second_on)
                for start, end in ((time(9), time(12)), (time(13), time(17)))
            ),
        )
        with transaction() as session:
            session.get_one(Agent, agent.id).arrives_at = paris(first.day_on, time(9))
    publish(fair.village)
    for day_on in (first.day_on, second_on):
        book(fair, at=paris(day_on, time(10)), body=DEPARTEMENT)
        book(fair, at=paris(day_on, time(16)), body=DEPARTEMENT)
        book(fair, at=paris(day_on, time(10)), body=FIBRE)
    return with_spare_stands(fair)


def with_spare_stands(fair: Fair) -> Organiser:
    """Add a stand to the hall of the village, and another hall with one for each body."""
    edition_id = fair.edition.id
    hall_id = fair.village.bodies[DEPARTEMENT].stand.hall_id
    with transaction() as session:
        spare_hall = Hall(edition_id=edition_id, name="4", width=80, depth=40, area=3200)
        session.add(spare_hall)
        session.flush()
        stands = [
            Stand(edition_id=edition_id, hall_id=at, number=number, x=x, y=20, width=6, depth=4)
            for at, number, x in (
                (hall_id, "N1", 60),
                (spare_hall.id, "S1", 0),
                (spare_hall.id, "S2", 10),
            )
        ]
        session.add_all(stands)
        session.flush()
        new_stand, *spare = [stand.id for stand in stands]
    return Organiser(fair, hall_id, new_stand, dict(zip((DEPARTEMENT, FIBRE), spare, strict=True)))


TWO_BODIES = ((DEPARTEMENT, "Soutien aux communes"), (FIBRE, "Fibre"))


def picture(edition: Edition) -> Picture:
    """Return what the fair is, read from the rows."""
    session = current_session()
    session.rollback()
    session.expire_all()
    days_on = [day.day_on for day in edition.days]

    def at(instant: datetime) -> At:
        wall_time = local(instant)
        return rank_of(days_on, wall_time.date()), wall_time.time()

    live = (ShiftStatus.PUBLISHED, ShiftStatus.DRAFT)
    return Picture(
        frozenset(
            (
                shift.status.value,
                shift.agent_id,
                shift.stand_id,
                at(shift.starts_at),
                at(shift.ends_at),
            )
            for shift in session.scalars(select(Shift).where(Shift.status.in_(live)))
        ),
        frozenset(
            (row.id, row.status.value, row.agent_id, row.stand_id, at(row.starts_at))
            for row in session.scalars(select(Appointment))
            if row.status == AppointmentStatus.BOOKED
        ),
        frozenset(
            (need.stand_id, at(need.starts_at), need.minimum)
            for need in session.scalars(select(Need))
        ),
        frozenset(session.scalars(select(Agent.id).where(Agent.removed_at.is_(None)))),
        frozenset(
            (theme.id, theme.body_id)
            for theme in session.scalars(select(Theme).where(Theme.withdrawn_at.is_(None)))
        ),
        frozenset(
            (agent.id, at(agent.arrives_at))
            for agent in session.scalars(select(Agent).where(Agent.arrives_at.is_not(None)))
            if agent.arrives_at is not None and agent.removed_at is None
        ),
    )


def rank_of(days_on: Sequence[date], day: date) -> int:
    """Return the rank of a day of the fair; -1 outside it."""
    return days_on.index(day) if day in days_on else -1


def check_visitors_know(edition: Edition) -> None:
    """Check that the last message about each appointment says what it is, as does its calendar."""
    session = current_session()
    for appointment in session.scalars(select(Appointment)):
        statement = select(Message).where(
            Message.about == f"appointment:{appointment.id}",
            Message.kind.in_(WITH_CALENDAR),
            Message.status != MessageStatus.CALLED_OFF,
        )
        last = session.scalars(statement.order_by(Message.id.desc()).limit(1)).one()
        calendar = Calendar.from_ical(appointment_calendar(appointment, settings(), now()))
        event: Any = calendar.walk("VEVENT")[0]
        assert event["dtstart"].dt == appointment.starts_at
        if appointment.status == AppointmentStatus.CANCELLED:
            assert last.kind == "appointment_cancelled"
            assert event["status"] == "CANCELLED"
        elif appointment.status == AppointmentStatus.TO_CHOOSE:
            assert last.kind in ("appointment_to_choose", "appointment_moved")
        else:
            told = datetime.fromisoformat(last.context["appointment"]["starts_at"])
            assert (last.kind, told) == (last.kind, appointment.starts_at)
            assert last.kind not in ("appointment_cancelled", "appointment_to_choose")
            assert event["sequence"] == appointment.sequence


def left_out(consequences: Consequences) -> dict[str, Sequence[str]]:
    """Return the names of what does not come back, by label."""
    return {
        consequence.label: consequence.names
        for consequence in consequences
        if consequence.fate == Fate.LEFT_OUT and consequence.count
    }


Act = Callable[[Organiser], Consequences]
