"""Choices, initial values and reading of the form of an agent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salon.fair.models import Edition, PartnerBody, Theme
from salon.fair.queries import bodies_of, themes_of
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import local
from salon.platform.words import formats
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.working_time import OF_AGENTS, Age
from salon.staffing.forms.agents import AgentFields, OnTheDayFields, as_instant, hour_choices
from salon.staffing.models import Agent, PeriodKind
from salon.staffing.queries.rota import frames
from salon.staffing.services.agent_facts import Facts, Period


@dataclass(frozen=True)
class AgentFormChoices:
    """The bodies, themes and hours to choose from; `own`: bodies the author names for."""

    bodies: Sequence[PartnerBody]
    own: Sequence[PartnerBody]
    themes: Sequence[Theme]
    starts: dict[str, str]
    ends: dict[str, str]

    @property
    def theme_groups(self) -> list[tuple[str, list[Theme]]]:
        """Return the themes of each body that has some."""
        groups: dict[int, list[Theme]] = {}
        for theme in self.themes:
            groups.setdefault(theme.body_id, []).append(theme)
        names = {body.id: body.name for body in self.bodies}
        return [(names[body_id], themes) for body_id, themes in groups.items()]


def choices_for(
    edition: Edition, own: Iterable[int] | None = None, agent: Agent | None = None
) -> AgentFormChoices:
    """Return the choices of the form; hours already recorded for `agent` stay choices."""
    bodies = bodies_of(edition)
    own_ids = None if own is None else set(own)
    recorded = [] if agent is None else [agent.arrives_at, agent.leaves_at]
    for period in agent.periods if agent else ():
        recorded += [period.starts_at, period.ends_at]
    starts, ends = hour_options(edition, [at for at in recorded if at is not None])
    return AgentFormChoices(
        bodies=bodies,
        own=[body for body in bodies if own_ids is None or body.id in own_ids],
        themes=themes_of(edition),
        starts=starts,
        ends=ends,
    )


def hour_options(
    edition: Edition, other_starts: Sequence[datetime] = ()
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the hours at which something can start, and end; `other_starts`: starts to add."""
    days = frames(edition)
    starts = [start for day in days for start in day.starts]
    ends = [start + HALF_HOUR for start in starts]
    several = len(days) > 1
    return _choices([*starts, *other_starts], several), _choices([*ends, *other_starts], several)


def _choices(instants: Iterable[datetime], several_days: bool) -> dict[str, str]:
    in_order = sorted(set(instants))
    return hour_choices(in_order, [_label(at, several_days) for at in in_order])


def _label(at: datetime, several_days: bool) -> str:
    return f"{local(at):%d/%m}, {formats.hour(at)}" if several_days else formats.hour(at)


def set_choices(form: SalonForm, options: AgentFormChoices) -> None:
    """Set the choices of a form's fields."""
    stands = {body.stand_id: f"{body.stand.number} {body.short_name}" for body in options.bodies}
    form.wished.choices = stands
    if isinstance(form, AgentFields):
        form.stands.choices = stands
        form.body.choices = {body.id: body.name for body in options.own}
        form.themes.choices = {theme.id: theme.name for theme in options.themes}
    form.offer_hours(options.starts, options.ends)


def values_of(agent: Agent) -> dict[str, object]:
    """Return an agent as the form's initial values."""
    return {
        **{
            name: getattr(agent, name)
            for name in (
                *("civility", "first_name", "last_name", "function", "email", "phone"),
                *("languages", "needs", "needs_note", "is_coordinator", "version"),
            )
        },
        "body": agent.body_id,
        "themes": [theme.id for theme in agent.themes],
        "stands": [place.stand_id for place in agent.places],
        "wished": [place.stand_id for place in agent.places if place.is_wished],
        "arrives_at": agent.arrives_at.isoformat() if agent.arrives_at else "",
        "leaves_at": agent.leaves_at.isoformat() if agent.leaves_at else "",
        "age": agent.limits.get("age", Age.ADULT.value),
        **{f"most_{limit}": str(agent.limits.get(limit, "")) for limit in OF_AGENTS},
        "periods": [
            {
                "kind": period.kind.value,
                "starts_at": period.starts_at.isoformat(),
                "ends_at": period.ends_at.isoformat(),
                "note": period.note,
            }
            for period in agent.periods
        ],
    }


def facts_from(form: AgentFields) -> Facts:
    """Return the facts typed in a form."""
    return Facts(
        civility=form.civility.data or "",
        first_name=form.first_name.data or "",
        last_name=form.last_name.data or "",
        function=form.function.data or "",
        email=form.email.data or "",
        phone=form.phone.data or "",
        body_id=form.body.data,
        theme_ids=frozenset(form.themes.data or ()),
        stands={
            **dict.fromkeys(form.stands.data or (), False),
            **dict.fromkeys(form.wished.data or (), True),
        },
        arrives_at=as_instant(form.arrives_at.data),
        leaves_at=as_instant(form.leaves_at.data),
        is_coordinator=bool(form.is_coordinator.data),
        limits=form.limits,
        **on_the_day_from(form),
    )


def on_the_day_from(form: OnTheDayFields) -> dict[str, Any]:
    """Return the facts that agents may change themselves."""
    return {
        "languages": tuple(form.languages.data or ()),
        "needs": tuple(form.needs.data or ()),
        "needs_note": form.needs_note.data or "",
        "periods": tuple(_periods(form)),
    }


def _periods(form: OnTheDayFields) -> Iterable[Period]:
    for line in form.filled:
        starts_at, ends_at = as_instant(line.starts_at.data), as_instant(line.ends_at.data)
        assert starts_at is not None
        assert ends_at is not None
        yield Period(starts_at, ends_at, PeriodKind(line.kind.data), line.note.data or "")
