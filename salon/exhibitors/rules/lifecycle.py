"""The states of an application and the moves between them: this table and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from salon.exhibitors.models import ApplicationStatus as Status
from salon.platform.errors import RuleBroken


class MoveRefused(RuleBroken):
    """The application is no longer where this move starts from."""


class ReasonMissing(RuleBroken):
    status = 400
    message = "Écrivez pourquoi : l’exposant lira cette phrase."


class OfferExpired(RuleBroken):
    message = "Le délai de cette proposition est passé. Écrivez à l’organisation du salon."


class ApplicationsNotYetOpen(RuleBroken):
    message = "Les candidatures ne sont pas encore ouvertes."


class ApplicationsClosed(RuleBroken):
    message = "Les candidatures sont closes."


class Who(StrEnum):
    """Who may make a move."""

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
class Arrow:
    """A move: from which states, to which, by whom, and whether it must be explained."""

    label: str
    sources: frozenset[Status]
    target: Status
    by: frozenset[Who]
    needs_reason: bool = False


def _from(*sources: Status) -> frozenset[Status]:
    return frozenset(sources)


def _by(*who: Who) -> frozenset[Who]:
    return frozenset(who)


IN_HAND = (Status.SUBMITTED, Status.CHANGES_ASKED, Status.WAITING, Status.OFFERED)
LIVE = (Status.DRAFT, *IN_HAND, Status.ACCEPTED)

MOVES = {
    Move.SUBMIT: Arrow(
        "Envoyer la candidature",
        _from(Status.DRAFT, Status.CHANGES_ASKED),
        Status.SUBMITTED,
        _by(Who.EXHIBITOR),
    ),
    Move.ASK_CHANGES: Arrow(
        "Demander un complément",
        _from(Status.SUBMITTED, Status.WAITING),
        Status.CHANGES_ASKED,
        _by(Who.ORGANISER),
        needs_reason=True,
    ),
    Move.PUT_ON_WAITING_LIST: Arrow(
        "Mettre en liste d’attente",
        _from(Status.SUBMITTED, Status.CHANGES_ASKED, Status.OFFERED),
        Status.WAITING,
        _by(Who.ORGANISER),
        needs_reason=True,
    ),
    Move.OFFER: Arrow(
        "Proposer une place, avec un délai",
        _from(Status.SUBMITTED, Status.WAITING),
        Status.OFFERED,
        _by(Who.ORGANISER),
    ),
    Move.ACCEPT: Arrow(
        "Accepter",
        _from(Status.SUBMITTED, Status.WAITING, Status.OFFERED),
        Status.ACCEPTED,
        _by(Who.ORGANISER),
    ),
    Move.TAKE_OFFER: Arrow(
        "Prendre la place proposée", _from(Status.OFFERED), Status.ACCEPTED, _by(Who.EXHIBITOR)
    ),
    Move.LET_OFFER_EXPIRE: Arrow(
        "Laisser passer le délai", _from(Status.OFFERED), Status.WAITING, _by(Who.SYSTEM)
    ),
    Move.REFUSE: Arrow(
        "Refuser", _from(*IN_HAND), Status.REFUSED, _by(Who.ORGANISER), needs_reason=True
    ),
    Move.WITHDRAW: Arrow(
        "Retirer la candidature",
        _from(*LIVE),
        Status.WITHDRAWN,
        _by(Who.EXHIBITOR, Who.ORGANISER),
    ),
    Move.REOPEN: Arrow(
        "Rouvrir",
        _from(Status.REFUSED, Status.WITHDRAWN),
        Status.SUBMITTED,
        _by(Who.ORGANISER),
        needs_reason=True,
    ),
}


def moves_from(status: Status, who: Who) -> list[Move]:
    """The moves that `who` may make now, in the order of the table."""
    return [move for move, arrow in MOVES.items() if status in arrow.sources and who in arrow.by]


def check_move(status: Status, move: Move, who: Who, reason: str = "") -> Status:
    """The state that the move leads to. Raises MoveRefused, ReasonMissing."""
    arrow = MOVES[move]
    if who not in arrow.by or status not in arrow.sources:
        raise MoveRefused(
            f"« {arrow.label} » n’est plus possible : la candidature est « {status.label} »."
        )
    if arrow.needs_reason and who == Who.ORGANISER and not reason.strip():
        raise ReasonMissing
    return arrow.target


def check_applications_are_open(opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Opening included, closing excluded."""
    if now < opens_at:
        raise ApplicationsNotYetOpen
    if now >= closes_at:
        raise ApplicationsClosed


def check_offer_is_live(expires_at: datetime | None, now: datetime) -> None:
    if expires_at is None or now >= expires_at:
        raise OfferExpired
