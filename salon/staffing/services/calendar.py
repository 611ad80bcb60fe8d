"""The private address of an agent's calendar."""

import secrets

from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.staffing.models import Agent

TOKEN_BYTES = 24


def new_calendar_token() -> str:
    """What makes the address of a feed impossible to guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def renew_calendar(agent: Agent, by: Identity) -> str:
    """Gives the feed of an agent another address; the former opens nothing any more."""
    with transaction(agent) as session:
        agent.calendar_token = new_calendar_token()
        write_entry(session, by, "agent.calendar_renewed", f"agent:{agent.id}")
    return agent.calendar_token
