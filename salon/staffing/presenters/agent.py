"""What the form of an agent offers to choose, and how it is filled and read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salon.fair.models import Edition, PartnerBody, Theme
from salon.fair.queries import bodies_of, themes_of
from salon.platform import formats
from salon.platform.clock import local
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.forms.agents import AgentFields, OnTheDayFields, as_instant, hour_choices
from salon.staffing.models import Agent, PeriodKind
from salon.staffing.queries.rota import frames
from salon.staffing.services.agent_facts import Facts, Period


@dataclass(frozen=True)
class Offered:
    """The bodies, themes and hours that can be chosen; `own`: bodies the author names for."""

    bodies: Sequence[PartnerBody]
    own: Sequence[PartnerBody]
    themes: Sequence[Theme]
    starts: dict[str, str]
    ends: dict[str, str]

    @property
    def theme_groups(self) -> list[tuple[str, list[Theme]]]:
        """The themes of each body that has some."""
        groups: dict[int, list[Theme]] = {}
        for theme in self.themes:
            groups.setdefault(theme.body_id, []).append(theme)
        names = {one.id: one.name for one in self.bodies}
        return [(names[body_id], found) for body_id, found in groups.items()]


def offered_for(
    edition: Edition, own: Iterable[int] | None = None, agent: Agent | None = None
) -> Offered:
    """What can be chosen; hours that `agent` already says stay choices."""
    bodies = bodies_of(edition)
    kept = None if own is None else set(own)
    said = [] if agent is None else [agent.arrives_at, agent.leaves_at]
    for period in agent.periods if agent else ():
        said += [period.starts_at, period.ends_at]
    starts, ends = hour_options(edition, [at for at in said if at is not None])
    return Offered(
        bodies=bodies,
        own=[one for one in bodies if kept is None or one.id in kept],
        themes=themes_of(edition),
        starts=starts,
        ends=ends,
    )


def hour_options(
    edition: Edition, more: Sequence[datetime] = ()
) -> tuple[dict[str, str], dict[str, str]]:
    """The hours at which something can start, and end; `more`: others to offer too."""
    days = frames(edition)
    starts = [start for day in days for start in day.starts]
    ends = [start + HALF_HOUR for start in starts]
    several = len(days) > 1
    return _choices([*starts, *more], several), _choices([*ends, *more], several)


def _choices(instants: Iterable[datetime], several_days: bool) -> dict[str, str]:
    in_order = sorted(set(instants))
    return hour_choices(in_order, [_label(at, several_days) for at in in_order])


def _label(at: datetime, several_days: bool) -> str:
    return f"{local(at):%d/%m}, {formats.hour(at)}" if several_days else formats.hour(at)


def offer(form: Any, offered: Offered) -> None:
    """Gives the fields of a form what they offer."""
    stands = {one.stand_id: f"{one.stand.number} {one.short_name}" for one in offered.bodies}
    form.wished.choices = stands
    if isinstance(form, AgentFields):
        form.stands.choices = stands
        form.body.choices = {one.id: one.name for one in offered.own}
        form.themes.choices = {one.id: one.name for one in offered.themes}
    form.offer_hours(offered.starts, offered.ends)


def values_of(agent: Agent) -> dict[str, Any]:
    """An agent as the form shows it."""
    return {
        **{
            name: getattr(agent, name)
            for name in (
                *("civility", "first_name", "last_name", "function", "email", "phone"),
                *("languages", "needs", "needs_note", "is_coordinator", "version"),
            )
        },
        "body": agent.body_id,
        "themes": [one.id for one in agent.themes],
        "stands": [one.stand_id for one in agent.places],
        "wished": [one.stand_id for one in agent.places if one.is_wished],
        "arrives_at": agent.arrives_at.isoformat() if agent.arrives_at else "",
        "leaves_at": agent.leaves_at.isoformat() if agent.leaves_at else "",
        "periods": [
            {
                "kind": one.kind.value,
                "starts_at": one.starts_at.isoformat(),
                "ends_at": one.ends_at.isoformat(),
                "note": one.note,
            }
            for one in agent.periods
        ],
    }


def facts_from(form: AgentFields) -> Facts:
    """What a form says of an agent."""
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
        **on_the_day_from(form),
    )


def on_the_day_from(form: OnTheDayFields) -> dict[str, Any]:
    """What an agent may say of themselves."""
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
