"""A village made for tests: keyword arguments only, every one with a default."""

import itertools
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from salon.accounts.models import Account
from salon.accounts.queries import email_key_of, find_account
from salon.accounts.services import accounts as account_services
from salon.fair.models import Edition, Hall, PartnerBody, Stand, Theme
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.settings.clock import now, paris
from salon.platform.words.texts import folded
from salon.staffing.engine.half_hours import half_hours
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.models import Agent, AgentStand, Need, Shift, ShiftStatus
from salon.staffing.queries.agents import agents_of
from salon.staffing.rules.legal import WorseForAgents
from salon.staffing.services.publication import (
    differences,
    limits_passed,
    publish_rota,
    stamp_of,
)
from salon.staffing.services.rows import NewRow, set_rows
from tests.factories import act_in

counter = itertools.count(1)
ORGANISER = Identity(Role.ORGANISER, 1, "Olivia Fabrègues", "192.0.2.9")

# short name, theme
BODIES = (
    ("Département", "Soutien aux communes"),
    ("Hérault THD", "Fibre"),
    ("SDIS 34", "Défense incendie"),
)


@dataclass(frozen=True)
class Village:
    """Three stands of one body and one theme each, by the name of the body."""

    edition: Edition
    bodies: dict[str, PartnerBody]
    themes: dict[str, Theme]

    def at(self, hour: int, minute: int = 0) -> datetime:
        """Return a time on the first day of the fair."""
        return paris(self.edition.days[0].day_on, time(hour, minute))

    def wanted(self, body: str, start: tuple[int, int], end: tuple[int, int]) -> PlannedShift:
        """Return a time on the stand of a body."""
        return PlannedShift(self.bodies[body].stand_id, self.at(*start), self.at(*end))


def make_village(edition: Edition, names: Sequence[tuple[str, str]] = BODIES) -> Village:
    """Make the stands of the village, in hall 3; nobody on them yet, and nothing needed."""
    hall = current_session().scalars(select(Hall).where(Hall.edition_id == edition.id)).first()
    assert hall is not None
    bodies, themes = {}, {}
    with transaction() as session:
        for rank, (name, theme) in enumerate(names):
            slug = folded(name).replace(" ", "-")
            stand = Stand(
                edition_id=edition.id,
                hall_id=hall.id,
                number=f"V{rank}",
                x=rank * 6,
                y=0,
                width=6,
                depth=4,
            )
            session.add(stand)
            session.flush()
            body = PartnerBody(
                edition_id=edition.id,
                stand_id=stand.id,
                slug=slug,
                name=name,
                short_name=name,
                topics=theme,
                presentation=f"{name}, au village.",
                rank=rank,
            )
            session.add(body)
            session.flush()
            bodies[name] = body
            themes[name] = Theme(
                edition_id=edition.id,
                body_id=body.id,
                slug=folded(theme).replace(" ", "-"),
                name=theme,
                summary=theme,
                rank=rank,
            )
            session.add(themes[name])
    return Village(edition, bodies, themes)


def make_agent(
    village: Village,
    *,
    body: str = "Département",
    name: str = "",
    stands: Iterable[str] = (),
    account: bool = False,
    **overrides: Any,
) -> Agent:
    """Make an agent who may hold the stand of the body (or `stands`) and knows its theme.

    `account`: with an account to sign in with.
    """
    number = next(counter)
    first, _, last = (name or f"Camille Vidal{number}").partition(" ")
    values: dict[str, Any] = {
        "civility": "madame",
        "first_name": first,
        "last_name": last,
        "name_key": folded(f"{last} {first}"),
        "email": f"agent{number}@herault.example",
        "created_at": now(),
        "calendar_token": secrets.token_urlsafe(24),
        **overrides,
    }
    opened: Account | None = None
    if account:
        opened = find_account(values["email"]) or account_services.create_account(
            Act(SYSTEM), values["email"], Role.AGENT, f"{first} {last}"
        )
    agent = Agent(
        edition_id=village.edition.id,
        body_id=village.bodies[body].id,
        account_id=opened.id if opened else None,
        email_key=email_key_of(values["email"]),
        themes=[village.themes[body]],
        places=[
            AgentStand(stand_id=village.bodies[stand].stand_id)
            for stand in (tuple(stands) or (body,))
        ],
        **values,
    )
    with transaction() as session:
        session.add(agent)
    return agent


def make_needs(
    village: Village,
    *,
    body: str = "Département",
    start: tuple[int, int] = (8, 30),
    end: tuple[int, int] = (18, 0),
    minimum: int = 1,
    wished: int = 2,
    maximum: int = 3,
    theme: bool = False,
) -> list[Need]:
    """Make the needs of a stand from `start` to `end`; `theme`: required of one of its agents."""
    needs = [
        Need(
            stand_id=village.bodies[body].stand_id,
            starts_at=at,
            minimum=minimum,
            wished=wished,
            maximum=maximum,
            themes=[village.themes[body]] if theme else [],
        )
        for at in half_hours(village.at(*start), village.at(*end))
    ]
    with transaction() as session:
        session.add_all(needs)
    return needs


def put(village: Village, agent: Agent, *shifts: PlannedShift) -> None:
    """Give an agent these draft shifts, through the service; whatever they pass is accepted."""
    current_session().rollback()
    current_session().refresh(agent)
    rows = [NewRow(agent.id, agent.rota_version, list(shifts))]
    try:
        set_rows(act_in(village.edition, ORGANISER), rows)
    except WorseForAgents as question:
        set_rows(act_in(village.edition, ORGANISER), rows, accepted=question.sentences)


def publish(village: Village, note: str = "") -> int:
    """Publish the draft; return the number of the version."""
    changes = differences(village.edition)
    reason = "Ouverture prolongée" if limits_passed(village.edition, changes) else ""
    stamp = stamp_of(changes)
    return publish_rota(act_in(village.edition, ORGANISER), stamp, note, reason=reason).number


def shifts(agent: Agent, status: ShiftStatus = ShiftStatus.DRAFT) -> list[Shift]:
    """Return an agent's shifts of a layer, in time, as the database has them."""
    current_session().rollback()
    statement = select(Shift).where(Shift.agent_id == agent.id, Shift.status == status)
    return list(
        current_session().scalars(
            statement.order_by(Shift.starts_at).execution_options(populate_existing=True)
        )
    )


def find_agent_by_email(edition: Edition, email: str) -> Agent | None:
    """Return the agent of an address at an edition, with their themes, stands and periods."""
    return next((agent for agent in agents_of(edition) if agent.email == email), None)
