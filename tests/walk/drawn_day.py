"""A day drawn by a seed: what is booked, then what happens from quarter hour to quarter hour."""

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from salon.accounts.services.stations import revoke_station
from salon.appointments.models import Appointment, Outcome
from salon.appointments.services import absence, meeting
from salon.appointments.services.booking import cancel_appointment
from salon.badges.models import Attendee
from salon.entrance.models import Direction
from salon.entrance.services.scans import record_scans
from salon.entrance.services.stations import DeviceReport, save_report
from salon.entrance.services.visitors_inside import record_visitors_inside
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import real_now
from salon.platform.words.errors import RuleBroken
from salon.platform.words.texts import folded
from salon.staffing.models import Agent, Shift, ShiftStatus, StandIn
from salon.staffing.queries.rota import shifts_of
from salon.village_day.services import day as day_services
from salon.village_day.services.standins import ask_stand_in, take_shift
from tests.appointments.make import PUBLIC, Fair, book, make_fair, make_visitor
from tests.entrance.people import item, make_station
from tests.factories import act_in, make_edition, make_places
from tests.staffing.make import ORGANISER, make_agent

DAY = datetime(2026, 10, 1, tzinfo=UTC).date()
BODIES = ("Département", "SDIS 34")
VISITORS = (
    *("Abeille", "Bousquet", "Calmels", "Delmas", "Espinasse", "Fabrol", "Galzin", "Houlès"),
    *("Issanchou", "Jaoul", "Lacombe", "Maury", "Nougaret", "Olivé", "Pagès", "Quintana"),
)
AGENTS = ("Rouanet", "Sérane", "Terral", "Vézian", "Ymbert", "Zéphir")
STATIONS = ("Porte nord", "Porte sud", "Tablette muette", "Ancien téléphone")
QUARTER = timedelta(minutes=15)


@dataclass
class DrawnDay:
    """A fair with its appointments, and `events` to come, by time."""

    fair: Fair
    appointments: Sequence[Appointment]
    visitors: Sequence[Attendee]
    agents: Sequence[Agent]
    door: int
    events: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)
    inside: set[str] = field(default_factory=set)

    def advance(self, moment: datetime) -> None:
        """Let happen all that is due by now; what a rule refuses does not happen."""
        current_session().rollback()
        while self.events and self.events[0][0] <= moment:
            at, _, event = self.events.pop(0)
            try:
                event(at)
            except RuleBroken:
                current_session().rollback()
        record_visitors_inside(moment)

    def pass_door(self, visitor: Attendee, direction: Direction, at: datetime) -> None:
        reading = item(visitor.badges[0].code, scanned_at=at, direction=direction)
        record_scans(self.door, self.fair.edition.id, [reading], at)
        change = self.inside.add if direction == Direction.IN else self.inside.discard
        change(visitor.last_name)


