"""The answers to a search of the staff, by part: what the person may not open is not searched."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flask import url_for

from salon.dashboard.presenters.setting_cards import GROUPS as SETTING_GROUPS
from salon.dashboard.presenters.staff_menu import EntryGroup
from salon.dashboard.queries.staff_search import (
    MOST,
    Match,
    Search,
    matching_agents,
    matching_attendees,
    matching_exhibitors,
    matching_stands,
)
from salon.platform.web.access import may_open
from salon.platform.words.search import nearest, searched_words
from salon.platform.words.texts import folded

SHORTEST = 2
"""Letters from which rows are searched; a stand may have the number of a single one."""


@dataclass(frozen=True)
class Answer:
    title: str
    detail: str
    address: str


@dataclass(frozen=True)
class AnswerGroup:
    title: str
    answers: Sequence[Answer]


Part = tuple[str, str, Callable[[Search], Sequence[Match]]]
PARTS: Sequence[Part] = (
    ("Inscrits", "badges.attendee", matching_attendees),
    ("Agents", "staffing.agent", matching_agents),
    ("Exposants", "exhibitors.exhibitor", matching_exhibitors),
    ("Stands", "fair.edit_stand", matching_stands),
)
"""Each part: its title, the page of a row, and how rows are found."""


def answer_groups(search: Search, menu: Sequence[EntryGroup]) -> list[AnswerGroup]:
    """Return the parts that have answers: pages named so first, pages with near names last."""
    words = searched_words(search.text)
    if not words:
        return []
    pages = list(dict.fromkeys(_openable_pages(menu)))
    exact_pages = [page for page in pages if _is_named_by(page, words)]
    groups = [AnswerGroup("Pages", exact_pages[:MOST])]
    if len(search.text) >= SHORTEST:
        groups += (
            AnswerGroup(
                title,
                [
                    Answer(match.title, match.detail, url_for(endpoint, **match.values))
                    for match in find(search)
                ],
            )
            for title, endpoint, find in PARTS
            if may_open(endpoint)
        )
    if not exact_pages:
        rows = ((page, folded(page.title)) for page in pages)
        groups.append(AnswerGroup("Pages au nom proche", nearest(search.text, rows, MOST)))
    return [group for group in groups if group.answers]


def _is_named_by(page: Answer, words: Sequence[str]) -> bool:
    """Return whether each searched word begins a word of the page's title or group."""
    key = f" {folded(page.title)} {folded(page.detail)}"
    return all(f" {word}" in key for word in words)


def _openable_pages(menu: Sequence[EntryGroup]) -> Iterator[Answer]:
    for group in menu:
        for entry in group.entries:
            if may_open(entry.endpoint):
                yield Answer(entry.label, group.title, url_for(entry.endpoint))
    for title, cards in SETTING_GROUPS:
        for endpoint, label, *_ in cards:
            if may_open(endpoint):
                yield Answer(label, f"Réglages, {title}", url_for(endpoint))
