"""The guides inside the product: the page of docs/guides that helps on each page of the staff."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from salon.platform.settings.installation import ROOT

if TYPE_CHECKING:
    from markdown_it.token import Token

FOLDER = ROOT / "docs" / "guides"
NAME = re.compile(r"[a-z-]+")
CONTENTS = "README"

GUIDES: Mapping[str, str] = {
    "accounts": "comptes",
    "appointments": "organisation-rendez-vous",
    "appointments.agenda": "agent",
    "appointments.book_for_visitor": "agent",
    "appointments.meeting": "agent",
    "appointments.blank_tickets": "file-du-stand",
    "appointments.paper_ticket": "file-du-stand",
    "appointments.queue": "file-du-stand",
    "appointments.queues": "file-du-stand",
    "appointments.read_visitor_badge": "agent",
    "appointments.settings": "reglages",
    "appointments.add_topic": "reglages",
    "appointments.change_topic": "reglages",
    "badges": "organisateur",
    "badges.badge_settings": "reglages",
    "badges.change_accepted_texts": "reglages",
    "badges.change_categories": "reglages",
    "badges.desk": "hote-a-l-entree",
    "badges.territory": "reglages",
    "billing": "facturation",
    "billing.prices": "reglages",
    "billing.add_price": "reglages",
    "billing.change_price": "reglages",
    "dashboard": "organisateur",
    "dashboard.next_edition": "editions",
    "dashboard.review_edition": "editions",
    "dashboard.settings": "reglages",
    "duplicates": "doublons",
    "entrance": "hote-a-l-entree",
    "entrance.conflict": "points-a-verifier",
    "entrance.conflicts": "points-a-verifier",
    "entrance.import_queue": "points-a-verifier",
    "entrance.settings": "reglages",
    "exhibitor_space": "organisateur-exposants",
    "exhibitor_space.add_task": "reglages",
    "exhibitor_space.change_task": "reglages",
    "exhibitor_space.task_settings": "reglages",
    "exhibitors": "organisateur-exposants",
    "exhibitors.terms": "reglages",
    "fair": "reglages",
    "fair.add_rows": "organisateur-exposants",
    "fair.change_standing": "reporter-ou-annuler",
    "fair.edit_hall": "organisateur-exposants",
    "fair.edit_stand": "organisateur-exposants",
    "fair.editions": "editions",
    "fair.floors": "organisateur-exposants",
    "fair.new_stand": "organisateur-exposants",
    "fair.number_row": "organisateur-exposants",
    "first_day": "premier-jour",
    "invitations": "remplir-le-salon",
    "invitations.invite_from_file": "editions",
    "mailings": "remplir-le-salon",
    "open_data": "donnees-ouvertes",
    "paper": "dossier-papier",
    "placement": "organisateur-exposants",
    "reads": "reglages",
    "safety": "organisateur-exposants",
    "staffing": "planning",
    "staffing.limits": "reglages",
    "staffing.rota_settings": "reglages",
    "staffing.set_limits": "reglages",
    "staffing.wishes": "agent",
    "village_day": "planning",
    "village_day.ask_exchange": "agent",
    "village_day.ask_stand_in": "agent",
    "village_day.at_stand": "agent",
    "village_day.my_rota": "agent",
    "village_day.stand_in_offers": "agent",
}
"""The guide of a page by its endpoint, else by its feature."""

COORDINATOR_GUIDES: Mapping[str, str] = {"staffing": "coordination", "village_day": "coordination"}
"""The guide of a coordinator by feature, where it is not an organiser's."""


@dataclass(frozen=True)
class Guide:
    title: str
    text: Markup


def guide_of(endpoint: str | None, is_agent: bool = False) -> str:
    """Return the name of the guide of a page; that of the contents when it has none."""
    endpoint = endpoint or ""
    feature = endpoint.split(".")[0]
    if endpoint in GUIDES:
        return GUIDES[endpoint]
    if is_agent and feature in COORDINATOR_GUIDES:
        return COORDINATOR_GUIDES[feature]
    return GUIDES.get(feature, CONTENTS)


def find_guide(name: str) -> Guide | None:
    """Return a guide as a page shows it, or None when there is no guide of this name."""
    path = FOLDER / f"{name}.md"
    if not (name == CONTENTS or NAME.fullmatch(name)) or not path.is_file():
        return None
    return _read_guide(path)


@cache
def _read_guide(path: Path) -> Guide:
    from markdown_it import MarkdownIt

    # The guides are the project's own files: the pictures that they place as HTML are kept.
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = parser.parse(path.read_text(encoding="utf-8"))
    title = tokens[1].content
    for token in tokens:
        for child in token.children or ():
            _lead_inside(child)
    body = parser.renderer.render(tokens[3:], parser.options, {})
    number = count(1)
    boxed = re.sub("<table>", lambda _: TABLE_START % next(number), body)
    boxed = boxed.replace("<pre>", '<pre tabindex="0">')
    return Guide(title, Markup(boxed.replace("</table>", "</table></div>")))


TABLE_START = (
    '<div class="table-box" role="region" aria-label="Tableau %d" tabindex="0">'
    '<table class="table">'
)
"""A table that may be wider than the page; each has a name of its own."""


def _lead_inside(token: "Token") -> None:
    """Make the links and pictures of a guide lead to their pages in the product.

    Addresses stay relative: the guide is shown beside the others, its pictures below it.
    """
    if token.type == "link_open":
        address = str(token.attrs.get("href", ""))
        if address.startswith("../"):
            token.attrs = {}
        else:
            token.attrs["href"] = re.sub(r"\.md(?=#|$)", "", address)
    elif token.type == "image":
        token.attrs["loading"] = "lazy"
