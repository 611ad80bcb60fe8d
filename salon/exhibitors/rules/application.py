"""Limits of an application's answers, and the answers required before it is submitted."""

from collections.abc import Sequence, Sized
from dataclasses import dataclass
from datetime import date

from salon.exhibitors.models import ApplicationStatus, ContactKind, Exhibitor, ExhibitorTerms
from salon.exhibitors.models.application import USUAL_AREA
from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.labels import LabelledEnum

MOST_THEMES = 3
MOST_NEIGHBOURS = 3
MOST_CO_EXHIBITORS = 5
LONGEST_PRESENTATION = 500
BY_TELEPHONE = ("name", "main-last_name", "main-phone", "area")
"""What a telephone call can give; the exhibitor completes the rest in her space."""
EDITABLE = (ApplicationStatus.DRAFT, ApplicationStatus.CHANGES_ASKED)


class ApplicationStep(LabelledEnum):
    """The steps of an application, in order; the values are parts of the address."""

    ORGANISATION = "organisation", "Organisme"
    CONTACTS = "contacts", "Contacts"
    ACTIVITY = "activite", "Activité"
    WISHES = "souhaits", "Stand"
    OPTIONS = "options", "Options"
    SUMMARY = "recapitulatif", "Récapitulatif"

    @property
    def number(self) -> int:
        return list(ApplicationStep).index(self) + 1

    @property
    def following(self) -> "ApplicationStep":
        """Return the next step; the last one is followed by itself."""
        return list(ApplicationStep)[min(self.number, len(ApplicationStep) - 1)]

    @property
    def previous(self) -> "ApplicationStep | None":
        return list(ApplicationStep)[self.number - 2] if self.number > 1 else None


class AgreementWay(LabelledEnum):
    """How an exhibitor agrees to the regulations other than online."""

    TELEPHONE = "telephone", "Par téléphone"
    PAPER = "paper", "Sur papier ou par courriel"


class CompanyClosed(RuleBroken):
    message = (
        "D’après l’annuaire des entreprises de l’État, cet établissement est fermé. "
        "Corrigez le SIRET, ou écrivez à l’organisation si c’est l’annuaire qui se trompe."
    )


class AreaOutOfBounds(BadInput):
    pass


class TooManyChoices(BadInput):
    pass


class AlreadyApplied(RuleBroken):
    message = (
        "Une candidature est déjà en cours pour cet établissement. Nous venons d’en renvoyer le "
        "lien à la personne qui l’a faite."
    )


class AlreadyEntered(RuleBroken):
    """The exhibitor `exhibitor_id` has this SIRET, or this name: `is_certain` says which."""

    def __init__(self, exhibitor_id: int, name: str, *, is_certain: bool) -> None:
        what = "ce SIRET" if is_certain else "ce nom"
        super().__init__(f"Une candidature porte déjà {what}\u00a0: {name}.")
        self.exhibitor_id, self.is_certain = exhibitor_id, is_certain


class AgreementInFuture(BadInput):
    message = "L’accord est donné au plus tard aujourd’hui."


class NoLongerEditable(RuleBroken):
    message = "Cette candidature est envoyée : elle ne se modifie plus ici."


@dataclass(frozen=True)
class Missing:
    """A missing answer: `field` is the id of its input on the page of `step`."""

    step: ApplicationStep
    field: str
    message: str


