"""An agent's agreement to be taken over by the next edition, and its use."""

from dataclasses import replace

from salon.fair.models import Edition
from salon.fair.queries import bodies_of
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.edition_walls import retention
from salon.platform.database.journal import write_entry
from salon.staffing.actions import StaffingAction
from salon.staffing.models import Agent
from salon.staffing.queries.next_edition import agents_to_take_over
from salon.staffing.services.agent_facts import AllowedValues, Facts, allowed_values_of, facts_of
from salon.staffing.services.agents import create_agents
from salon.staffing.services.settings import get_or_create_rota


def agree_to_next(act: Act, agent: Agent) -> None:
    """Record that the agent's details may be kept for the next edition. Idempotent."""
    with act.transaction(agent) as session:
        if agent.next_edition_agreed_at is None:
            agent.next_edition_agreed_at = act.now
            write_entry(
                session, act.actor, StaffingAction.AGENT_NEXT_EDITION_AGREED, f"agent:{agent.id}"
            )


def withdraw_agreement(act: Act, agent: Agent) -> None:
    """Withdraw the agreement, in a closed edition too. Idempotent."""
    with act.transaction(agent) as session, retention(session):
        if agent.next_edition_agreed_at is not None:
            agent.next_edition_agreed_at = None
            write_entry(
                session, act.actor, StaffingAction.AGENT_NEXT_EDITION_REFUSED, f"agent:{agent.id}"
            )


@across_editions()
def take_over_agents(act: FairAct, past_edition: Edition) -> int:
    """Name the agents of a past edition who agreed; return their number. Nobody is notified.

    Their person, body, themes, stands and languages are taken over; not their hours, limits,
    wishes, needs on site, shifts, nor the coordination of their body.
    """
    allowed = allowed_values_of(act.edition)
    with act.transaction(get_or_create_rota(act.edition)) as session:
        agents = agents_to_take_over(past_edition, act.edition)
        agent_facts = [_facts_in(act.edition, agent, allowed) for agent in agents]
        create_agents(act, session, agent_facts, allowed, urgent=None)
        write_entry(
            session,
            act.actor,
            StaffingAction.AGENTS_TAKEN_OVER,
            f"edition:{act.edition.id}",
            count=len(agent_facts),
        )
    return len(agent_facts)


def _facts_in(edition: Edition, agent: Agent, allowed: AllowedValues) -> Facts:
    bodies = {body.slug: body for body in bodies_of(edition)}
    themes = {theme.slug: theme.id for theme in allowed.themes.values()}
    stands = {body.stand.number: body.stand_id for body in bodies.values()}
    return replace(
        facts_of(agent),
        body_id=bodies[agent.body.slug].id,
        theme_ids=frozenset(themes[theme.slug] for theme in agent.themes if theme.slug in themes),
        stands={
            stands[place.stand.number]: False
            for place in agent.places
            if place.stand.number in stands
        },
        needs=(),
        needs_note="",
        arrives_at=None,
        leaves_at=None,
        periods=(),
        is_coordinator=False,
        limits={},
    )
