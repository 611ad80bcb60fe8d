"""Rules of registration and badges. Times are the fair's."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from salon.badges.engine.online_places import OnlineCategory, OnlinePlaces
from salon.badges.engine.title_stems import TitleKind
from salon.badges.engine.titles import read_title
from salon.badges.models import KIOSK_LAYOUTS, AttendeeStatus, BadgeLine, Category
from salon.badges.models.badge_layouts import Layout
from salon.badges.models.labels import Function
from salon.fair.models import Edition
from salon.platform.database.versions import Values
from salon.platform.settings.clock import local
from salon.platform.words import formats
from salon.platform.words.colours import COLOUR, WHITE, check_contrast
from salon.platform.words.errors import BadInput, RuleBroken

LONGEST_GROUP = 100
"""Most people registered at once."""

LARGEST_RUN = 10_000
"""Badges in one file: 1 000 badges weigh 0.6 MB and take a second, 10 000 need 100 MB of memory."""

FILE_KEPT = timedelta(days=7)
"""How long the file of a print run, full of names, is stored."""


class RegistrationNotYetOpen(RuleBroken):
    def __init__(self, opens_at: datetime) -> None:
        super().__init__(
            f"Les inscriptions ouvrent le {formats.moment(opens_at)}. "
            "Revenez à partir de cette date."
        )


class RegistrationClosed(RuleBroken):
    message = (
        "Les inscriptions en ligne sont closes. Tant que le salon est ouvert, "
        "l’accueil inscrit aussi sur place."
    )


class RegistrationSuspended(RuleBroken):
    """The fair is postponed or cancelled."""

    def __init__(self, is_cancelled: bool) -> None:
        super().__init__(
            "Le salon est annulé\u00a0: on ne s’y inscrit plus."
            if is_cancelled
            else "Le salon est reporté, sans date pour l’instant. Les inscriptions reprennent "
            "quand la nouvelle date est connue\u00a0; celles déjà faites restent valables."
        )


class FairIsFull(RuleBroken):
    message = (
        "Toutes les places sont prises\u00a0: l’inscription en ligne n’est plus possible. "
        "Une place se libère quand quelqu’un annule\u00a0: revenez, ou écrivez à l’organisation."
    )


class NotEnoughPlaces(RuleBroken):
    def __init__(self, left: int, label: str = "") -> None:
        of_category = f" «\u00a0{label}\u00a0»" if label else ""
        if left:
            places = formats.plural(left, f"place{of_category}", f"places{of_category}")
            message = (
                f"Il ne reste que {places}, et vous inscrivez davantage de personnes. "
                "Retirez-en, ou écrivez à l’organisation."
            )
        else:
            message = (
                f"Toutes les places{of_category} sont prises. Une place se libère quand quelqu’un "
                "annule\u00a0: revenez, ou écrivez à l’organisation."
            )
        super().__init__(message)


class CategoryClosed(RuleBroken):
    def __init__(self, label: str, open_labels: Sequence[str]) -> None:
        names = ", ".join(f"«\u00a0{name}\u00a0»" for name in open_labels)
        super().__init__(
            f"L’inscription en ligne n’est pas ouverte à la catégorie «\u00a0{label}\u00a0». "
            f"Elle l’est à\u00a0: {names}. Écrivez à l’organisation."
        )


class NoCategoryOpen(RuleBroken):
    status = 400
    message = "Laissez au moins une catégorie ouverte, ou changez les dates des inscriptions."


class TooManyPeople(RuleBroken):
    status = 400
    message = f"On inscrit au plus {LONGEST_GROUP} personnes à la fois. Faites plusieurs envois."


class NobodyToRegister(RuleBroken):
    status = 400
    message = "Indiquez au moins une personne."


class PlaceMissing(RuleBroken):
    status = 400
    message = "Indiquez votre commune, votre EPCI ou votre organisme."


class AlreadyRegistered(RuleBroken):
    message = "Une autre inscription porte déjà ce nom et cette adresse électronique."


class NoLongerRegistered(RuleBroken):
    message = "Cette inscription a été annulée ou remplacée : elle ne change plus."


class NotCancelled(RuleBroken):
    message = "Cette inscription a été remplacée ou effacée\u00a0: elle ne se rétablit pas."


class CancelledByOrganisers(RuleBroken):
    message = (
        "Cette inscription a été annulée par l’organisation\u00a0: adressez-vous à elle "
        "pour la rétablir."
    )


class EditionOver(RuleBroken):
    message = "Le salon est terminé\u00a0: ses inscriptions ne changent plus."


class BadgeReplaced(RuleBroken):
    message = "Un autre badge a été émis depuis\u00a0: c’est lui qui ouvre l’entrée."


class BadgeAlreadyRevoked(RuleBroken):
    message = "Ce badge est déjà révoqué."


class LinkNoLongerOpens(RuleBroken):
    status = 410
    message = (
        "Ce badge n’est plus valable : un autre l’a remplacé, ou il a été révoqué. "
        "Ouvrez le lien du message le plus récent, ou adressez-vous à l’accueil."
    )


class DepartmentInUse(RuleBroken):
    message = (
        "Des personnes représentent déjà une commune ou un EPCI de ce département\u00a0: "
        "il reste dans la liste."
    )


class HoursAlreadySet(RuleBroken):
    message = (
        "Le programme, les zones, les besoins en agents ou les dates des exposants ont déjà des "
        "heures\u00a0: l’heure du salon ne change plus."
    )


def check_settings(values: Values) -> None:
    """The papers, the lines and the categories are listed ones, and the word of a category is read
    in white on its colour. Raises BadInput, ContrastTooLow."""
    are_listed = (
        {values["print_layout"], values["desk_layout"]} <= set(Layout)
        and values["kiosk_layout"] in KIOSK_LAYOUTS
        and set(values["lines"]) <= set(BadgeLine)
        and values["colours"].keys() <= set(Category)
        and all(COLOUR.fullmatch(str(colour)) for colour in values["colours"].values())
    )
    if not are_listed:
        raise BadInput
    for category, colour in values["colours"].items():
        label = Category(category).label
        advice = f"Choisissez une couleur plus foncée pour «\u00a0{label}\u00a0»."
        check_contrast(colour, WHITE, "le mot en blanc", advice)


class NothingToPrint(RuleBroken):
    message = "Aucun badge ne correspond à ce choix."


class TooManyToPrint(RuleBroken):
    message = (
        f"Au plus {formats.number(LARGEST_RUN)} badges par fichier : restreignez le choix "
        "(catégorie, EPCI, pas encore imprimés)."
    )


class TeamClosed(RuleBroken):
    message = (
        "L’équipe du stand se compose en ligne jusqu’à la veille du dernier jour. Aujourd’hui, "
        "présentez-vous à l’accueil\u00a0: il établit ou remplace un badge sur place."
    )


class TeamFull(RuleBroken):
    def __init__(self, quota: int) -> None:
        super().__init__(
            f"Les {formats.plural(quota, 'badge')} de votre stand sont attribués. "
            "Remplacez ou retirez une personne, ou demandez un badge de plus à l’organisation."
        )


class AlreadyInTeam(RuleBroken):
    message = "Cette personne est déjà dans votre équipe, avec cette adresse électronique."


class NotExhibiting(RuleBroken):
    message = "Ce stand n’expose plus au salon\u00a0: son équipe ne change plus."


class FollowsAgent(RuleBroken):
    """The badge of a village agent is changed with the agent only."""

    message = (
        "Ce badge suit l’agent du village : c’est la coordination de son organisme qui le "
        "corrige ou le retire, dans la liste des agents."
    )


def check_is_not_an_agent(agent_id: int | None) -> None:
    """An agent's badge is changed on the agent's page. Raises FollowsAgent."""
    if agent_id is not None:
        raise FollowsAgent


def check_registration_is_open(edition: Edition, now: datetime) -> None:
    """Visitors register from the opening until the closing (excluded), if the fair has a date.

    Raises RegistrationSuspended, RegistrationNotYetOpen, RegistrationClosed.
    """
    if not edition.is_as_planned:
        raise RegistrationSuspended(edition.is_cancelled)
    if now < edition.registration_opens_at:
        raise RegistrationNotYetOpen(edition.registration_opens_at)
    if now >= edition.registration_closes_at:
        raise RegistrationClosed


def check_some_place_is_left(places: OnlinePlaces) -> None:
    """Somebody can still register in an open category."""
    if places.is_full:
        raise FairIsFull


def check_places(places: OnlinePlaces, categories: Sequence[str]) -> None:
    """Each category is open and has room for those who register, and so has the whole.

    People who are registered already are asked for a place too: a refusal says nothing of them.
    """
    open_labels = [row.label for row in places.open_categories]
    requests = Counter(categories)
    for row in places.categories:
        if requests[row.category] and not row.is_open:
            raise CategoryClosed(row.label, open_labels)
    for row in places.categories:
        _check_room(row.left, requests[row.category], row.label)
    _check_room(places.left, sum(requests[row.category] for row in places.categories))


def check_place_is_left(places: OnlinePlaces, category: str) -> None:
    """A cancelled registration comes back to a place that is free, also in a closed category."""
    for row in places.categories:
        if row.category == category:
            _check_room(row.left, 1, row.label)
            _check_room(places.left, 1)


def _check_room(left: int | None, count: int, label: str = "") -> None:
    if left is not None and count > left:
        raise NotEnoughPlaces(left, label)


def check_a_category_is_open(categories: Sequence[OnlineCategory]) -> None:
    """Online registration is for somebody."""
    if not any(category.is_open for category in categories):
        raise NoCategoryOpen


def check_group_size(people: Sequence[object]) -> None:
    """A group holds one to LONGEST_GROUP people."""
    if not people:
        raise NobodyToRegister
    if len(people) > LONGEST_GROUP:
        raise TooManyPeople


def check_place_is_given(
    commune_code: str | None, epci_siren: str | None, organisation: str
) -> None:
    """A person comes for a commune, an EPCI or an organisation."""
    if not (commune_code or epci_siren or organisation.strip()):
        raise PlaceMissing


def check_is_registered(status: str) -> None:
    """Only a live registration changes, is cancelled or replaced."""
    if status != AttendeeStatus.REGISTERED:
        raise NoLongerRegistered


def check_is_cancelled(status: str) -> None:
    """Only a cancelled registration is restored, not a replaced or erased one."""
    if status != AttendeeStatus.CANCELLED:
        raise NotCancelled


def check_holder_may_restore(is_own_act: bool) -> None:
    """Without an account, only one's own cancellation is undone. Raises CancelledByOrganisers."""
    if not is_own_act:
        raise CancelledByOrganisers


