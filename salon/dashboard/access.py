"""The frame of the staff's pages: menu, edition and alarms of the signed-in person."""

from collections.abc import Sequence
from typing import cast

from flask import Flask, g, request, url_for
from sqlalchemy import ColumnElement, true

from salon.dashboard.engine.seasons import Season
from salon.dashboard.presenters.checklist import season_in
from salon.dashboard.presenters.guides import CONTENTS, guide_of
from salon.dashboard.presenters.staff_menu import EntryGroup, menu_of, organiser_menu
from salon.dashboard.queries.messages import about_edition
from salon.dashboard.queries.staff_search import Search
from salon.fair.access import find_request_edition
from salon.platform.database.identity import Role
from salon.platform.settings.clock import now
from salon.platform.web.access import actor, may_open
from salon.staffing.access import find_own_agent


def own_menu() -> Sequence[EntryGroup]:
    """Return the menu of the signed-in person, with what a coordinator has more; read once per
    request.
    """
    if "own_menu" not in g:
        g.own_menu = _read_menu()
    return cast(Sequence[EntryGroup], g.own_menu)


def _read_menu() -> Sequence[EntryGroup]:
    if actor().role == Role.ORGANISER:
        return organiser_menu(present_season(), may_open)
    agent = find_own_agent()
    return menu_of(
        actor().role,
        is_named=agent is not None,
        is_coordinator=agent is not None and agent.is_coordinator,
    )


def present_season() -> Season:
    """Return the season of the edition at work; without one, everything is still to prepare."""
    edition = find_request_edition()
    if edition is None:
        return Season.PREPARING
    return season_in(edition, now())


def find_own_search(text: str) -> Search | None:
    """Return a search in the edition at work, of a coordinator among their own agents; None
    without an edition."""
    agent = find_own_agent()
    edition = agent.edition if agent else find_request_edition()
    if edition is None:
        return None
    body_ids: tuple[int, ...] | None = None if actor().role == Role.ORGANISER else ()
    if agent and agent.is_coordinator:
        body_ids = (agent.body_id,)
    return Search(edition, text, now(), body_ids)


def help_address() -> str:
    """Return the address of the guide of this page."""
    name = guide_of(request.endpoint, actor().role == Role.AGENT)
    if name == CONTENTS:
        return url_for("dashboard.guides")
    return url_for("dashboard.guide", name=name)


def register_staff_frame(app: Flask) -> None:
    app.jinja_env.globals.update(own_menu=own_menu, help_address=help_address)


def readable_messages() -> ColumnElement[bool]:
    """Return the condition that the signed-in organiser may read a message."""
    edition, has_all_rights = find_request_edition(), actor().has_all_rights
    return true() if has_all_rights or edition is None else about_edition(edition)
