"""Follow a change of the days: deadlines of the exhibitors' tasks, and their contacts told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.exhibitors.models import ApplicationStatus, Exhibitor, ExhibitorTerms, Task
from salon.exhibitors.services.lifecycle import post_to_main_contact
from salon.platform.database.consequences import (
    Change,
    Consequence,
    Consequences,
    DaysChange,
    Fate,
    Follower,
)
from salon.platform.settings.clock import local, paris

NO_DELAY = timedelta()
CLOSES = "applications_close_on"
DATES = {
    CLOSES: "Clôture des candidatures",
    "answer_by_on": "Réponse aux candidatures",
    "deposit_due_on": "Acompte",
}
"""Days of the terms that follow the fair as deadlines do."""
TEXTS = {
    "set_up": "Horaires de montage",
    "dismantling": "Horaires de démontage",
    "guide": "Guide de l’exposant",
}


class ExhibitorsFollower(Follower[DaysChange]):
    """Deadlines to come move as far as the first day, and stay before it; texts that give hours
    are to reread."""

    name = "exhibitors"

    def follow(self, session: Session, change: DaysChange) -> Consequences:
        statement = select(ExhibitorTerms).where(ExhibitorTerms.edition_id == change.edition_id)
        terms = session.scalar(statement)
        consequences: list[Consequence] = []
        if terms is not None:
            consequences = [_follow_deadlines(terms, change), *texts_to_reread(terms)]
            for deadlines in change.former.get(self.name, ()):
                _set_deadlines(terms, deadlines)
        if not change.is_past:
            accepted = exhibitors_in(session, change.edition_id, [ApplicationStatus.ACCEPTED])
            before = change.former_label
            tell_contacts(session, change, accepted, "exhibitor_days_changed", before=before)
        return consequences


def _follow_deadlines(terms: ExhibitorTerms, change: DaysChange) -> Consequence:
    """Move the deadlines to come; one that would be past stays.

    One that passed while the fair was postponed moves, too.
    """
    added = {task.value: task for task in terms.live_tasks}
    former = {**terms.deadlines, **{key: task.due_on.isoformat() for key, task in added.items()}}
    former |= {key: day.isoformat() for key, day in _dates_of(terms).items()}
    today, deadlines, names = local(change.at).date(), dict(former), []
    for key, day in former.items():
        due_on = date.fromisoformat(day)
        later = due_on + change.delay
        is_to_come = (later if change.settles_date else min(due_on, later)) >= today
        if change.delay < NO_DELAY and due_on >= today and key != Task.INVOICE:
            eve = min(change.moves.values()) - timedelta(days=1)
            later, is_to_come = max(later, min(today, eve)), True
        if change.delay and is_to_come:
            deadlines[key] = later.isoformat()
            names.append(added[key].title if key in added else DATES.get(key) or Task(key).label)
    _set_deadlines(terms, deadlines)
    return Consequence(Fate.MOVED, "Échéances des exposants", names, [former] if names else [])


def _dates_of(terms: ExhibitorTerms) -> dict[str, date]:
    """Return the days of the applications and of the deposit that are set, by key."""
    closes_on = local(terms.applications_close_at).date()
    dates = {CLOSES: closes_on, "answer_by_on": terms.answer_by_on}
    return {**dates, "deposit_due_on": terms.deposit_due_on} if terms.deposit_due_on else dates


def _set_deadlines(terms: ExhibitorTerms, deadlines: Mapping[str, str]) -> None:
    """Set the days of the fixed tasks, of the added ones, and of the applications, by key."""
    dates = {key: date.fromisoformat(day) for key, day in deadlines.items() if key in DATES}
    if closes_on := dates.get(CLOSES):
        closes_at = paris(closes_on, local(terms.applications_close_at).time())
        terms.applications_close_at = max(
            closes_at, terms.applications_open_at + timedelta(minutes=1)
        )
    terms.answer_by_on = dates.get("answer_by_on", terms.answer_by_on)
    terms.deposit_due_on = dates.get("deposit_due_on", terms.deposit_due_on)
    terms.deadlines = {key: day for key, day in deadlines.items() if key in set(Task)}
    for task in terms.added_tasks:
        if task.value in deadlines:
            task.due_on = date.fromisoformat(deadlines[task.value])


def texts_to_reread(terms: ExhibitorTerms) -> Consequences:
    """Name the texts given to exhibitors, which a change of the fair may contradict."""
    names = [label for name, label in TEXTS.items() if getattr(terms, name)]
    return [Consequence(Fate.KEPT, "Textes remis aux exposants", names)]


def exhibitors_in(
    session: Session, edition_id: int, statuses: Collection[ApplicationStatus]
) -> Sequence[Exhibitor]:
    """Return the exhibitors of these statuses by name."""
    statement = select(Exhibitor).where(
        Exhibitor.edition_id == edition_id, Exhibitor.status.in_(statuses)
    )
    return session.scalars(statement.order_by(Exhibitor.name_key)).all()


def tell_contacts(
    session: Session, change: Change, exhibitors: Sequence[Exhibitor], kind: str, **context: object
) -> None:
    """Post a message to the main contact of each."""
    for exhibitor in exhibitors:
        context_values = {"name": exhibitor.name, "words": change.words, **context}
        post_to_main_contact(session, exhibitor, kind, urgent=False, **context_values)
