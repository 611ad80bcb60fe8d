"""Whom one may write to: the audiences, and the filters of each."""

from salon.mailings.queries.audiences.agents import AGENTS
from salon.mailings.queries.audiences.audience import Audience
from salon.mailings.queries.audiences.exhibitors import EXHIBITORS
from salon.mailings.queries.audiences.organisations import ORGANISATIONS
from salon.mailings.queries.audiences.people import PEOPLE, SUBSCRIBERS
from salon.mailings.queries.audiences.places import PLACES
from salon.mailings.queries.audiences.speakers import SPEAKERS

AUDIENCES: dict[str, Audience] = {
    audience.key: audience
    for audience in (PEOPLE, SUBSCRIBERS, PLACES, ORGANISATIONS, EXHIBITORS, AGENTS, SPEAKERS)
}
