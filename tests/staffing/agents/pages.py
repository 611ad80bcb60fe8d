"""Addresses and texts of the pages of agents and needs."""

import re
from typing import Any

from flask import Flask

from salon.platform.database.identity import Role
from salon.staffing.models import Agent
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.make import Village, make_agent

LIST = "/organisation/village/agents"
NEW = f"{LIST}/nouveau"
IMPORT = f"{LIST}/importer"
NEEDS = "/organisation/village/besoins"
WISHES = "/planning/souhaits"


def as_agent(app: Flask, village: Village, email: str, **more: Any) -> tuple[PageClient, Agent]:
    """Signed in as an agent of the village."""
    client = sign_in(app, Role.AGENT, email)
    return client, make_agent(village, email=email, account=True, **more)


def text(client: PageClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def hidden(page: str) -> dict[str, str]:
    return dict(
        re.findall(r'name="(csrf_token|submission_key|version|stamp)"[^>]*value="([^"]*)"', page)
    )
