"""Rules of booking. Times are the fair's."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from salon.appointments.engine.slots import Reason
from salon.appointments.models import Appointment
from salon.fair.models import Edition
from salon.platform.words.errors import BadInput, LinkExpired, RuleBroken
from salon.platform.words.formats import plural

MAX_SUBJECT = 200
MAX_PROJECT = 1_000

CONFIRM_WITHIN = timedelta(minutes=30)
"""How long a slot is held until the address is confirmed."""

REQUEST_LASTS = timedelta(hours=24)
"""Validity of the confirmation link; the slot may be gone by then."""


class SlotNotFree(RuleBroken):
    """The slot is taken or no agent can receive then; the page shows the nearest free times."""

    message = "Ce créneau vient d’être réservé. Choisissez-en un autre."


class SlotTooSoon(SlotNotFree):
    message = (
        "Cette heure est passée, ou trop proche pour être réservée. "
        "Choisissez-en une autre, ou prenez un numéro sur le stand."
    )


class VisitorElsewhere(SlotNotFree):
    """The visitor has another appointment then (also a constraint of visitor claims)."""

    message = (
        "Cette personne a déjà un rendez-vous à cette heure-là, ou trop près. "
        "Choisissez une autre heure."
    )


class NotThisAgent(RuleBroken):
    status = 404
    message = "Cet agent ne traite pas ce thème."


class ThemeClosed(RuleBroken):
    message = (
        "On ne prend pas rendez-vous sur ce thème\u00a0: venez sur le stand, "
        "on vous y reçoit sans rendez-vous."
    )


class BookingSuspended(RuleBroken):
    """The fair is postponed or cancelled."""

    def __init__(self, is_cancelled: bool) -> None:
        super().__init__(
            "Le salon est annulé\u00a0: on n’y prend plus de rendez-vous."
            if is_cancelled
            else "Le salon est reporté, sans date pour l’instant. On reprend rendez-vous dès que "
            "la nouvelle date est connue\u00a0; ceux déjà pris sont gardés et la suivront."
        )


class NotRegistered(RuleBroken):
    message = (
        "Cette inscription a été annulée ou remplacée\u00a0: inscrivez-vous de nouveau pour "
        "prendre un rendez-vous."
    )


class NoLongerLive(RuleBroken):
    message = "Ce rendez-vous est annulé ou terminé\u00a0: il ne change plus."


class TimeGone(SlotNotFree):
    message = (
        "L’heure de ce rendez-vous n’est plus libre\u00a0: il ne se rétablit pas. "
        "Prenez une autre heure."
    )


class NotCancelled(RuleBroken):
    message = "Ce rendez-vous a eu lieu\u00a0: il n’y a rien à rétablir."


class AlreadyBegun(RuleBroken):
    message = (
        "L’heure de ce rendez-vous est passée. Présentez-vous sur le stand\u00a0: "
        "on vous y placera dès que possible."
    )


class NoProposal(RuleBroken):
    message = "Cette proposition n’est plus valable. Choisissez une autre heure."


class TooManyHolds(RuleBroken):
    status = 429
    message = (
        "Beaucoup d’heures sont déjà gardées depuis votre réseau sans être confirmées. "
        "Confirmez-les par le lien reçu, ou recommencez dans quelques minutes."
    )


class Limit(StrEnum):
    """A limit that holds for the public and that staff may pass knowingly."""

    NOTICE = "notice"
    PER_VISITOR = "per_visitor"
    PER_COMMUNE = "per_commune"
    COVER = "cover"


class LimitReached(RuleBroken):
    """A limit set by the organiser is reached."""

    def __init__(self, limit: Limit, message: str) -> None:
        self.limit = limit
        super().__init__(message)


def check_is_cancelled(is_cancelled: bool) -> None:
    """Only a cancelled appointment can be restored. Raises NotCancelled."""
    if not is_cancelled:
        raise NotCancelled


def check_visitor_is_registered(is_registered: bool) -> None:
    """Only a registered person has an appointment. Raises NotRegistered."""
    if not is_registered:
        raise NotRegistered


def check_visitor_has_room(live_count: int, most: int) -> None:
    """A person has at most `most` live appointments. Raises LimitReached."""
    if live_count >= most:
        raise LimitReached(
            Limit.PER_VISITOR,
            f"Une même personne a au plus {plural(most, 'rendez-vous', 'rendez-vous')}. "
            "Annulez-en un pour en prendre un autre.",
        )


def check_commune_has_room(live_count: int, most: int, place: str) -> None:
    """A commune has at most `most` live appointments on one theme. Raises LimitReached."""
    if live_count >= most:
        raise LimitReached(
            Limit.PER_COMMUNE,
            f"Il y a déjà {plural(live_count, 'rendez-vous', 'rendez-vous')} pour {place} "
            "sur ce thème, c’est le plus que l’on puisse prendre.",
        )


def check_network_has_room(holds: int, most: int) -> None:
    """A network keeps at most `most` times that are not confirmed. Raises TooManyHolds."""
    if holds >= most:
        raise TooManyHolds


def check_request_is_live(asked_at: datetime, now: datetime) -> None:
    """A request is confirmed within a day. Raises LinkExpired."""
    if now - asked_at >= REQUEST_LASTS:
        raise LinkExpired


def check_fair_has_a_date(edition: Edition) -> None:
    """Times are booked on the days of the fair. Raises BookingSuspended."""
    if not edition.is_as_planned:
        raise BookingSuspended(edition.is_cancelled)


def check_theme_is_open(is_open: bool) -> None:
    """The theme is open to appointments. Raises ThemeClosed."""
    if not is_open:
        raise ThemeClosed


def check_no_reason(reason: Reason | None) -> None:
    """The agent can receive. Raises NotThisAgent, SlotTooSoon, SlotNotFree."""
    if reason is None:
        return
    if reason == Reason.NOT_COMPETENT:
        raise NotThisAgent
    if reason == Reason.TOO_SOON:
        raise SlotTooSoon
    raise SlotNotFree


def check_is_not_past(start: int, present: int) -> None:
    """The tick of the start is not over. Raises SlotTooSoon."""
    if start < present:
        raise SlotTooSoon


def check_is_live(appointment: Appointment) -> None:
    """The appointment is neither cancelled nor over. Raises NoLongerLive."""
    if not appointment.is_live:
        raise NoLongerLive


def check_has_not_begun(starts_at: datetime, now: datetime) -> None:
    """A visitor changes only an appointment to come. Raises AlreadyBegun."""
    if starts_at <= now:
        raise AlreadyBegun


def check_same_theme(current: int, chosen_theme_id: int) -> None:
    """A move keeps the theme. Raises BadInput."""
    if current != chosen_theme_id:
        raise BadInput


def check_proposal(expires_at: datetime | None, now: datetime) -> None:
    """The proposed time is still held. Raises NoProposal."""
    if expires_at is None or expires_at <= now:
        raise NoProposal


def check_whole_ticks(starts_at: datetime) -> None:
    """A start is a multiple of five minutes. Raises BadInput."""
    if starts_at.timestamp() % timedelta(minutes=5).total_seconds():
        raise BadInput


class PlanChanged(RuleBroken):
    message = (
        "La situation a changé pendant votre lecture. Voici le plan à jour\u00a0: "
        "relisez-le, puis confirmez."
    )


class NothingToRescue(RuleBroken):
    message = "Tous les rendez-vous ont de nouveau un agent\u00a0: il n’y a rien à confirmer."


def check_something_to_rescue(count: int) -> None:
    """At least one appointment has no agent. Raises NothingToRescue."""
    if not count:
        raise NothingToRescue


def check_same_plan(read: str, current: str) -> None:
    """The confirmed plan is the one that was read. Raises PlanChanged."""
    if read != current:
        raise PlanChanged


class LimitsToAccept(RuleBroken):
    """The booking passes public limits. `limits`: those to accept knowingly."""

    message = "Ce rendez-vous passe une limite. Cochez-la si vous le prenez quand même."

    def __init__(self, limits: Collection[Limit]) -> None:
        self.limits = tuple(limits)
        super().__init__()


def check_is_colleague(agent_id: int, agents: Collection[int]) -> None:
    """The agent is the author or a colleague who answers the theme. Raises NotThisAgent."""
    if agent_id not in agents:
        raise NotThisAgent


def limits_to_accept(
    passed: Collection[Limit], accepted: Collection[str], is_own: bool
) -> list[Limit]:
    """Return the passed limits that the author did not accept; their own notice is exempt."""
    allowed = {*accepted, *((Limit.NOTICE,) if is_own else ())}
    return [limit for limit in passed if limit not in allowed]