def check_edition_is_not_over(ends_at: datetime, now: datetime) -> None:
    if now >= ends_at:
        raise EditionOver


def check_fair_takes_place(is_cancelled: bool) -> None:
    """Nobody comes back to a fair that is cancelled. Raises RegistrationSuspended."""
    if is_cancelled:
        raise RegistrationSuspended(is_cancelled)


def check_has_no_other_badge(has_valid_badge: bool) -> None:
    """A person has one valid badge at most."""
    if has_valid_badge:
        raise BadgeReplaced


def check_badge_is_valid(revoked_at: datetime | None) -> None:
    """A badge is revoked once."""
    if revoked_at is not None:
        raise BadgeAlreadyRevoked


REGISTRATION_ENDED = ("cancelled", "replaced", "erased")
"""Revocation reasons of a badge whose holder is no longer registered."""


def check_link_opens(revoked_at: datetime | None, reason: str = "") -> None:
    """The private link of a revoked badge no longer works. Raises LinkNoLongerOpens.

    Former holders may still read that their registration ended, by the link of their last badge.
    """
    if revoked_at is not None and reason not in REGISTRATION_ENDED:
        raise LinkNoLongerOpens


def check_run_size(count: int) -> None:
    """A file holds one to LARGEST_RUN badges."""
    if count == 0:
        raise NothingToPrint
    if count > LARGEST_RUN:
        raise TooManyToPrint


def check_no_hour_is_set(has_hours: bool) -> None:
    """The time zone changes only while nothing but the days and the registration has hours."""
    if has_hours:
        raise HoursAlreadySet


def check_team_is_open(last_day: date, now: datetime) -> None:
    """The staff of a stand is declared until the day before the last one of the fair, included
    (time of the fair)."""
    if local(now).date() >= last_day:
        raise TeamClosed


def check_team_has_room(size: int, quota: int) -> None:
    """A stand has at most its quota of people."""
    if size >= quota:
        raise TeamFull(quota)


def check_is_exhibiting(is_accepted: bool) -> None:
    """Only an accepted exhibitor has a team."""
    if not is_accepted:
        raise NotExhibiting


def category_for(function: str, words: str = "") -> Category:
    """Return the category of an online registration: elected for every mandate, else visitor.

    `words`: the person's own, which say a mandate as well as the list does.
    """
    if function in set(Function) and Function(function).is_elected:
        return Category.ELECTED
    is_mandate = function == Function.OTHER and read_title(words).kind is TitleKind.ELECTED
    return Category.ELECTED if is_mandate else Category.VISITOR
