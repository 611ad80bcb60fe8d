"""Turn the solver's explanations into French sentences for an organiser."""

from collections.abc import Iterable, Sequence

from salon.platform.words.formats import day_hour, hour, hours_of, plural
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.solving.problem import FREE, Problem
from salon.staffing.engine.solving.reasons import Reason, ReasonKind, RuleCost
from salon.staffing.engine.solving.shortages import (
    Bottleneck,
    Hindrance,
    Obstacle,
    Remedy,
    RemedyKind,
    Shortage,
)
from salon.staffing.engine.working_time import Limit
from salon.staffing.presenters.grid_words import span_words

NBSP = "\u00a0"
MOST_NAMES = 6
"""Names listed in full; the others are counted."""


def shortage_words(problem: Problem, shortage: Shortage) -> str:
    """Return « Il manque 1 agent sur le stand SDIS de 12 h à 12 h 30 »."""
    on_stand = f"sur le stand {problem.posts[shortage.post].name}"
    span_text = span_words(problem, shortage.start, shortage.end)
    themes = " ni ".join(_theme(problem, theme) for theme in sorted(shortage.themes))
    if not shortage.missing:
        return f"Personne pour répondre sur {themes} {on_stand} {span_text}"
    sentence = f"Il manque {plural(shortage.missing, 'agent')} {on_stand} {span_text}"
    return f"{sentence}, et personne pour répondre sur {themes}" if themes else sentence


def shortage_sentence(problem: Problem, shortage: Shortage, remedies: int = 2) -> str:
    """Return the shortage with its cheapest remedies, each of another kind.

    « Il manque 1 agent sur le stand SDIS de 12 h à 12 h 30 : prolonger Mme X de 30 min, jusqu’à
    12 h 30, ou baisser le minimum à 1. »
    """
    sentence = shortage_words(problem, shortage)
    first_of_kind = {remedy.kind: remedy for remedy in reversed(shortage.remedies)}
    sentences = [
        remedy_words(problem, shortage, remedy)
        for remedy in shortage.remedies
        if remedy == first_of_kind[remedy.kind]
    ][:remedies]
    return f"{sentence}{NBSP}: {', ou '.join(sentences)}." if sentences else f"{sentence}."


def remedy_words(problem: Problem, shortage: Shortage, remedy: Remedy) -> str:
    """Return « prolonger Mme X de 30 min, jusqu’à 12 h 30 », with the part of the shortage that it
    covers.
    """
    part = ""
    if remedy.gain < shortage.weight:
        part = f" (réduit le manque de {remedy.gain} sur {shortage.weight})"
    return _remedy(problem, shortage, remedy) + part


def _remedy(problem: Problem, shortage: Shortage, remedy: Remedy) -> str:
    agent = problem.workers[remedy.worker].name if remedy.worker is not None else ""
    stand_name = f"le stand {problem.posts[shortage.post].name}"
    span_text = ""
    if (remedy.start, remedy.end) != (shortage.start, shortage.end):
        span_text = " " + span_words(problem, remedy.start, remedy.end)
    theme = _theme(problem, remedy.theme) if remedy.theme is not None else ""
    match remedy.kind:
        case RemedyKind.EXTEND:
            return _extension(problem, agent, remedy)
        case RemedyKind.UNLOCK:
            return f"déverrouiller {agent} {span_words(problem, remedy.start, remedy.end)}"
        case RemedyKind.LOWER:
            return f"baisser le minimum {_minimum(problem, remedy)}{span_text}"
        case RemedyKind.WAIVE:
            return f"ne pas y exiger {theme}{span_text}"
        case RemedyKind.ENLARGE:
            return f"y accepter {plural(remedy.amount, 'agent')} de plus{span_text}"
        case RemedyKind.ALLOW:
            return f"autoriser {agent} sur {stand_name}"
        case RemedyKind.TEACH:
            return f"préparer {agent} à répondre sur {theme}"


def _extension(problem: Problem, agent: str, remedy: Remedy) -> str:
    assert remedy.worker is not None
    available = problem.workers[remedy.worker].available
    length = hours_of(remedy.end - remedy.start)
    if remedy.start and available[remedy.start - 1]:
        leaves = day_hour(problem.starts[remedy.end - 1] + HALF_HOUR)
        return f"prolonger {agent} de {length}, jusqu’à {leaves}"
    return f"faire venir {agent} {length} plus tôt, à {day_hour(problem.starts[remedy.start])}"


