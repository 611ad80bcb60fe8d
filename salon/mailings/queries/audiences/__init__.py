"""Whom one may write to: the audiences, and the filters of each."""

from salon.mailings.queries.audiences.audience import Audience
from salon.mailings.queries.audiences.people import PEOPLE

AUDIENCES: dict[str, Audience] = {audience.key: audience for audience in (PEOPLE,)}
