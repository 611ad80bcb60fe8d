"""The answers to a search of the staff, by part: what the person may not open is not searched."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import url_for

from salon.dashboard.presenters.page_words import EMPTY_WORDS, PAGE_WORDS
from salon.dashboard.presenters.setting_cards import GROUPS as SETTING_GROUPS
from salon.dashboard.presenters.staff_menu import BELOW, EntryGroup
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
    """`words`: by which people look for a page, folded."""

    title: str
    detail: str
    address: str
    words: str = ""


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
    pages = _openable_pages(menu)
    exact_pages = _pages_named(pages, [word for word in words if word not in EMPTY_WORDS] or words)
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
        rows = ((page, f"{folded(page.title)} {page.words}") for page in pages)
        groups.append(AnswerGroup("Pages au nom proche", nearest(search.text, rows, MOST)))
    return [group for group in groups if group.answers]


def _pages_named(pages: Sequence[Answer], words: Sequence[str]) -> list[Answer]:
    """Return the pages of which each searched word begins a word: of the title first, then of the
    title or the group, then of the words by which people look for it."""
    keys = {
        page: (
            f" {folded(page.title)}",
            f" {folded(page.title)} {folded(page.detail)}",
            f" {folded(page.title)} {folded(page.detail)} {page.words}",
        )
        for page in pages
    }

    def rank(page: Answer) -> int:
        return next(
            (
                place
                for place, key in enumerate(keys[page])
                if all(f" {word}" in key for word in words)
            ),
            len(keys[page]),
        )

    return sorted((page for page in pages if rank(page) < len(keys[page])), key=rank)


def _openable_pages(menu: Sequence[EntryGroup]) -> list[Answer]:
    """Return the pages that a person may open, each once, as the menu names it."""
    rows = [
        *((group.title, entry.endpoint, entry.label) for group in menu for entry in group.entries),
        *(
            (f"Réglages, {title}", endpoint, label)
            for title, cards in SETTING_GROUPS
            for endpoint, label, *_ in cards
        ),
        *((group.title, entry.endpoint, entry.label) for group in BELOW for entry in group.entries),
    ]
    pages = {endpoint: (label, title) for title, endpoint, label in reversed(rows)}
    return [
        Answer(label, title, url_for(endpoint), folded(PAGE_WORDS.get(endpoint, "")))
        for endpoint, (label, title) in reversed(pages.items())
        if may_open(endpoint)
    ]
