"""The states of an application and the moves between them, as one table."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from salon.exhibitors.models import ApplicationStatus as Status
from salon.exhibitors.models import ExhibitorTerms
from salon.fair.models import Edition
from salon.platform.words.errors import ReasonMissing, RuleBroken


class MoveRefused(RuleBroken):
    """The application is not in a state from which this move is possible."""


class NoLongerAccepted(RuleBroken):
    message = "Cette candidature n’est plus acceptée : rien n’a été enregistré."


class OfferExpired(RuleBroken):
    message = "Le délai de cette proposition est passé. Écrivez à l’organisation du salon."


class ApplicationsNotYetOpen(RuleBroken):
    message = "Les candidatures ne sont pas encore ouvertes."


class ApplicationsClosed(RuleBroken):
    message = "Les candidatures sont closes."


class FairCancelled(ApplicationsClosed):
    message = "Le salon est annulé\u00a0: il ne reçoit plus de candidatures."


class ActorKind(StrEnum):
    """The kinds of actors that make moves."""

    EXHIBITOR = "exhibitor"
    ORGANISER = "organiser"
    SYSTEM = "system"


class Move(StrEnum):
    SUBMIT = "submit"
    ASK_CHANGES = "ask_changes"
    PUT_ON_WAITING_LIST = "put_on_waiting_list"
    OFFER = "offer"
    ACCEPT = "accept"
    TAKE_OFFER = "take_offer"
    LET_OFFER_EXPIRE = "let_offer_expire"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"

    @property
    def label(self) -> str:
        return MOVES[self].label


@dataclass(frozen=True)
class Decision:
    """A move and its author. `offer_ends_at`: the end of the offer."""

    move: Move
    actor_kind: ActorKind
    reason: str = ""
    offer_ends_at: datetime | None = None


@dataclass(frozen=True)
class Arrow:
    """A move: its source states, its target, its actors, and whether it needs a reason."""

    label: str
    sources: frozenset[Status]
    target: Status
    actor_kinds: frozenset[ActorKind]
    needs_reason: bool = False


def _from(*sources: Status) -> frozenset[Status]:
    return frozenset(sources)


def _actors(*actor_kinds: ActorKind) -> frozenset[ActorKind]:
    return frozenset(actor_kinds)


IN_HAND = (Status.SUBMITTED, Status.CHANGES_ASKED, Status.WAITING, Status.OFFERED)
LIVE = (Status.DRAFT, *IN_HAND, Status.ACCEPTED)

MOVES = {
    Move.SUBMIT: Arrow(
        "Envoyer la candidature",
        _from(Status.DRAFT, Status.CHANGES_ASKED),
        Status.SUBMITTED,
        _actors(ActorKind.EXHIBITOR),
    ),
    Move.ASK_CHANGES: Arrow(
        "Demander un complément",
        _from(Status.SUBMITTED, Status.WAITING),
        Status.CHANGES_ASKED,
        _actors(ActorKind.ORGANISER),
        needs_reason=True,
    ),
    Move.PUT_ON_WAITING_LIST: Arrow(
        "Mettre en liste d’attente",
        _from(Status.SUBMITTED, Status.CHANGES_ASKED, Status.OFFERED),
        Status.WAITING,
        _actors(ActorKind.ORGANISER),
        needs_reason=True,
    ),
    Move.OFFER: Arrow(
        "Proposer une place, avec un délai",
        _from(Status.SUBMITTED, Status.WAITING),
        Status.OFFERED,
        _actors(ActorKind.ORGANISER),
    ),
    Move.ACCEPT: Arrow(
        "Accepter",
        _from(Status.SUBMITTED, Status.WAITING, Status.OFFERED),
        Status.ACCEPTED,
        _actors(ActorKind.ORGANISER),
    ),
    Move.TAKE_OFFER: Arrow(
        "Prendre la place proposée",
        _from(Status.OFFERED),
        Status.ACCEPTED,
        _actors(ActorKind.EXHIBITOR),
    ),
    Move.LET_OFFER_EXPIRE: Arrow(
        "Laisser passer le délai", _from(Status.OFFERED), Status.WAITING, _actors(ActorKind.SYSTEM)
    ),
    Move.REFUSE: Arrow(
        "Refuser", _from(*IN_HAND), Status.REFUSED, _actors(ActorKind.ORGANISER), needs_reason=True
    ),
    Move.WITHDRAW: Arrow(
        "Retirer la candidature",
        _from(*LIVE),
        Status.WITHDRAWN,
        _actors(ActorKind.EXHIBITOR, ActorKind.ORGANISER),
    ),
    Move.REOPEN: Arrow(
        "Rouvrir",
        _from(Status.REFUSED, Status.WITHDRAWN),
        Status.SUBMITTED,
        _actors(ActorKind.ORGANISER),
        needs_reason=True,
    ),
}


def moves_from(status: Status, actor_kind: ActorKind) -> list[Move]:
    """Return the moves that an actor may make now, in the order of the table."""
    return [
        move
        for move, arrow in MOVES.items()
        if status in arrow.sources and actor_kind in arrow.actor_kinds
    ]


def check_move(status: Status, move: Move, actor_kind: ActorKind, reason: str = "") -> Status:
    """Return the state that the move leads to. Raises MoveRefused, ReasonMissing."""
    arrow = MOVES[move]
    if actor_kind not in arrow.actor_kinds or status not in arrow.sources:
        raise MoveRefused(
            f"« {arrow.label} » n’est plus possible : la candidature est « {status.label} »."
        )
    if arrow.needs_reason and actor_kind == ActorKind.ORGANISER and not reason.strip():
        raise ReasonMissing
    return arrow.target


def check_applications_are_open(edition: Edition, terms: ExhibitorTerms, now: datetime) -> None:
    """Opening included, closing excluded; a postponed fair receives applications.

    Raises FairCancelled, ApplicationsNotYetOpen, ApplicationsClosed.
    """
    check_fair_is_not_cancelled(edition)
    opens_at, closes_at = terms.applications_open_at, terms.applications_close_at
    if now < opens_at:
        raise ApplicationsNotYetOpen
    if now >= closes_at:
        raise ApplicationsClosed


def check_fair_is_not_cancelled(edition: Edition) -> None:
    if edition.is_cancelled:
        raise FairCancelled


def check_offer_is_live(expires_at: datetime | None, now: datetime) -> None:
    if expires_at is None or now >= expires_at:
        raise OfferExpired


def check_is_accepted(is_accepted: bool) -> None:
    if not is_accepted:
        raise NoLongerAccepted
