"""A village of many agents with its day of appointments, and the exact best of a rescue."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from salon.appointments.engine.rescue import Orphan
from salon.appointments.engine.slots import Demand, Duty, Situation, Slot, agents_at, slots

OPENS, CLOSES, NOON = 0, 96, 36
"""Eight hours, with an hour to eat between 11:30 and 13:30."""
LENGTHS = (3, 3, 3, 4, 4, 4, 4, 4, 6, 6, 9)
"""As the themes of the demonstration are: half of them take twenty minutes."""
BUFFER = 1


@dataclass
class Village:
    """Duties, what each theme asks, and who is received when; `last`: the absence last made."""

    duties: list[Duty]
    asks: dict[int, Demand]
    kept: dict[tuple[int, int], int]
    booked: list[tuple[Orphan, Slot]] = field(default_factory=list)
    last: tuple[int, ...] = ()

    @property
    def agents(self) -> list[int]:
        return sorted({duty.agent_id for duty in self.duties})

    def without_last(self) -> Situation:
        """Return the situation of the absence last made, as it was before its plan."""
        return absent(self, *self.last)[0]


def made_village(
    agents: int = 24, appointments: int = 200, stands: int = 4, seed: int = 6
) -> Village:
    """Stands of three agents, each with two themes that most of its agents know and some others
    do too; booked by chance, first those that everybody wants, one agent kept free on a stand."""
    chance = random.Random(seed)
    duties, knows = [], {theme: set[int]() for theme in range(2 * stands)}
    for agent in range(1, agents + 1):
        stand = agent % stands
        noon = chance.choice((30, 36, 42))
        duties += [Duty(agent, stand, OPENS, noon), Duty(agent, stand, noon + 12, CLOSES)]
        for theme in (2 * stand, 2 * stand + 1):
            if agent <= stands or chance.random() < 0.8:
                knows[theme].add(agent)
        if chance.random() < 0.5:
            knows[chance.randrange(2 * stands)].add(agent)
    length = {theme: chance.choice(LENGTHS) for theme in knows}
    answered = {
        agent: frozenset(length[theme] for theme, ids in knows.items() if agent in ids)
        for agent in range(1, agents + 1)
    }
    asks = {t: Demand(length[t], frozenset(ids), answered) for t, ids in knows.items()}
    stored_values = {(stand, at): 1 for stand in range(stands) for at in range(OPENS, CLOSES, 6)}
    village = Village(duties, asks, stored_values)
    situation = _situation(village, duties)
    while len(village.booked) < appointments:
        theme = chance.choice(list(asks))
        stored_slots = slots(situation, asks[theme])
        if not stored_slots:
            continue
        start = chance.choice(stored_slots[: 1 + len(stored_slots) // 2]).start
        slot = agents_at(situation, asks[theme], start)[0]
        situation.take(slot)
        number = len(village.booked)
        village.booked.append((_orphan(number, theme, slot), slot))
    return village


def absent(
    village: Village, agent: int, now: int, agent_number: int = 0
) -> tuple[Situation, list[Orphan]]:
    """Return the day when an agent (or two) is there no more from `now`, and who they were to
    receive.
    """
    village.last = agent, now, agent_number
    absent_ids = {agent, agent_number}
    lost = [item for item, slot in village.booked if slot.agent_id in absent_ids and slot.end > now]
    ids = {item.id for item in lost}
    situation = _situation(
        village, [duty for duty in village.duties if duty.agent_id not in absent_ids], now + 2
    )
    for item, slot in village.booked:
        if item.id not in ids:
            situation.take(slot)
    return situation, lost


def exact_kept(
    situation: Situation, lost: Sequence[Orphan], asks: Mapping[int, Demand], now: int
) -> int:
    """Return the most that can keep their time, proven: one agent each, none twice, cover kept."""
    model = cp_model.CpModel()
    by_agent: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    by_stand: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    chosen = []
    for orphan in lost:
        ask, start = asks[orphan.theme_id], max(orphan.start, now)
        options = []
        for slot in agents_at(
            situation, Demand(orphan.end - start, ask.agents), start, is_now=True
        ):
            option = model.new_bool_var("")
            options.append(option)
            for at in range(slot.start, slot.end + situation.buffer):
                by_agent.setdefault((slot.agent_id, at), []).append(option)
            for at in range(slot.start, slot.end):
                by_stand.setdefault((slot.stand_id, at), []).append(option)
        model.add_at_most_one(options)
        chosen += options
    for several in by_agent.values():
        model.add_at_most_one(several)
    for (stand, at), several in by_stand.items():
        model.add(sum(several) <= situation.spare(stand, at))
    model.maximize(sum(chosen))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


def _situation(village: Village, duties: Sequence[Duty], first: int = 0) -> Situation:
    return Situation(duties, {}, {}, village.kept, {}, first, BUFFER)


def _orphan(number: int, theme: int, slot: Slot) -> Orphan:
    return Orphan(number, theme, slot.agent_id, slot.stand_id, slot.start, slot.end, number)
