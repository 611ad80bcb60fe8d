"""The agents that the signed-in person may see and edit."""

from dataclasses import dataclass

from flask import abort

from salon.fair.models import Edition
from salon.fair.queries import get_current_edition
from salon.platform.access import actor
from salon.platform.identity import Role
from salon.staffing.models import Agent
from salon.staffing.queries.agents import find_agent_of_account


@dataclass(frozen=True)
class Scope:
    """`body_ids` None: every body, for an organiser; else that of the coordinator `agent`."""

    edition: Edition
    body_ids: tuple[int, ...] | None
    agent: Agent | None = None

    @property
    def is_organiser(self) -> bool:
        return self.body_ids is None

    def covers(self, body_id: int) -> bool:
        """Return whether agents of this body may be edited."""
        return self.body_ids is None or body_id in self.body_ids


def own_scope() -> Scope:
    """Return the scope of an organiser or of a body's coordinator; abort with 403 for anyone
    else.
    """
    identity, edition = actor(), get_current_edition()
    if identity.role == Role.ORGANISER:
        return Scope(edition, None)
    agent = own_agent()
    if not agent.is_coordinator:
        abort(403)
    return Scope(edition, (agent.body_id,), agent)


def own_agent() -> Agent:
    """Return the agent of the signed-in account at the current edition; abort with 404 when
    none.
    """
    identity = actor()
    agent = (
        find_agent_of_account(get_current_edition(), identity.id)
        if identity.id is not None
        else None
    )
    if identity.role != Role.AGENT or agent is None:
        abort(404)
    return agent