def draw_day(seed: int) -> DrawnDay:
    """Two stands, six agents with two shifts each, sixteen visitors with an appointment each."""
    rng = random.Random(seed)
    make_places()
    edition = make_edition(day=DAY)
    fair = make_fair(edition, agents=dict.fromkeys(BODIES, 3))
    agents = [agent for body in BODIES for agent in fair.agents[body]]
    _name(agents)
    make_agent(fair.village, name="Olga Ucel")
    visitors = [make_visitor(edition, last_name=name) for name in VISITORS]
    slots = itertools.cycle(itertools.product(BODIES, range(3)))
    appointments = [
        book(
            fair,
            at=fair.at(9 + rank // 3 + (rank // 3 >= 3), rng.choice([10, 25, 40])),
            visitor=visitor,
            body=body,
            agent=fair.agents[body][number],
        )
        for rank, (visitor, (body, number)) in enumerate(zip(visitors, slots, strict=False))
    ]
    stations = [make_station(edition, name) for name in STATIONS]
    drawn = DrawnDay(fair, appointments, visitors, agents, stations[0])
    report = DeviceReport(0, 0, 0, 80, False, None, True, 1, "1")
    for station_id, minutes in zip(stations, (0, 1, 60, 0), strict=True):
        save_report(station_id, report, real_now() - timedelta(minutes=minutes))
    revoke_station(Act(ORGANISER), stations[3])
    _draw_events(drawn, rng)
    return drawn


def _name(agents: Sequence[Agent]) -> None:
    with transaction(*agents):
        for agent, name in zip(agents, AGENTS, strict=True):
            agent.last_name, agent.name_key = name, folded(f"{name} {agent.first_name}")


def _draw_events(day: DrawnDay, rng: random.Random) -> None:
    ranks = itertools.count()

    def plan(at: datetime, event: Callable[[datetime], object]) -> None:
        day.events.append((at, next(ranks), event))

    for appointment, visitor in zip(day.appointments, day.visitors, strict=True):
        _draw_visit(day, appointment, visitor, rng, plan)
    for agent in day.agents:
        _draw_shifts(agent, rng, plan)
    day.events.sort(key=lambda event: event[:2])


Plan = Callable[[datetime, Callable[[datetime], object]], None]


def _draw_visit(
    day: DrawnDay, appointment: Appointment, visitor: Attendee, rng: random.Random, plan: Plan
) -> None:
    """Some cancel, some never come, some go out before; some agents note what became of it."""
    starts_at, ends_at = appointment.starts_at, appointment.ends_at
    if rng.random() < 0.15:
        plan(starts_at - QUARTER * 4, lambda at: cancel_appointment(Act(PUBLIC, at), appointment))
        return
    if rng.random() < 0.15:
        plan(ends_at, lambda at: meeting.note_missed(Act(ORGANISER, at), appointment))
        return
    entry = starts_at - QUARTER * rng.choice([1, 2, 4])
    plan(entry, lambda at: day.pass_door(visitor, Direction.IN, at))
    if rng.random() < 0.2:
        leaves_at = entry + timedelta(minutes=10)
        plan(leaves_at, lambda at: day.pass_door(visitor, Direction.OUT, at))
        return
    if rng.random() < 0.8:
        came_at = starts_at + timedelta(minutes=rng.choice([-10, 0, 5]))
        plan(came_at, lambda at: meeting.note_arrival(Act(ORGANISER, at), appointment, "tap"))
    if rng.random() < 0.5:
        account = meeting.Account(rng.choice(list(Outcome)))
        closed_at = ends_at + QUARTER * rng.choice([0, 1, 3])
        plan(
            closed_at,
            lambda at: meeting.close_meeting(
                Act(ORGANISER, at),
                current_session().get_one(Appointment, appointment.id, populate_existing=True),
                appointment.version,
                account,
            ),
        )
    plan(ends_at + QUARTER * 2, lambda at: day.pass_door(visitor, Direction.OUT, at))


def _draw_shifts(agent: Agent, rng: random.Random, plan: Plan) -> None:
    """Some arrive, some are absent for the day or until an hour, some ask for a stand-in."""
    for number, shift in enumerate(shifts_of(agent.edition, ShiftStatus.PUBLISHED, [agent.id])):
        starts_at = shift.starts_at
        fate = rng.choice(["arrives", "arrives", "arrives late", "absent", "until", "asks", ""])
        if fate.startswith("arrives"):
            delay = 20 if fate.endswith("late") else rng.choice([-10, 0, 4])
            at = starts_at + timedelta(minutes=delay)
            plan(at, lambda at, n=number: _arrive(agent, n, at))
        elif fate in ("absent", "until"):
            until = starts_at + timedelta(hours=1) if fate == "until" else None
            plan(
                starts_at - QUARTER,
                lambda at, n=number, until=until: absence.declare_absence(
                    Act(ORGANISER, at), _shift(agent, n), until, ""
                ),
            )
            if rng.random() < 0.4:
                plan(
                    starts_at,
                    lambda at, n=number: absence.take_back_absence(
                        Act(ORGANISER, at), _shift(agent, n)
                    ),
                )
        elif fate == "asks":
            plan(
                starts_at - QUARTER * 2,
                lambda at, n=number: ask_stand_in(
                    act_in(agent.edition, ORGANISER, at), _shift(agent, n), ""
                ),
            )
            if rng.random() < 0.5:
                plan(starts_at + QUARTER, _answer)


def _answer(at: datetime) -> None:
    """The first agent asked whom nothing hinders takes the shift."""
    request = current_session().query(StandIn).filter_by(status="open").order_by(StandIn.id).first()
    if request is not None and request.asks:
        take_shift(Act(ORGANISER, at), request.asks[0].id)


def _shift(agent: Agent, number: int) -> Shift:
    current_session().rollback()
    rows = shifts_of(agent.edition, ShiftStatus.PUBLISHED, [agent.id])
    return rows[min(number, len(rows) - 1)]


def _arrive(agent: Agent, number: int, at: datetime) -> None:
    day_services.note_arrival(Act(ORGANISER, at), _shift(agent, number).id, "tap")
