"""Attachments of the messages of the rota."""

from salon.platform.mail.delivery import Attachment
from salon.platform.mail.wording import Context
from salon.platform.web.access import settings
from salon.staffing.queries.agents import find_agent
from salon.staffing.queries.published import calendar_shifts, shifts_of_colleagues
from salon.staffing.queries.rota import find_publication

CALENDAR = {"charset": "utf-8", "method": "PUBLISH"}
"""Parameters of text/calendar (RFC 5545, 8.1)."""
WITH_CALENDAR = (
    "rota_changed",
    "agent_place_changed",
    "agent_stand_renumbered",
    "agent_standing_changed",
)


def attachments(kind: str, context: Context) -> list[Attachment]:
    """Return the shifts of a message as a calendar file, in their state when the message leaves."""
    agent = find_agent(context["agent_id"]) if kind in WITH_CALENDAR else None
    latest = find_publication(agent.edition) if agent else None
    if agent is None or latest is None:
        return []
    from salon.staffing.documents.ical import calendar_file

    shifts = calendar_shifts(agent, context["uids"])
    other_shifts = shifts_of_colleagues(agent, shifts)
    stamp = latest.published_at
    content = calendar_file(agent, shifts, other_shifts, settings(), stamp)
    return [Attachment("planning.ics", "calendar", content, CALENDAR)]
