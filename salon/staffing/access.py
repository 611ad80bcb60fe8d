"""The agents that the signed-in person may see and edit."""

from dataclasses import dataclass

from flask import abort

from salon.fair.access import find_request_edition, get_request_edition, turn_to_edition
from salon.fair.models import Edition
from salon.fair.queries import live_editions
from salon.platform.database.edition_scope import in_edition
from salon.platform.database.identity import Role
from salon.platform.web.access import actor
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
    if actor().role == Role.ORGANISER:
        return Scope(get_request_edition(), None)
    agent = own_agent()
    if not agent.is_coordinator:
        abort(403)
    return Scope(agent.edition, (agent.body_id,), agent)


def find_own_agent() -> Agent | None:
    """Return the agent of the signed-in account, or None.

    Who is no agent of the edition of the request works in the latest live one that they are of.
    """
    identity = actor()
    if identity.role != Role.AGENT or identity.id is None:
        return None
    requested = find_request_edition()
    if requested and (agent := find_agent_of_account(requested, identity.id)):
        return agent
    for edition in live_editions():
        with in_edition(edition.id):
            agent = find_agent_of_account(edition, identity.id)
        if agent:
            turn_to_edition(edition)
            return agent
    return None


def own_agent() -> Agent:
    """Return the agent of the signed-in account; abort with 404 when there is none."""
    return find_own_agent() or abort(404)