def _minimum(problem: Problem, remedy: Remedy) -> str:
    """Return « à 1 », or « de 1 » when it differs from one half hour to the next."""
    assert remedy.post is not None
    post = problem.posts[remedy.post]
    left = {max(0, post.minimum[t] - remedy.amount) for t in range(remedy.start, remedy.end)}
    return f"à {left.pop()}" if len(left) == 1 else f"de {remedy.amount}"


def bottleneck_words(problem: Problem, bottleneck: Bottleneck) -> str:
    """Return a proof: « à 12 h, les stands A et B demandent 5 agents, 3 seulement peuvent y être
    ».
    """
    names = _listed([problem.posts[post].name for post in bottleneck.posts])
    is_one = len(bottleneck.posts) == 1
    stands = f"le stand {names}" if is_one else f"les stands {names}"
    ask = "demande" if is_one else "demandent"
    if bottleneck.limit:
        limit = Limit(bottleneck.limit)
        rules = dict.fromkeys(agent.limits.strictest(limit).rule for agent in problem.workers)
        span_text = span_words(problem, bottleneck.start, bottleneck.end)
        return (
            f"{span_text}, {stands} {ask} {hours_of(bottleneck.demand)} de présence, "
            f"{hours_of(bottleneck.supply)} au plus sont possibles{NBSP}: "
            f"{' ou '.join(rules)}"
        )
    span_text = f"à {hour(problem.starts[bottleneck.start])}"
    if len(problem.spans) > 1:
        span_text = span_words(problem, bottleneck.start, bottleneck.end)
    if bottleneck.theme is None:
        demand = plural(bottleneck.demand, "agent")
        return f"{span_text}, {stands} {ask} {demand}, {_given(bottleneck.supply)} y être"
    ask = "demande" if is_one else "demandent chacun"
    theme = _theme(problem, bottleneck.theme)
    return f"{span_text}, {stands} {ask} quelqu’un pour {theme}, {_given(bottleneck.supply)} y être"


def _given(supply: int) -> str:
    if not supply:
        return "personne ne peut"
    return "1 seul peut" if supply == 1 else f"{supply} seulement peuvent"


def obstacles_words(problem: Problem, obstacles: Iterable[Obstacle]) -> list[str]:
    """Return one line for each reason and time, with the agents concerned."""
    lines: dict[str, list[str]] = {}
    for obstacle in obstacles:
        span_text = span_words(problem, obstacle.start, obstacle.end)
        line = f"{_hindrance(problem, obstacle)} {span_text}"
        lines.setdefault(line, []).append(problem.workers[obstacle.worker].name)
    return [f"{line}{NBSP}: {_listed(names)}" for line, names in lines.items()]


def _hindrance(problem: Problem, obstacle: Obstacle) -> str:
    on_stand = ""
    if obstacle.post is not None and obstacle.post != FREE:
        on_stand = f" sur le stand {problem.posts[obstacle.post].name}"
    match obstacle.hindrance:
        case Hindrance.ABSENT:
            return "Indisponible"
        case Hindrance.DECIDED:
            return f"Verrouillé{on_stand}" if on_stand else "Décidé sans vacation"
        case Hindrance.NEEDED:
            return f"Indispensable{on_stand}"
        case Hindrance.LIMIT:
            return f"Au repos ({_rule(problem, obstacle.worker, obstacle.limit)})"
        case Hindrance.FULL:
            return "Ce stand a déjà son maximum"
        case Hindrance.NOT_ALLOWED:
            return "Pas prévu sur ce stand"
        case Hindrance.NOTHING:
            return "Disponible, un nouveau calcul peut faire mieux"


def why_words(problem: Problem, shortage: Shortage) -> list[str]:
    """Return why the shortage is there: the proofs in figures, then the obstacles of each agent."""
    bottlenecks = [bottleneck_words(problem, bottleneck) for bottleneck in shortage.bottlenecks]
    return [
        *(words[0].upper() + words[1:] for words in bottlenecks),
        *obstacles_words(problem, shortage.obstacles),
    ]


