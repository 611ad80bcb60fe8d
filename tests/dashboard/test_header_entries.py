"""Entries of the header of an agent and of a welcome desk, on each of their pages."""

import re

import pytest
from flask import Flask

from salon.accounts.models import StationKind
from salon.fair.models import Edition
from salon.platform.database.identity import Role
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.make import make_agent, make_village
from tests.test_station_rights import enrol_kind

AGENT_ENTRIES = ["Mon planning", "Mes rendez-vous", "File du stand"]
DESK_ENTRIES = [
    "Contrôle des entrées",
    "Accueil sur place",
    "À vérifier",
    "Pointer les agents",
    "Ressaisir le papier",
    "Jour J en direct",
]


def header_of(client: PageClient, path: str) -> tuple[list[str], list[str]]:
    """Return the entries of the header of a page, and those marked as the present page."""
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200, path
    assert 'aria-label="Navigation principale"' not in answer.text, path
    (header,) = re.findall(r'<nav class="staff-tabs".*?</nav>', answer.text, re.DOTALL)
    entries = re.findall(r"<a [^>]*>.*?<span>([^<]+)</span></a>", header, re.DOTALL)
    present = re.findall(r'aria-current="page">.*?<span>([^<]+)</span>', header, re.DOTALL)
    return entries, present


@pytest.mark.parametrize("is_coordinator", [False, True])
def test_an_agent_finds_their_pages_in_the_header(
    app: Flask, edition: Edition, is_coordinator: bool
) -> None:
    client = sign_in(app, Role.AGENT, "lea@herault.example")
    make_agent(
        make_village(edition),
        email="lea@herault.example",
        account=True,
        is_coordinator=is_coordinator,
    )
    pages = {
        "/planning": "Mon planning",
        "/planning/souhaits": "Mon planning",
        "/planning/demandes": "Mon planning",
        "/planning/rendez-vous": "Mes rendez-vous",
        "/planning/rendez-vous/badge": "Mes rendez-vous",
        "/planning/rendez-vous/nouveau": "Mes rendez-vous",
        "/planning/file": "File du stand",
        "/aide/agent": None,
    }
    for path, present in pages.items():
        assert header_of(client, path) == (AGENT_ENTRIES, [present] if present else []), path
    text = client.get("/planning").text
    assert ("section-nav" in text) == is_coordinator
    assert ("staff-search" in text) == is_coordinator
    if is_coordinator:
        assert header_of(client, "/organisation/village/planning") == (AGENT_ENTRIES, [])
        page = client.get("/organisation/village/agents").text
        assert re.search(r'class="section-nav".*aria-current="page">.*?Agents', page, re.DOTALL)


def test_an_account_that_nobody_named_yet_has_no_entry_that_leads_nowhere(
    app: Flask, edition: Edition
) -> None:
    client = sign_in(app, Role.AGENT)
    assert header_of(client, "/planning") == (["Mon planning"], ["Mon planning"])


def test_a_welcome_desk_finds_what_it_may_do_in_the_header(app: Flask, edition: Edition) -> None:
    client = enrol_kind(app, edition, StationKind.DESK).client
    make_village(edition)
    pages = {
        "/accueil": "Accueil sur place",
        "/organisation/a-verifier": "À vérifier",
        "/organisation/village/pointage": "Pointer les agents",
        "/organisation/papier": "Ressaisir le papier",
        "/organisation/entrees": "Jour J en direct",
    }
    for path, present in pages.items():
        assert header_of(client, path) == (DESK_ENTRIES, [present]), path
    desk = client.get("/accueil").text.partition("<main")[2].partition("</main>")[0]
    assert "À vérifier" not in desk, "the header has it, and the page begins by the search"
