"""The table of the limits of working time, for its page and the documentation."""

from collections.abc import Iterable, Mapping
from typing import Any

from salon.staffing.engine.working_time import (
    OF_AGENTS,
    OF_BODIES,
    TABLE,
    Age,
    Bound,
    Employer,
    LegalLimit,
)

HEADS = ("Employeur", "Âge", "Limite", "Article", "Texte du", "Par accord")
NOT_COUNTED = (
    "Les 48\u00a0h et le repos de la semaine ne comptent que les heures de ce salon\u00a0: celles "
    "que l’agent fait ailleurs la même semaine ne sont pas connues. Le travail de nuit d’un adulte "
    "(22\u00a0h à 5\u00a0h dans le public, dès 21\u00a0h dans le privé) est permis\u00a0: ce n’est "
    "pas une limite ici."
)


def limit_rows() -> list[tuple[str, ...]]:
    """Return the cells of each row of the table, in words."""
    return [_cells(row) for row in TABLE]


def _cells(row: LegalLimit) -> tuple[str, ...]:
    labels = [employer.label for employer in Employer if employer in row.employers]
    agreement = ""
    if row.farthest is not None:
        agreement = f"{Bound(row.limit, row.farthest, '').words} ({row.agreement})"
    return (
        "Tous" if row.employers == frozenset(Employer) else ", ".join(labels),
        row.age.label,
        Bound(row.limit, row.value, "", row.hours).words,
        row.article,
        f"{row.since:%d/%m/%Y}",
        agreement,
    )


def body_words(rules: Mapping[str, Any]) -> Iterable[str]:
    """Yield the employer of a body, then its own rules."""
    yield Employer(rules.get("employer", Employer.TERRITORIAL)).label
    for limit in OF_BODIES:
        if limit in rules:
            yield Bound(limit, rules[limit], "").words


def agent_words(limits: Mapping[str, Any]) -> Iterable[str]:
    """Yield the age of an agent who is not an adult, then the personal limits."""
    if "age" in limits:
        yield Age(limits["age"]).label
    for limit in OF_AGENTS:
        if limit in limits:
            yield Bound(limit, limits[limit], "").words
