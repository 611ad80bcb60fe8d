"""Follow a rearrangement: agents, themes, needs and shifts of stands and bodies that go or move."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.fair.actions import FairAction
from salon.fair.models import Edition, PartnerBody, Theme
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    Facts,
    Fate,
    Follower,
    Rearrangement,
)
from salon.platform.database.journal import JournalEntry, entries
from salon.staffing.engine.shift_changes import PlannedShift, planned_shift_of
from salon.staffing.models import Agent, AgentStand, Need, Rota, Shift, ShiftStatus
from salon.staffing.queries.rota import needs_of, shifts_of
from salon.staffing.services.former_needs import LABEL, facts_of_need, need_name, restore_needs
from salon.staffing.services.layers import FOLLOWER, follow_shifts, renew_events
from salon.staffing.services.messages import post_to_agent

AGENTS = "Agents"
THEMES = "Thèmes"


class VillageFollower(Follower[Rearrangement]):
    """The village: a theme goes to the body whose agents know it best, or is withdrawn."""

    name = FOLLOWER
    gate = Rota

    def follow(self, session: Session, change: Rearrangement) -> Consequences:
        edition = session.get_one(Edition, change.edition_id)
        former = change.former.get(self.name, ())
        if change.is_undo:
            return [
                *_restore_agents(session, former),
                *_restore_themes(session, former),
                *_shifts(session, change),
                _move_needs(session, edition, change),
                *restore_needs(session, edition, former),
                _move_places(session, change),
                *_restore_places(session, former),
                _renumber(session, edition, change),
            ]
        return [
            *_remove_agents(session, edition, change),
            *_remove_needs(session, edition, change),
            *_entrust_themes(session, change),
            *_forget_themes(session, change),
            *_shifts(session, change),
            _move_needs(session, edition, change),
            *_remove_places(session, change),
            _move_places(session, change),
            _agents_of_entrusted(session, change),
            _renumber(session, edition, change),
        ]


def _remove_agents(
    session: Session, edition: Edition, change: Rearrangement
) -> Iterator[Consequence]:
    """Remove the agents of the bodies; who had no shift to come learns it by a message."""
    agents = session.scalars(
        select(Agent)
        .where(Agent.body_id.in_(change.bodies), Agent.removed_at.is_(None))
        .order_by(Agent.name_key, Agent.id)
    ).all()
    ids = [agent.id for agent in agents]
    published = shifts_of(edition, ShiftStatus.PUBLISHED, ids)
    notified_ids = {
        shift.agent_id for shift in published if edition.is_postponed or shift.ends_at > change.at
    }
    for agent in agents:
        agent.removed_at = change.at
        agent.version += 1
        if agent.id not in notified_ids:
            post_to_agent(session, "body_withdrawn", agent, body=agent.body.name, note=change.note)
    session.flush()
    former = [["agent", agent.id] for agent in agents]
    yield Consequence(Fate.REMOVED, AGENTS, [agent.full_name for agent in agents], former)


def _restore_agents(session: Session, former: Facts) -> Iterator[Consequence]:
    """Put the agents on the list again, unless their address has been named anew since."""
    names = []
    for kind, row_id, *_ in former:
        if kind != "agent":
            continue
        agent = session.get_one(Agent, row_id)
        again = select(Agent.id).where(
            Agent.edition_id == agent.edition_id,
            Agent.email_key == agent.email_key,
            Agent.removed_at.is_(None),
        )
        if agent.removed_at is None or session.scalar(again) is not None:
            continue
        agent.removed_at = None
        agent.version += 1
        names.append(agent.full_name)
    session.flush()
    yield Consequence(Fate.RESTORED, AGENTS, names)


def _entrust_themes(session: Session, change: Rearrangement) -> Iterator[Consequence]:
    """Give the themes of the bodies to others whose agents know them; withdraw the rest."""
    themes = session.scalars(
        select(Theme)
        .where(Theme.body_id.in_(change.bodies), Theme.withdrawn_at.is_(None))
        .order_by(Theme.rank)
    ).all()
    entrusted, lost = [], []
    former_entrusted: list[Facts] = []
    former_lost: list[Facts] = []
    for theme in themes:
        body = _best_body(session, theme, change)
        facts = ["theme", theme.id, theme.body_id, body.id if body is not None else None]
        if body is None:
            theme.withdrawn_at = change.at
            lost.append(theme.name)
            former_lost.append(facts)
        else:
            theme.body_id = body.id
            entrusted.append(f"{theme.name}, à {body.short_name}")
            former_entrusted.append(facts)
    session.flush()
    session.expire_all()
    yield Consequence(
        Fate.RELOCATED, "Thèmes confiés à un autre organisme", entrusted, former_entrusted
    )
    yield Consequence(Fate.REMOVED, "Thèmes que plus personne ne couvre", lost, former_lost)


def _best_body(session: Session, theme: Theme, change: Rearrangement) -> PartnerBody | None:
    """Return the body, still there, that has most agents who know the theme; then by rank."""
    agents = session.scalars(
        select(Agent).where(
            Agent.themes.any(Theme.id == theme.id),
            Agent.removed_at.is_(None),
            Agent.body_id.not_in(change.bodies),
        )
    ).all()
    counts = Counter(agent.body for agent in agents)
    return min(counts, key=lambda body: (-counts[body], body.rank), default=None)


def _restore_themes(session: Session, former: Facts) -> Iterator[Consequence]:
    """Give the themes back to their body, and to the agents and needs that named them."""
    names = []
    for kind, row_id, *values in former:
        if kind == "theme":
            theme = session.get_one(Theme, row_id)
            if _restore_theme(session, theme, *values):
                names.append(theme.name)
        elif kind == "agent_theme":
            _give_theme(session, session.get(Agent, row_id), values[0])
        elif kind == "need_theme":
            _give_theme(session, session.get(Need, row_id), values[0])
    session.flush()
    session.expire_all()
    yield Consequence(Fate.RESTORED, THEMES, names)


def _restore_theme(
    session: Session, theme: Theme, body_id: int, *entrusted_ids: int | None
) -> bool:
    """Give a theme back to its body, unless somebody gave it to another one since.

    One withdrawn on its own account goes back to its body, and stays withdrawn. `entrusted_ids`:
    the body that the change gave it to, None for none; nothing in an entry of 1.0.0.
    """
    is_live = theme.withdrawn_at is None and theme.body.withdrawn_at is None
    if is_live and entrusted_ids and theme.body_id not in entrusted_ids:
        return False
    theme.body_id = body_id
    own_acts = JournalEntry.action.in_((FairAction.THEME_WITHDRAWN, FairAction.THEME_RESTORED))
    latest = session.scalar(entries(subject=f"theme:{theme.id}").where(own_acts).limit(1))
    if (
        theme.withdrawn_at is not None
        and latest is not None
        and latest.action == FairAction.THEME_WITHDRAWN
    ):
        return False
    theme.withdrawn_at = None
    return True


def _give_theme(session: Session, row: Agent | Need | None, theme_id: int) -> None:
    theme = session.get_one(Theme, theme_id)
    if row is not None and theme not in row.themes:
        row.themes.append(theme)


def _forget_themes(session: Session, change: Rearrangement) -> Iterator[Consequence]:
    """Take the withdrawn themes from the agents who knew them and the needs that named them."""
    withdrawn = Theme.edition_id == change.edition_id, Theme.withdrawn_at.is_not(None)
    agents = session.scalars(
        select(Agent).where(Agent.themes.any(withdrawn[0] & withdrawn[1])).order_by(Agent.name_key)
    ).all()
    needs = session.scalars(
        select(Need).where(Need.themes.any(withdrawn[0] & withdrawn[1])).order_by(Need.id)
    ).all()
    for kind, label, rows, names in (
        ("agent_theme", "Agents qui connaissaient ces thèmes", agents, _agent_names(agents)),
        ("need_theme", "Besoins qui nommaient ces thèmes", needs, _stand_names(needs)),
    ):
        former: list[Facts] = []
        for row in rows:
            withdrawn_themes = [theme for theme in row.themes if theme.withdrawn_at is not None]
            former += [[kind, row.id, theme.id] for theme in withdrawn_themes]
            for theme in withdrawn_themes:
                row.themes.remove(theme)
        session.flush()
        yield Consequence(Fate.REMOVED, label, names, former)


def _agents_of_entrusted(session: Session, change: Rearrangement) -> Consequence:
    """Name the agents who know a theme that another body answers: they go on answering it."""
    statement = select(Agent).where(
        Agent.themes.any(Theme.id.in_(change.entrusted)), Agent.removed_at.is_(None)
    )
    agents = session.scalars(statement.order_by(Agent.name_key, Agent.id)).all()
    return Consequence(Fate.KEPT, "Agents qui traitent ce thème", _agent_names(agents))


def _renumber(session: Session, edition: Edition, change: Rearrangement) -> Consequence:
    """Update the events of the shifts on the stands that have another number."""
    shifts = [
        shift
        for shift in shifts_of(edition, ShiftStatus.PUBLISHED)
        if shift.stand_id in change.renumbered and shift.ends_at > change.at
    ]
    numbers = {shift.stand.number: change.renumbered[shift.stand_id] for shift in shifts}
    stands = ", ".join(f"{former} devient {number}" for number, former in numbers.items())
    note = f"Des stands changent de numéro : {stands}. {change.words}".strip()
    names = renew_events(
        session, edition, change, shifts, note, "agent_stand_renumbered", stands=stands
    )
    return Consequence(Fate.UPDATED, "Vacations dans les agendas", names)


def _shifts(session: Session, change: Rearrangement) -> Iterator[Consequence]:
    def target_of(shift: Shift) -> PlannedShift | None:
        planned = planned_shift_of(shift)
        is_lost = shift.stand_id in change.lost_stands or shift.agent.body_id in change.bodies
        if is_lost and not change.is_undo:
            return None
        return replace(planned, stand_id=change.moves.get(shift.stand_id, shift.stand_id))

    def fate_of(shift: Shift, target: PlannedShift | None) -> Fate:
        if target is None:
            return Fate.REMOVED
        return Fate.RELOCATED if target.stand_id != shift.stand_id else Fate.RESTORED

    edition = session.get_one(Edition, change.edition_id)
    with_past = edition.is_postponed
    return follow_shifts(session, change, change.note, target_of, fate_of, with_past=with_past)


def _remove_needs(
    session: Session, edition: Edition, change: Rearrangement
) -> Iterator[Consequence]:
    stands = needs_of(edition)
    needs = [need for stand_id in sorted(change.lost_stands) for need in stands.get(stand_id, [])]
    former = [["need", need.id, *facts_of_need(need)] for need in needs]
    names = [need_name(need) for need in needs]
    for need in needs:
        session.delete(need)
    session.flush()
    yield Consequence(Fate.REMOVED, LABEL, names, former)


def _move_needs(session: Session, edition: Edition, change: Rearrangement) -> Consequence:
    """Move the needs with their body; those that its new stand still had go."""
    stands = needs_of(edition)
    for stand_id in change.moves.values():
        for need in stands.get(stand_id, []):
            session.delete(need)
    session.flush()
    moving = [need for stand_id in change.moves for need in stands.get(stand_id, [])]
    names = [need_name(need) for need in moving]
    for need in moving:
        need.stand_id = change.moves[need.stand_id]
    session.flush()
    session.expire_all()
    return Consequence(Fate.RELOCATED, LABEL, names)


def _remove_places(session: Session, change: Rearrangement) -> Iterator[Consequence]:
    """Forget who may hold the stands given up."""
    places = _places_at(session, change.lost_stands)
    names = [_place_name(session, place) for place in places]
    former = [["place", place.agent_id, place.stand_id, place.is_wished] for place in places]
    for place in places:
        session.delete(place)
    session.flush()
    session.expire_all()
    yield Consequence(Fate.REMOVED, "Agents qui pouvaient y tenir", names, former)


def _restore_places(session: Session, former: Facts) -> Iterator[Consequence]:
    names = []
    for kind, *facts in former:
        if kind == "place" and session.get(AgentStand, tuple(facts[:2])) is None:
            place = AgentStand(agent_id=facts[0], stand_id=facts[1], is_wished=facts[2])
            session.add(place)
            session.flush()
            names.append(_place_name(session, place))
    session.expire_all()
    yield Consequence(Fate.RESTORED, "Agents qui peuvent y tenir", names)


def _move_places(session: Session, change: Rearrangement) -> Consequence:
    places = _places_at(session, frozenset(change.moves))
    names = [_place_name(session, place) for place in places]
    for place in places:
        moved = place.agent_id, change.moves[place.stand_id]
        if session.get(AgentStand, moved) is None:
            session.add(AgentStand(agent_id=moved[0], stand_id=moved[1], is_wished=place.is_wished))
        session.delete(place)
    session.flush()
    session.expire_all()
    return Consequence(Fate.RELOCATED, "Agents qui peuvent y tenir", names)


def _places_at(session: Session, stand_ids: frozenset[int]) -> Sequence[AgentStand]:
    statement = (
        select(AgentStand)
        .join(Agent, Agent.id == AgentStand.agent_id)
        .where(AgentStand.stand_id.in_(stand_ids))
    )
    return session.scalars(statement.order_by(Agent.name_key, AgentStand.stand_id)).all()


def _place_name(session: Session, place: AgentStand) -> str:
    return f"{session.get_one(Agent, place.agent_id).full_name}, stand {place.stand.number}"


def _agent_names(agents: Sequence[Agent]) -> list[str]:
    return [agent.full_name for agent in agents]


def _stand_names(needs: Sequence[Need]) -> list[str]:
    return [need_name(need) for need in needs]
