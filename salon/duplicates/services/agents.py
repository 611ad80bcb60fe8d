"""Merge two agents of a body who are one person, and take it back.

Each part is a use case of the rota with its own rules: the draft row, the removal, the facts.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from salon.appointments.services.merging import transfer_agent_times
from salon.appointments.services.settings import get_or_create_settings
from salon.badges.services import release_badge
from salon.duplicates import rules
from salon.duplicates.actions import DuplicateAction
from salon.duplicates.queries import find_merge_of_agent
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.db import current_session, unit_of_work
from salon.platform.database.journal import write_entry
from salon.staffing.engine.shift_changes import PlannedShift, planned_shift_of
from salon.staffing.models import (
    Agent,
    MergedAgent,
    PeriodKind,
    Shift,
    ShiftOrigin,
    ShiftStatus,
)
from salon.staffing.queries.agents import get_agent
from salon.staffing.queries.rota import shifts_of
from salon.staffing.services.agent_facts import Facts, Period, facts_of
from salon.staffing.services.agents import change_agent, remove_agent, restore_agent
from salon.staffing.services.publication import Given, hand_over, new_publication
from salon.staffing.services.rows import NewRow, set_rows
from salon.staffing.services.settings import get_or_create_rota


def merge_agents(act: FairAct, kept_id: int, former_id: int) -> Agent:
    """Give one of two agents what the other has, and remove the other; return the first.

    Published shifts to come change hands in a publication, with their appointments. Raises
    OtherBody, IsOnDuty, and as the change of a draft row: AgentElsewhere for shifts at the same
    time, WorseForAgents for a limit of working time; NoResultFound, SlotNotFree.
    """
    with unit_of_work():
        kept, former = get_agent(act.edition, kept_id), get_agent(act.edition, former_id)
        rules.check_same_body(kept.body_id, former.body_id)
        published = shifts_of(act.edition, ShiftStatus.PUBLISHED, [former.id])
        to_come = [shift for shift in published if shift.ends_at > act.now]
        starts = [shift.starts_at for shift in to_come]
        rules.check_is_not_on_duty(former.polite_name, starts, act.now)
        own, moved = _draft(act.edition, kept), _draft(act.edition, former)
        _set_drafts(act, {kept: [*own, *moved], former: []})
        handed_over = {
            "published": [_shift(planned_shift_of(shift)) for shift in to_come],
            "appointments": _hand_over(act, to_come, former, kept),
        }
        remove_agent(act, former, former.version, False)
        before, added = facts_of(kept), facts_of(former)
        after = _union(before, added)
        if after != before:
            change_agent(act, kept, kept.version, after)
        with act.transaction(kept, former) as session:
            session.add(
                MergedAgent(
                    agent_id=former.id,
                    kept_id=kept.id,
                    merged_at=act.now,
                    merged_by=act.actor.display_name,
                    gained={
                        "shifts": [_shift(shift) for shift in moved],
                        **handed_over,
                        **_gain(before, after),
                    },
                )
            )
            subject = f"agent:{kept.id}"
            write_entry(session, act.actor, DuplicateAction.AGENT_MERGED, subject, agent=former.id)
    return kept


def separate_agents(act: FairAct, former_id: int) -> Agent:
    """Take a merge of agents back; what changed since on the kept one stays. Return the other.

    Raises NotMerged, KeptAgentRemoved, and as `merge_agents`.
    """
    with unit_of_work():
        merge = find_merge_of_agent(former_id)
        rules.check_is_merged(int(merge is not None))
        assert merge is not None
        kept, gained = merge.kept, merge.gained
        rules.check_agent_stays(kept.removed_at is None)
        former = restore_agent(act, former_id)
        moved = {_planned(row) for row in gained["shifts"]}
        draft = _draft(act.edition, kept)
        rows: dict[Agent, list[PlannedShift]] = {kept: [], former: []}
        for shift in draft:
            rows[former if replace(shift, is_locked=False) in moved else kept].append(shift)
        _set_drafts(act, rows)
        published = {_planned(row) for row in gained.get("published", [])}
        back = [
            shift
            for shift in shifts_of(act.edition, ShiftStatus.PUBLISHED, [kept.id])
            if shift.starts_at > act.now and _planned(_shift(planned_shift_of(shift))) in published
        ]
        _hand_over(act, back, kept, former, gained.get("appointments", []))
        before = facts_of(kept)
        after = _without(before, gained)
        if after != before:
            change_agent(act, kept, kept.version, after)
        with act.transaction(kept, former) as session:
            session.refresh(merge)
            if "badge" in merge.gained:
                release_badge(session, former.id, merge.gained["badge"])
            session.delete(merge)
            subject = f"agent:{kept.id}"
            write_entry(
                session, act.actor, DuplicateAction.AGENT_SEPARATED, subject, agent=former.id
            )
    return former


def _hand_over(
    act: FairAct,
    published: Sequence[Shift],
    giver: Agent,
    taker: Agent,
    appointment_ids: Collection[int] | None = None,
) -> list[int]:
    """Give published shifts with their appointments, those of `appointment_ids` if given, to the
    other agent; return which appointments."""
    if not published:
        return []
    rota, settings = get_or_create_rota(act.edition), get_or_create_settings(act.edition)
    with act.transaction(rota, settings, giver, taker) as session:
        version = new_publication(act, session, f"{giver.polite_name}, une seule fiche")
        gives = [Given(shift, taker, planned_shift_of(shift)) for shift in published]
        hand_over(act, session, version, gives, ShiftOrigin.BY_HAND)
        return transfer_agent_times(session, giver.id, taker.id, appointment_ids)


def _draft(edition: Edition, agent: Agent) -> list[PlannedShift]:
    return [planned_shift_of(row) for row in shifts_of(edition, ShiftStatus.DRAFT, [agent.id])]


def _set_drafts(act: FairAct, rows: dict[Agent, list[PlannedShift]]) -> None:
    """Set both draft rows, that which loses shifts first."""
    fewest_first = sorted(
        rows, key=lambda agent: len(rows[agent]) - len(_draft(act.edition, agent))
    )
    for agent in fewest_first:
        set_rows(act, [NewRow(agent.id, agent.rota_version, rows[agent])])
    current_session().expire_all()


def _union(kept: Facts, former: Facts) -> Facts:
    """Return the facts of the kept agent with those of the other; its own win."""
    own_times = {(period.starts_at, period.ends_at) for period in kept.periods}
    new_periods = [
        period for period in former.periods if (period.starts_at, period.ends_at) not in own_times
    ]
    return replace(
        kept,
        theme_ids=kept.theme_ids | former.theme_ids,
        stands={**former.stands, **kept.stands},
        languages=tuple(dict.fromkeys((*kept.languages, *former.languages))),
        needs=tuple(dict.fromkeys((*kept.needs, *former.needs))),
        periods=(*kept.periods, *new_periods),
        is_coordinator=kept.is_coordinator or former.is_coordinator,
    )


def _gain(before: Facts, after: Facts) -> dict[str, object]:
    """Return what the kept agent gained."""
    return {
        "theme_ids": sorted(after.theme_ids - before.theme_ids),
        "stands": sorted(after.stands.keys() - before.stands.keys()),
        "languages": [word for word in after.languages if word not in before.languages],
        "needs": [word for word in after.needs if word not in before.needs],
        "periods": [_period(row) for row in after.periods if row not in before.periods],
        "is_coordinator": after.is_coordinator and not before.is_coordinator,
    }


def _without(facts: Facts, gained: dict[str, Any]) -> Facts:
    """Return the facts of the kept agent without what it gained."""
    stands = set(gained["stands"])
    return replace(
        facts,
        theme_ids=facts.theme_ids - set(gained["theme_ids"]),
        stands={stand: wish for stand, wish in facts.stands.items() if stand not in stands},
        languages=tuple(word for word in facts.languages if word not in gained["languages"]),
        needs=tuple(word for word in facts.needs if word not in gained["needs"]),
        periods=tuple(row for row in facts.periods if _period(row) not in gained["periods"]),
        is_coordinator=facts.is_coordinator and not gained["is_coordinator"],
    )


def _period(period: Period) -> list[str]:
    return [period.starts_at.isoformat(), period.ends_at.isoformat(), PeriodKind(period.kind).value]


def _shift(shift: PlannedShift) -> list[object]:
    return [shift.stand_id, shift.starts_at.isoformat(), shift.ends_at.isoformat()]


def _planned(row: Sequence[Any]) -> PlannedShift:
    stand_id, starts_at, ends_at = row
    return PlannedShift(
        stand_id, datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
    )
