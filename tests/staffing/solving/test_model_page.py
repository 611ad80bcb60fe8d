"""The worked example of `docs/rota-model.md`, computed again."""

import re
from datetime import UTC, datetime, timedelta

from salon.platform.settings.installation import ROOT
from salon.staffing.engine.solving.columns import SCALE, RestrictedMaster
from salon.staffing.engine.solving.presence import Presence
from salon.staffing.engine.solving.problem import FREE, Post, Problem, Worker
from salon.staffing.engine.solving.scoring import row_cost
from salon.staffing.engine.solving.solve import solve

PAGE = ROOT / "docs" / "rota-model.md"
ANNE, BRUNO = 0, 1
LENGTH = 4
LAST_TWO, FIRST_TWO, WHOLE = (FREE, FREE, 0, 0), (0, 0, FREE, FREE), (0, 0, 0, 0)


def example() -> Problem:
    nine = datetime(2026, 10, 1, 7, tzinfo=UTC)
    stand = Post(
        id=1,
        name="Stand",
        body="Département",
        hall="A",
        minimum=(0,) * LENGTH,
        wished=(2,) * LENGTH,
        maximum=(2,) * LENGTH,
        required=(frozenset(),) * LENGTH,
    )
    anne, bruno = (
        Worker(number, name, "Département", frozenset({0}), frozenset(), available)
        for number, (name, available) in enumerate(
            {"Anne": (True,) * 4, "Bruno": (True, True, False, False)}.items()
        )
    )
    return Problem(
        starts=tuple(nine + timedelta(minutes=30 * at) for at in range(LENGTH)),
        days=(0,) * LENGTH,
        lunch=(False,) * LENGTH,
        posts=(stand,),
        workers=(anne, bruno),
    )


def printed_figures() -> list[str]:
    """Return the last column of the table of the example."""
    example_text = PAGE.read_text(encoding="utf-8").partition("## A worked example")[2]
    return [line.rsplit("|", 2)[1].strip() for line in re.findall(r"^\| \d .*", example_text, re.M)]


def test_the_page_prints_what_the_solver_computes() -> None:
    problem = example()
    assert problem.shares == (4, 2)
    master = RestrictedMaster(problem, [ANNE, BRUNO], Presence(problem), missing=0, changed=0)
    master.add(ANNE, LAST_TWO)
    master.add(BRUNO, FIRST_TWO)
    first_value = master.solve()
    prices = master.dual_prices()
    [price] = set(prices.needs.ravel() // SCALE)
    costs = row_cost(problem, ANNE, LAST_TWO), row_cost(problem, BRUNO, FIRST_TWO)
    convexity = [cost - 2 * price for cost in costs]
    lower_bound, priced = master.solve_pricing(prices)
    assert [priced.row(agent) for agent in (ANNE, BRUNO)] == [WHOLE, FIRST_TWO]
    cheapest = [int(value) // SCALE for value in priced.values]
    master.add(ANNE, WHOLE)
    assert master.reduced_cost(master.index[master.columns[-1]], prices) == cheapest[0] * SCALE
    figures = [
        *costs,
        f"{first_value:g}",
        price,
        ", ".join(map(str, convexity)),
        cheapest[0],
        cheapest[0] - convexity[0],
        cheapest[1],
        lower_bound // SCALE,
        f"{master.solve():g}",
    ]
    assert printed_figures() == [str(figure).replace("-", "−") for figure in figures]


def test_the_rota_of_the_page_is_proven_the_best() -> None:
    solution = solve(example())
    assert (solution.status, solution.cost, solution.bound) == ("optimal", 40, 40)
    assert solution.rota == (WHOLE, FIRST_TWO)
