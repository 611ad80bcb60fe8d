"""What to look at again in an edition prepared from an earlier one."""

from collections.abc import Iterator
from dataclasses import dataclass

from salon.appointments.queries.durations import MeasuredTheme
from salon.exhibitors.models import ExhibitorTerms
from salon.fair.models import Edition, ProgrammeItem, Theme
from salon.platform import formats
from salon.platform.formats import plural


@dataclass(frozen=True)
class ReviewPoint:
    """A page to look at, and what there is to see; `is_pressing`: a text that names the past."""

    title: str
    text: str
    endpoint: str
    is_pressing: bool = False


def texts_of_the_past(
    edition: Edition,
    past: Edition,
    themes: list[Theme],
    items: list[ProgrammeItem],
    terms: ExhibitorTerms | None,
) -> list[ReviewPoint]:
    """Return the pages whose texts still name the year of the earlier edition."""
    year = str(past.starts_at.year)
    texts = [
        ("fair.change_identity", "Nom et contacts", [edition.name, edition.short_name]),
        ("fair.change_arrival", "Venir au salon", [edition.access, *_words(edition.practical)]),
        ("fair.change_texts", "Textes des pages publiques", list(edition.texts.values())),
        (
            "fair.village_settings",
            "Organismes et thèmes",
            [text for theme in themes for text in (theme.name, theme.summary, *theme.details)],
        ),
        (
            "fair.programme_settings",
            "Programme et salles",
            [text for item in items for text in (item.title, item.summary)],
        ),
    ]
    if terms is not None:
        sentences = [*_words(terms.guide), *_words(terms.regulations), *terms.to_bring]
        rules = [terms.set_up, terms.dismantling, *sentences]
        texts.append(("exhibitors.terms", "Dates et règlement", rules))
        asked = [text for task in terms.live_tasks for text in (task.title, task.explanation)]
        texts.append(("exhibitor_space.task_settings", "Tâches des exposants", asked))
    counts = [
        (endpoint, title, sum(year in text for text in written))
        for endpoint, title, written in texts
    ]
    return [
        ReviewPoint(
            title,
            f"{plural(count, 'texte nomme', 'textes nomment')} encore {year}.",
            endpoint,
            is_pressing=True,
        )
        for endpoint, title, count in counts
        if count
    ]


def dates_to_check(edition: Edition, terms: ExhibitorTerms | None) -> Iterator[ReviewPoint]:
    """Return the dates that moved with the first day."""
    yield ReviewPoint(
        "Jours, heures et inscriptions",
        f"{edition.day_label}, {edition.hours_label}. Inscriptions du "
        f"{formats.short_moment(edition.registration_opens_at)} au "
        f"{formats.short_moment(edition.registration_closes_at)}.",
        "fair.change_days",
    )
    if terms is not None:
        yield ReviewPoint(
            "Candidatures des exposants",
            f"Du {formats.short_moment(terms.applications_open_at)} au "
            f"{formats.short_moment(terms.applications_close_at)} ; "
            f"{plural(len(terms.deadlines) + len(terms.live_tasks), 'échéance')} du dossier.",
            "exhibitors.terms",
        )


def durations_to_check(measured: list[MeasuredTheme]) -> list[ReviewPoint]:
    """Return the themes whose appointments lasted otherwise than planned."""
    return [
        ReviewPoint(
            theme.name,
            f"Prévu\u00a0: {theme.planned_minutes} min. L’an passé, la moitié des "
            f"{theme.count} rendez-vous ont duré plus de {theme.median_minutes} min.",
            "appointments.settings",
        )
        for theme in measured
        if theme.differs
    ]


def _words(sections: list[dict[str, str]]) -> list[str]:
    return [text for section in sections for text in section.values()]
