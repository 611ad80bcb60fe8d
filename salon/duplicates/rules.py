"""Which badge a person registered several times keeps, what a merge needs, why it is not undone;
which applications may be of one organisation."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.badges.models import AttendeeStatus
from salon.platform.words.errors import RuleBroken
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.likeness import are_organisations_alike
from salon.platform.words.texts import folded

MOST_REGISTRATIONS = 20


class FewerThanTwo(RuleBroken):
    message = "Cochez au moins deux inscriptions de la même personne, encore valables."


class TooManyRegistrations(RuleBroken):
    message = f"Au plus {MOST_REGISTRATIONS} inscriptions sont réunies à la fois."


class NotTheirOwn(RuleBroken):
    message = (
        "Le badge d’une équipe de stand ou d’un agent du village suit sa propre page\u00a0: il ne "
        "se réunit pas à une inscription de visiteur."
    )


class AlreadyMerged(RuleBroken):
    message = (
        "Une de ces inscriptions n’est plus valable\u00a0: elle vient d’être réunie, annulée ou "
        "remplacée. Voici où elles en sont."
    )


class NoValidBadge(RuleBroken):
    message = "Aucune de ces inscriptions n’a de badge valable\u00a0: émettez-en un d’abord."


class OtherBadgeHeld(RuleBroken):
    message = (
        "Un de ces badges vient d’être imprimé ou de passer une porte\u00a0: ce n’est plus le même "
        "qui reste. Relisez, puis réunissez."
    )


class AppointmentsClash(RuleBroken):
    message = "Deux rendez-vous tombent en même temps\u00a0: choisissez celui qui reste."


class PrintingUnderWay(RuleBroken):
    message = (
        "Des badges sont en cours d’impression, peut-être ceux-ci. Réunissez ces inscriptions "
        "quand l’impression est finie."
    )


class NotMerged(RuleBroken):
    message = "Cette réunion est déjà défaite."


class KeptRegistrationEnded(RuleBroken):
    message = (
        "L’inscription gardée a depuis été annulée, remplacée ou réunie à une autre\u00a0: "
        "rétablissez-la d’abord. Rien n’a changé."
    )


class PersonErased(RuleBroken):
    message = "Les données de cette personne ont été effacées\u00a0: rien ne peut revenir."


class MergedAgainSince(RuleBroken):
    message = (
        "D’autres inscriptions ont été réunies à celle-ci depuis\u00a0: défaites d’abord cette "
        "réunion, plus récente. Rien n’a changé."
    )


class RegisteredAgain(RuleBroken):
    message = (
        "Une inscription à ce nom et à cette adresse existe déjà\u00a0: réunissez-la aussi, ou "
        "annulez-la. Rien n’a changé."
    )


class InvitationIsFull(RuleBroken):
    message = (
        "L’invitation de l’exposant qui comptait cette personne est complète depuis. "
        "Rien n’a changé."
    )


class OtherBody(RuleBroken):
    message = "Ces deux agents sont de deux organismes\u00a0: retirez celui qui n’y travaille pas."


class IsOnDuty(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} tient une vacation en ce moment\u00a0: gardez cette fiche-là, ou réunissez "
            "ces fiches quand la vacation sera finie."
        )


class KeptAgentRemoved(RuleBroken):
    message = "L’agent gardé a été retiré depuis\u00a0: rétablissez-le d’abord. Rien n’a changé."


class TimeTaken(RuleBroken):
    def __init__(self, appointment: str) -> None:
        super().__init__(
            f"Le rendez-vous annulé à la réunion ({appointment}) ne peut pas revenir\u00a0: son "
            "heure est prise. Libérez-la d’abord. Rien n’a changé."
        )


@dataclass(frozen=True)
class BadgeUse:
    """A valid badge and what was done with it: last counted scan, last printing."""

    badge_id: int
    attendee_id: int
    issued_at: datetime
    printed_at: datetime | None = None
    scanned_at: datetime | None = None
    is_inside: bool = False


def held_badge(badges: Sequence[BadgeUse]) -> BadgeUse:
    """Return the badge that the person holds: the one inside, else the last one scanned, else the
    last one printed, else the first one issued. Raises NoValidBadge."""
    if not badges:
        raise NoValidBadge
    inside = [badge for badge in badges if badge.is_inside]
    scanned = [badge for badge in inside or badges if badge.scanned_at is not None]
    if scanned:
        return max(scanned, key=lambda badge: (badge.scanned_at, -badge.badge_id))
    printed = [badge for badge in badges if badge.printed_at is not None]
    if printed:
        return max(printed, key=lambda badge: (badge.printed_at, -badge.badge_id))
    return min(badges, key=lambda badge: (badge.issued_at, badge.badge_id))


def check_can_merge(people: Sequence[tuple[str, int | None, int | None]]) -> None:
    """Two live registrations or more, of visitors; `people`: status, stand, agent of each."""
    check_count(len(people))
    for status, exhibitor_id, agent_id in people:
        if status != AttendeeStatus.REGISTERED:
            raise AlreadyMerged
        if exhibitor_id is not None or agent_id is not None:
            raise NotTheirOwn


def check_count(count: int) -> None:
    """Two registrations or more, and not too many. Raises FewerThanTwo, TooManyRegistrations."""
    if count < 2:
        raise FewerThanTwo
    if count > MOST_REGISTRATIONS:
        raise TooManyRegistrations


def check_is_merged(count: int) -> None:
    """There is a merge to take back. Raises NotMerged."""
    if count == 0:
        raise NotMerged


def check_is_held(held_id: int, expected_id: int) -> None:
    """The badge that stays is the one that the page showed. Raises OtherBadgeHeld."""
    if held_id != expected_id:
        raise OtherBadgeHeld


def check_nothing_prints(leases: Collection[datetime | None], real_now: datetime) -> None:
    """No file of badges is being made. Raises PrintingUnderWay."""
    if any(lease is not None and lease > real_now for lease in leases):
        raise PrintingUnderWay


def check_no_clash(clashes: Sequence[Collection[int]], kept: Collection[int]) -> None:
    """Of appointments at the same time, one stays. Raises AppointmentsClash."""
    if any(sum(number in kept for number in clash) != 1 for clash in clashes):
        raise AppointmentsClash


def check_same_body(body_id: int, other_body_id: int) -> None:
    """Two agents are merged within their body. Raises OtherBody."""
    if body_id != other_body_id:
        raise OtherBody


def check_is_not_on_duty(name: str, starts: Sequence[datetime], now: datetime) -> None:
    """None of the published shifts of the agent who goes has begun. Raises IsOnDuty."""
    if any(start <= now for start in starts):
        raise IsOnDuty(name)


def check_agent_stays(is_there: bool) -> None:
    """What was merged comes back from an agent who is still there. Raises KeptAgentRemoved."""
    if not is_there:
        raise KeptAgentRemoved


def check_can_separate(kept_status: str, former_statuses: Collection[str], is_last: bool) -> None:
    """What was merged comes back while both registrations stand as the merge left them."""
    if AttendeeStatus.ERASED in (kept_status, *former_statuses):
        raise PersonErased
    if kept_status != AttendeeStatus.REGISTERED:
        raise KeptRegistrationEnded
    if any(status != AttendeeStatus.REPLACED for status in former_statuses):
        raise NotMerged
    if not is_last:
        raise MergedAgainSince


class OrganisationReason(LabelledEnum):
    """What speaks for or against two applications being of one organisation."""

    SAME_SIRET = "same_siret", "même SIRET"
    SAME_SIREN = "same_siren", "même entreprise (SIREN)"
    NAMES_ALIKE = "names_alike", "noms proches"
    SAME_CONTACT = "same_contact", "même contact"
    OTHER_SIREN = "other_siren", "entreprises différentes (SIREN)"
    OTHER_CITY = "other_city", "villes différentes"


SPEAK_AGAINST = frozenset({OrganisationReason.OTHER_SIREN, OrganisationReason.OTHER_CITY})


@dataclass(frozen=True)
class Application:
    """What an application says of its organisation; `siret`: 14 digits (C. com., R. 123-221), of
    which the first 9 are the SIREN, or ""."""

    name: str
    legal_name: str
    siret: str
    city: str


def reasons_of(
    application: Application, other: Application, has_same_contact: bool
) -> list[OrganisationReason]:
    """Return why two applications may be of one organisation; [] when nothing says so.

    Two companies (SIREN) are not one because somebody writes for both.
    """
    are_companies = bool(application.siret and other.siret)
    is_same_company = are_companies and application.siret[:9] == other.siret[:9]
    are_named_alike = any(
        are_organisations_alike(name, other_name)
        for name in {application.name, application.legal_name}
        for other_name in {other.name, other.legal_name}
    )
    answers = {
        OrganisationReason.SAME_SIRET: are_companies and application.siret == other.siret,
        OrganisationReason.SAME_SIREN: is_same_company and application.siret != other.siret,
        OrganisationReason.NAMES_ALIKE: are_named_alike,
        OrganisationReason.SAME_CONTACT: has_same_contact,
        OrganisationReason.OTHER_SIREN: are_companies and not is_same_company,
        OrganisationReason.OTHER_CITY: bool(application.city and other.city)
        and folded(application.city) != folded(other.city),
    }
    if not (is_same_company or are_named_alike or (has_same_contact and not are_companies)):
        return []
    return [reason for reason, holds in answers.items() if holds]