class ApplicationIncomplete(RuleBroken):
    """An answer is missing; see `missing`."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(missing.message)
        self.missing = missing


def check_company_is_open(is_closed: bool) -> None:
    if is_closed:
        raise CompanyClosed


def check_area(area: int, minimum: int, maximum: int) -> None:
    """Both bounds are included, in m²."""
    if not minimum <= area <= maximum:
        raise AreaOutOfBounds(f"Choisissez une surface de {minimum} à {maximum} m².")


def check_at_most(choices: Sized, maximum: int, label: str) -> None:
    if len(choices) > maximum:
        raise TooManyChoices(f"Au plus {maximum} {label}.")


def check_is_editable(status: ApplicationStatus) -> None:
    """Only a draft, or an application returned for changes, may be edited."""
    if status not in EDITABLE:
        raise NoLongerEditable


def missing_of(exhibitor: Exhibitor, terms: ExhibitorTerms) -> list[Missing]:
    """Return the answers missing or no longer allowed, in the order of the pages."""
    return [
        *_missing_of_organisation(exhibitor),
        *_missing_of_contacts(exhibitor),
        *_missing_of_activity(exhibitor),
        *_missing_of_wishes(exhibitor, terms),
    ]


def check_is_enterable(exhibitor: Exhibitor, terms: ExhibitorTerms) -> None:
    """An organiser enters an application with what BY_TELEPHONE names."""
    for gap in missing_of(exhibitor, terms):
        if gap.field in BY_TELEPHONE:
            raise ApplicationIncomplete(gap)


def check_agreement_day(given_on: date, today: date) -> None:
    if given_on > today:
        raise AgreementInFuture


def resume_step(exhibitor: Exhibitor, terms: ExhibitorTerms) -> ApplicationStep:
    """Return the step at which a draft goes on.

    Wishes and options all have a default: while none was changed, they may not have been read yet.
    """
    missing = missing_of(exhibitor, terms)
    if missing:
        return missing[0].step
    chosen = (
        exhibitor.area != USUAL_AREA,
        *(exhibitor.wants_corner, exhibitor.wants_water, exhibitor.power_kw),
        *(exhibitor.wished_hall_id, exhibitor.near, exhibitor.apart, exhibitor.wish_note),
        *(exhibitor.co_exhibitors, exhibitor.options),
    )
    return ApplicationStep.SUMMARY if any(chosen) else ApplicationStep.WISHES


def _missing_of_organisation(exhibitor: Exhibitor) -> list[Missing]:
    answers = [
        ("legal_name", exhibitor.legal_name, "Indiquez la raison sociale."),
        ("name", exhibitor.name, "Indiquez le nom à afficher."),
        ("address", exhibitor.address, "Indiquez l’adresse."),
        ("city", exhibitor.city, "Indiquez la ville."),
    ]
    if exhibitor.country == "FR":
        answers.insert(3, ("postal_code", exhibitor.postal_code, "Indiquez le code postal."))
    return [
        Missing(ApplicationStep.ORGANISATION, field, message)
        for field, value, message in answers
        if not value
    ]


def _missing_of_contacts(exhibitor: Exhibitor) -> list[Missing]:
    main = exhibitor.contact(ContactKind.MAIN)
    answers = [
        ("first_name", "Indiquez le prénom du contact principal."),
        ("last_name", "Indiquez le nom du contact principal."),
        ("email", "Indiquez l’adresse électronique du contact principal."),
        ("phone", "Indiquez le téléphone du contact principal."),
    ]
    return [
        Missing(ApplicationStep.CONTACTS, f"main-{name}", message)
        for name, message in answers
        if main is None or not getattr(main, name)
    ]


def _missing_of_activity(exhibitor: Exhibitor) -> list[Missing]:
    answers = [
        ("sector", exhibitor.sector, "Choisissez le secteur d’activité."),
        ("presentation", exhibitor.presentation, "Écrivez la présentation."),
    ]
    return [
        Missing(ApplicationStep.ACTIVITY, field, message)
        for field, value, message in answers
        if not value
    ]


def _missing_of_wishes(exhibitor: Exhibitor, terms: ExhibitorTerms) -> list[Missing]:
    try:
        check_area(exhibitor.area, terms.minimum_area, terms.maximum_area)
    except AreaOutOfBounds as error:
        return [Missing(ApplicationStep.WISHES, "area", error.message)]
    return []


def reachable(step: ApplicationStep, missing: Sequence[Missing]) -> bool:
    """Return whether no answer is missing before a step."""
    return all(gap.step.number >= step.number for gap in missing)


def check_is_complete(exhibitor: Exhibitor, terms: ExhibitorTerms) -> None:
    for gap in missing_of(exhibitor, terms):
        raise ApplicationIncomplete(gap)
