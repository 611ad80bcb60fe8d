"""Renew the private address of an agent's calendar."""

import secrets

from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.staffing.models import Agent

TOKEN_BYTES = 24


def new_calendar_token() -> str:
    """Return an unguessable token for the address of a feed."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def renew_calendar(agent: Agent, actor: Identity) -> str:
    """Give an agent's feed another address; the former one opens nothing any more."""
    with transaction(agent) as session:
        agent.calendar_token = new_calendar_token()
        write_entry(session, actor, "agent.calendar_renewed", f"agent:{agent.id}")
    return agent.calendar_token
