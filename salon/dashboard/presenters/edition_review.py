"""Points to check in an edition prepared from an earlier one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from salon.appointments.queries.durations import MeasuredTheme
from salon.appointments.queries.visits import MeasuredStand
from salon.entrance.engine.forecast import QUARTER, MeasuredArrivals
from salon.exhibitors.engine.seller import gaps_of_seller
from salon.exhibitors.models import ExhibitorTerms
from salon.fair.models import Edition, ProgrammeItem, Theme
from salon.platform.words import formats
from salon.platform.words.formats import NBSP, plural
from salon.staffing.models import Need


@dataclass(frozen=True)
class ReviewPoint:
    """A page to check, its values, and the reason. `is_pressing`: it is wrong as it stands."""

    title: str
    text: str
    endpoint: str
    is_pressing: bool = False
    values: Mapping[str, int] = field(default_factory=dict)


def texts_of_the_past(
    edition: Edition,
    past_edition: Edition,
    themes: list[Theme],
    items: list[ProgrammeItem],
    terms: ExhibitorTerms | None,
) -> list[ReviewPoint]:
    """Return the pages whose texts still name the year of the earlier edition."""
    year = str(past_edition.starts_at.year)
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
        task_texts = [text for task in terms.live_tasks for text in (task.title, task.explanation)]
        texts.append(("exhibitor_space.task_settings", "Tâches des exposants", task_texts))
    counts = [
        (endpoint, title, sum(year in text for text in contents))
        for endpoint, title, contents in texts
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
        f"{edition.day_label.capitalize()}, {edition.hours_label}. Inscriptions du "
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
        if gaps := gaps_of_seller(terms.seller):
            words = f"Il manque {', '.join(gaps)}{NBSP}: à compléter avant l’ouverture."
            yield ReviewPoint("Émetteur des factures", words, "exhibitors.terms", is_pressing=True)


def drafts_to_check(items: Sequence[ProgrammeItem]) -> list[ReviewPoint]:
    """Return the items of the programme that are still drafts, each on its page."""
    return [
        ReviewPoint(
            item.title,
            f"Brouillon, {formats.short_moment(item.starts_at)}, {item.room.name}"
            + "".join(f", {speaker['name']}" for speaker in item.speakers)
            + ".",
            "fair.change_item",
            is_pressing=True,
            values={"item_id": item.id},
        )
        for item in items
        if item.is_draft
    ]


def durations_to_check(past_edition: Edition, measured: list[MeasuredTheme]) -> list[ReviewPoint]:
    """Return the themes whose appointments lasted otherwise than planned."""
    return [
        ReviewPoint(
            theme.name,
            f"Mesuré en {past_edition.starts_at.year}{NBSP}: la moitié des {theme.count} "
            f"rendez-vous ont duré plus de {theme.median_minutes}{NBSP}min. "
            f"Prévu{NBSP}: {theme.planned_minutes}{NBSP}min.",
            "appointments.settings",
        )
        for theme in measured
        if theme.differs
    ]


def stands_to_check(
    edition: Edition,
    past_edition: Edition,
    measured: list[MeasuredStand],
    needs: Mapping[str, list[Need]],
) -> Iterator[ReviewPoint]:
    """Yield what each stand of the village received, beside the agents wished for now.

    `needs`: of this edition, by the slug of the body.
    """
    for stand in measured:
        busy = stand.in_edition(edition)
        wished = {need.starts_at: need.wished for need in needs.get(stand.body.slug, [])}
        lacking = {at: agents - wished.get(at, 0) for at, agents in busy.items()}
        if not lacking:
            continue
        at = max(busy, key=lambda start: (lacking[start], busy[start]))
        text = (
            f"Mesuré en {past_edition.starts_at.year}{NBSP}: {plural(stand.visits, 'visite')}, et "
            f"{plural(busy[at], 'agent occupé', 'agents occupés')} à {formats.hour(at)}. "
            f"Souhaités à cette heure{NBSP}: {wished.get(at, 0)}."
        )
        is_short = lacking[at] > 0
        yield ReviewPoint(stand.body.short_name, text, "staffing.needs", is_pressing=is_short)


def arrivals_to_know(
    measured: MeasuredArrivals | None, past_edition: Edition | None
) -> Iterator[ReviewPoint]:
    """Yield the arrivals measured in a past edition, from which the forecast starts."""
    if measured is None or past_edition is None:
        return
    quarter, people = measured.busiest
    at = past_edition.days[0].opens_at + quarter * QUARTER
    yield ReviewPoint(
        "Prévision des entrées",
        f"Mesuré en {past_edition.starts_at.year}{NBSP}: {plural(measured.entered, 'entrée')} pour "
        f"{plural(measured.registered, 'inscrit')} ({round(100 * measured.turnout)}{NBSP}%), dont "
        f"{people} au plus fort, à {formats.hour(at)}. La prévision du jour suit cette courbe.",
        "entrance.live",
    )


def _words(sections: list[dict[str, str]]) -> list[str]:
    return [text for section in sections for text in section.values()]
