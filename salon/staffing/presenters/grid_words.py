"""Say the rules that a row breaks and the gaps of a stand, in French."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from salon.platform.settings.clock import local
from salon.platform.words.formats import day, hour, hours_of, plural
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.solving.problem import FREE, Problem
from salon.staffing.engine.solving.scoring import (
    AGREED_RUN,
    lacking_of,
    row_breaks,
    row_counts,
    row_excesses,
    row_stints,
)


@dataclass(frozen=True)
class Break:
    """A rule that a row breaks. `severity`: `danger` for a hard rule, `warning` for one of
    comfort, `info` for a wish or a fair share.
    """

    key: str
    severity: str
    words: str


def breaks_of(problem: Problem, worker: int, row: Sequence[int], is_outside: bool) -> list[Break]:
    """Return the rules that one agent's row breaks, the hard ones first.

    `is_outside`: the agent has a shift outside the hours at which stands are staffed.
    """
    broken = (
        [Break("outside", "danger", "Vacation hors des heures des stands")] if is_outside else []
    )
    hard = dict.fromkeys(row_breaks(problem, worker, row))
    broken += [
        Break(key, "danger", _hard(problem, worker, row, key))
        for key in hard
        if key in ("available", "post")
    ]
    passed = dict.fromkeys(bound for bound, _ in row_excesses(problem, worker, row))
    for bound in passed:
        words = bound.breach[0].upper() + bound.breach[1:]
        broken.append(Break(bound.limit, "danger", words))
    return broken + list(_soft(problem, worker, row))


def _hard(problem: Problem, worker: int, row: Sequence[int], key: str) -> str:
    agent = problem.workers[worker]
    if key == "available":
        times = [t for t, post in enumerate(row) if post != FREE and not agent.available[t]]
        return f"Indisponible {_spans(problem, times)}"
    forbidden_posts = dict.fromkeys(
        post for post in row if post != FREE and post not in agent.posts
    )
    return "Pas prévu sur\u00a0: " + ", ".join(problem.posts[post].name for post in forbidden_posts)


def _soft(problem: Problem, worker: int, row: Sequence[int]) -> Iterator[Break]:
    """Yield the wishes that are not met; a rule whose weight is 0 does not count, nor is it
    shown.
    """
    agent, counts = problem.workers[worker], row_counts(problem, worker, row)
    counts = {key: count * bool(getattr(problem.weights, key)) for key, count in counts.items()}
    if counts["long"]:
        for stint in row_stints(problem, worker, row):
            if stint.end - stint.start > AGREED_RUN:
                stand_name = problem.posts[stint.post].name
                length = hours_of(stint.end - stint.start)
                yield Break("long", "warning", f"{length} de suite au stand {stand_name}")
    if counts["short"]:
        for stint in row_stints(problem, worker, row):
            if lacking_of(problem, stint):
                stand_name = problem.posts[stint.post].name
                least = hours_of(problem.least_stints[stint.post][stint.start])
                words = f"{hours_of(stint.end - stint.start)} seulement au stand {stand_name}"
                yield Break("short", "warning", f"{words} ({least} au moins, règle du village)")
    if counts["lunch"] and not agent.limits.lunch:
        words = "Pas d’heure pour déjeuner entre 11\u00a0h\u00a030 et 14\u00a0h\u00a030"
        yield Break("lunch", "warning", words)
    if counts["avoided"]:
        times = [t for t, post in enumerate(row) if post != FREE and t in agent.avoided]
        words = f"Préfère ne pas travailler {_spans(problem, times)}"
        yield Break("avoided", "info", words)
    if counts["elsewhere"]:
        names = ", ".join(problem.posts[post].name for post in sorted(agent.preferred))
        yield Break("elsewhere", "info", f"Hors de son souhait\u00a0: {names}")
    if counts["walking"]:
        minutes = f"{counts['walking']}\u00a0min"
        yield Break("walking", "warning", f"Change de hall sans pause, {minutes} de marche")
    load = sum(post != FREE for post in row)
    if counts["uneven"] and load > problem.shares[worker]:
        over = hours_of(load - problem.shares[worker])
        yield Break("uneven", "info", f"{over} de plus que sa part")


def lack_words(missing: int, themes: Sequence[str]) -> str:
    """Return « il manque 1 agent, et personne pour la fibre »."""
    parts = [f"il manque {plural(missing, 'agent')}"] if missing else []
    parts += (
        ["personne pour " + " ni ".join(f"«\u00a0{theme}\u00a0»" for theme in themes)]
        if themes
        else []
    )
    return ", ".join(parts)


def _spans(problem: Problem, times: Iterable[int]) -> str:
    """Return « de 9 h à 10 h et de 14 h à 14 h 30 »."""
    runs: list[list[int]] = []
    for t in times:
        if runs and runs[-1][1] == t and problem.days[runs[-1][0]] == problem.days[t]:
            runs[-1][1] = t + 1
        else:
            runs.append([t, t + 1])
    return " et ".join(span_words(problem, start, end) for start, end in runs)


def span_words(problem: Problem, start: int, end: int) -> str:
    """Return « de 9 h à 10 h », with the day where there are several."""
    words = f"de {hour(problem.starts[start])} à {hour(problem.starts[end - 1] + HALF_HOUR)}"
    if len(problem.spans) > 1:
        words += f" {day(local(problem.starts[start]).date())}"
    return words
