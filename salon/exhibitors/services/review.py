"""Organisers' decisions on applications, one or several, and the expiry of offers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from salon.accounts.queries import email_key_of
from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.engine.company import vat_number_after
from salon.exhibitors.models import ApplicationStatus, Contact, ContactKind, Exhibitor
from salon.exhibitors.queries import review as queries
from salon.exhibitors.queries.exhibitors import find_terms, get_exhibitor, terms_of
from salon.exhibitors.rules.application import check_area
from salon.exhibitors.rules.lifecycle import ActorKind, Decision, Move
from salon.exhibitors.rules.review import check_area_fits_place, offer_end
from salon.exhibitors.services.lifecycle import (
    move_exhibitor,
    notify_exhibitor,
    open_accounts,
)
from salon.fair.models import Theme
from salon.fair.queries import live_editions
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import Values, check_version
from salon.platform.words.errors import RuleBroken
from salon.platform.words.texts import folded

CHANGEABLE = (
    "name",
    "legal_name",
    "kind",
    "siret",
    "address",
    "postal_code",
    "city",
    "website",
    "sector",
    "presentation",
    "area",
    "wants_corner",
    "wants_water",
    "power_kw",
    "wished_hall_id",
    "near",
    "apart",
    "wish_note",
)
CONTACT = ("civility", "first_name", "last_name", "function", "email", "phone")


@dataclass(frozen=True)
class OrganiserDecision:
    """A decision as an organiser takes it. `offer_days`: to answer an offer; None: as the terms."""

    move: Move
    reason: str = ""
    offer_days: int | None = None


@dataclass(frozen=True)
class Outcome:
    """Result of a decision for one exhibitor; `refusal` is empty when it was made."""

    name: str
    exhibitor_id: int
    refusal: str = ""


def decide(act: Act, exhibitor_id: int, version: int, decision: OrganiserDecision) -> Exhibitor:
    """Apply an organiser's decision to the application as it was read.

    Raises StaleVersion, MoveRefused, ReasonMissing, OfferDelayOutOfBounds.
    """
    exhibitor = get_exhibitor(exhibitor_id)
    ends = None
    if decision.move == Move.OFFER:
        days = decision.offer_days
        ends = offer_end(act.now, terms_of(exhibitor.edition).offer_days if days is None else days)
    with act.transaction(exhibitor) as session:
        check_version(version, exhibitor.version)
        dated = Decision(decision.move, ActorKind.ORGANISER, decision.reason, ends)
        move_exhibitor(act, session, exhibitor, dated)
    return exhibitor


def decide_on_several(
    act: FairAct, versions: Mapping[int, int], decision: OrganiserDecision
) -> list[Outcome]:
    """Apply one decision to each (exhibitor → version read); a refusal does not stop the others.

    Exhibitors of another edition are left out.
    """
    exhibitors = queries.exhibitors_by_id(act.edition.id, list(versions))
    names = [(exhibitor.id, exhibitor.name) for exhibitor in exhibitors]
    outcomes = []
    for exhibitor_id, name in names:
        try:
            decide(act, exhibitor_id, versions[exhibitor_id], decision)
        except RuleBroken as refusal:
            outcomes.append(Outcome(name, exhibitor_id, refusal.message))
        else:
            outcomes.append(Outcome(name, exhibitor_id))
    return outcomes


def expire_offers(now: datetime) -> int:
    """Put applications whose offer has ended back on the waiting list; return their number.

    Those of a cancelled fair stay. Idempotent, also with two workers.
    """
    expired_count = 0
    for exhibitor_id in [
        exhibitor_id
        for edition in live_editions()
        if not edition.is_cancelled
        for exhibitor_id in queries.offers_ended(edition, now)
    ]:
        exhibitor = get_exhibitor(exhibitor_id)
        with transaction(exhibitor) as session:
            end = exhibitor.offer_expires_at
            if exhibitor.status != ApplicationStatus.OFFERED or end is None or end > now:
                continue
            decision = Decision(Move.LET_OFFER_EXPIRE, ActorKind.SYSTEM)
            move_exhibitor(Act(SYSTEM, now), session, exhibitor, decision)
            expired_count += 1
    return expired_count


def change_exhibitor(act: Act, exhibitor_id: int, version: int, values: Values) -> Exhibitor:
    """Correct an application, whatever its state; `version` is the one read.

    `values` holds names of CHANGEABLE, `theme_ids`, and `contact` (names of CONTACT). Raises
    StaleVersion, AreaOutOfBounds, AreaContradictsPlace.
    """
    exhibitor = get_exhibitor(exhibitor_id)
    terms = find_terms(exhibitor.edition)
    if terms is not None and values.get("area", exhibitor.area) not in (0, exhibitor.area):
        check_area(values["area"], terms.minimum_area, terms.maximum_area)
    with act.transaction(exhibitor) as session:
        check_version(version, exhibitor.version)
        changed_names = [
            name
            for name in CHANGEABLE
            if name in values and getattr(exhibitor, name) != values[name]
        ]
        if "area" in changed_names:
            stand = f"stand {exhibitor.stand.number}" if exhibitor.stand else ""
            is_member, members = exhibitor.parent_id is not None, len(exhibitor.members)
            check_area_fits_place(values["area"], stand, is_member, members)
        former_siret = exhibitor.siret
        for name in changed_names:
            setattr(exhibitor, name, values[name])
        exhibitor.vat_number = vat_number_after(exhibitor.vat_number, former_siret, exhibitor.siret)
        exhibitor.name_key = folded(exhibitor.name)
        changed_names += _change_themes(session, exhibitor, values.get("theme_ids"))
        changed_names += _change_contact(act, session, exhibitor, values.get("contact"))
        if changed_names:
            # A theme or a contact alone is a new version too.
            flag_modified(exhibitor, "name")
            exhibitor.note_saved(act.now)
            subject = f"exhibitor:{exhibitor.id}"
            write_entry(session, act.actor, ExhibitorAction.CHANGED, subject, fields=changed_names)
    return exhibitor


def _change_themes(session: Session, exhibitor: Exhibitor, ids: list[int] | None) -> list[str]:
    if ids is None or {theme.id for theme in exhibitor.themes} == set(ids):
        return []
    statement = select(Theme).where(Theme.edition_id == exhibitor.edition_id, Theme.id.in_(ids))
    exhibitor.themes = list(session.scalars(statement.order_by(Theme.rank)))
    return ["themes"]


def _change_contact(
    act: Act, session: Session, exhibitor: Exhibitor, values: Mapping[str, str] | None
) -> list[str]:
    """Change the main contact; create an account for a new address of an accepted exhibitor."""
    if values is None:
        return []
    contact = next(
        (candidate for candidate in exhibitor.contacts if candidate.kind == ContactKind.MAIN), None
    )
    if contact is None:
        contact = Contact(exhibitor_id=exhibitor.id, kind=ContactKind.MAIN)
        session.add(contact)
        exhibitor.contacts.append(contact)
    changed_names = [name for name in CONTACT if (getattr(contact, name) or "") != values[name]]
    for name in changed_names:
        setattr(contact, name, values[name])
    contact.email_key = email_key_of(contact.email)
    session.flush()
    if "email" in changed_names and exhibitor.status == ApplicationStatus.ACCEPTED:
        open_accounts(act, session, exhibitor)
    if "email" in changed_names and exhibitor.entered_by:
        session.expire(exhibitor, ["contacts"])
        notify_exhibitor(session, exhibitor, "exhibitor_enter")
    return [f"contact.{name}" for name in changed_names]