def reasons_words(problem: Problem, worker: int, reasons: Sequence[Reason]) -> list[str]:
    """Return why the agent has a shift, one sentence each; colleagues with the same obstacle share
    one.
    """
    themes = [reason.theme for reason in reasons if reason.theme is not None]
    own_reasons = [reason for reason in reasons if reason.worker is None and reason.theme is None]
    elsewhere = [reason for reason in reasons if reason.kind == ReasonKind.ELSEWHERE]
    limited: dict[str, list[str]] = {}
    for reason in reasons:
        if reason.kind == ReasonKind.LIMIT and reason.worker is not None:
            rule = _rule(problem, reason.worker, reason.limit)
            limited.setdefault(rule, []).append(problem.workers[reason.worker].name)
    sentences = []
    if themes:
        themes_named = " ni ".join(_theme(problem, theme) for theme in themes)
        sentences.append(f"Personne d’autre sur ce stand ne répond alors sur {themes_named}.")
    sentences += [_own_words(reason) for reason in own_reasons]
    if elsewhere:
        sentences.append(f"Déjà sur un autre stand{NBSP}: {_places(problem, elsewhere)}.")
    for rule, names in limited.items():
        sentences.append(f"Ne le peuvent pas ({rule}){NBSP}: {_listed(names)}.")
    sentences += [
        _colleague_words(problem, worker, reason)
        for reason in reasons
        if reason.worker is not None and reason.kind not in (ReasonKind.ELSEWHERE, ReasonKind.LIMIT)
    ]
    return sentences


def _own_words(reason: Reason) -> str:
    match reason.kind:
        case ReasonKind.LOCKED:
            return "Vacation verrouillée à la main."
        case ReasonKind.NEEDED:
            return "Sans cette vacation, le stand serait sous son minimum."
        case ReasonKind.ONLY:
            return "Personne d’autre ne peut tenir ce stand pendant tout ce temps."
        case ReasonKind.WISH:
            return "C’est un stand de ses souhaits."
        case _:
            if not reason.amount:
                return "Sa charge est juste à sa part."
            return f"Sa charge est sous sa part, de {hours_of(reason.amount)}."


def _colleague_words(problem: Problem, worker: int, reason: Reason) -> str:
    assert reason.worker is not None
    colleague = problem.workers[reason.worker].name
    match reason.kind:
        case ReasonKind.LACKS:
            lacks = plural(reason.amount, "manque")
            return f"Avec {colleague} à la place, il y aurait {lacks} de plus."
        case ReasonKind.SAME:
            return f"{colleague} à la place ne coûterait pas plus."
        case ReasonKind.CHEAPER:
            return f"{colleague} à la place coûterait {reason.amount} de moins."
        case _:
            rules = [_rule_words(problem, worker, rule) for rule in reason.rules[:2]]
            because = f"{NBSP}: {', '.join(rules)}" if rules else ""
            return f"{colleague} à la place coûterait {reason.amount} de plus{because}."


def _rule_words(problem: Problem, worker: int, rule: RuleCost) -> str:
    agent = problem.workers[rule.worker].name
    if rule.key == "uneven":
        return f"{agent} " + (
            "serait sous sa part" if rule.worker == worker else "passerait sa part"
        )
    return {
        "stint": f"une vacation de plus pour {agent}",
        "short": f"{agent} aurait une vacation trop courte",
        "long": f"{agent} ferait plus de 2{NBSP}h de suite",
        "lunch": f"{agent} n’aurait plus son heure pour déjeuner",
        "walking": f"{agent} changerait de hall sans pause",
        "avoided": f"{agent} préfère éviter ces heures",
        "elsewhere": f"{agent} souhaite un autre stand",
        "changed": "le brouillon changerait davantage",
    }[rule.key]


def _places(problem: Problem, reasons: Iterable[Reason]) -> str:
    return _listed(
        [
            f"{problem.workers[reason.worker].name} ({problem.posts[reason.post].name})"
            for reason in reasons
            if reason.worker is not None and reason.post is not None
        ]
    )


def _rule(problem: Problem, worker: int, limit: str | None) -> str:
    """Return « 10 h de travail par jour au plus, décret… », of an agent."""
    return problem.workers[worker].limits.strictest(Limit(limit or "run")).rule


def _theme(problem: Problem, theme: int) -> str:
    return f"«{NBSP}{problem.themes.get(theme, 'un thème que personne ne connaît')}{NBSP}»"


def _listed(names: Sequence[str]) -> str:
    """Return « A, B et C », « A, B et 4 autres »."""
    if len(names) > MOST_NAMES:
        hidden_count = len(names) - MOST_NAMES
        return f"{', '.join(names[:MOST_NAMES])} et {plural(hidden_count, 'autre')}"
    return " et ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
