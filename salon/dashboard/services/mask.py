"""Mask of a person's names and addresses in any text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from salon.badges.models import Attendee
from salon.dashboard.engine.personal_data import PERSONAL_DATA
from salon.dashboard.services.purge_steps import QUIETLY
from salon.exhibitors.models import Contact
from salon.platform.database.db import Model
from salon.platform.words.texts import folded
from salon.staffing.models import Agent

GONE = "[effacé]"
ESCAPED = re.compile(r"\\u(?!d[89a-f])([0-9a-f]{4})", re.I)
"""A character as JSON may write it: texts sent by stations are stored as they came."""


@dataclass(frozen=True)
class Mask:
    """Matches a person in any text: addresses, telephone, full name in both orders."""

    pattern: re.Pattern[str]
    pairs: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, people: Sequence[Attendee | Contact | Agent], emails: Iterable[str]) -> "Mask":
        patterns = {re.escape(email) for email in emails}
        pairs = set()
        for person in people:
            digits = re.findall(r"\d", person.phone)
            if len(digits) >= 6:
                patterns.add(r"\+?" + r"[\s.\-]*".join(digits))
            for first, last in (
                (person.first_name, person.last_name),
                (folded(person.first_name), folded(person.last_name)),
            ):
                if not (first and last):
                    continue
                names = [
                    r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", name)))
                    for name in (first, last)
                ]
                for order in (names, names[::-1]):
                    patterns.add(r"\b" + r"[\s,;]+".join(order) + r"\b")
                pairs.add((first.casefold(), last.casefold()))
        return cls(
            re.compile("|".join(sorted(patterns, key=len, reverse=True)), re.I), frozenset(pairs)
        )

    def over(self, value: object, names_alone: bool = False) -> object:
        """Return the same value without the person. `names_alone`: also masks a text made of their
        names."""
        if isinstance(value, str):
            text = ESCAPED.sub(lambda code: chr(int(code[1], 16)), value)
            words = folded(text).split()
            if (
                names_alone
                and words
                and any(set(words) <= name_words for name_words in self._words)
            ):
                return GONE
            return self.pattern.sub(GONE, text) if self.pattern.search(text) else value
        if isinstance(value, list):
            return [self.over(item, names_alone) for item in value]
        if isinstance(value, dict):
            texts = {item.casefold() for item in value.values() if isinstance(item, str)}
            known_names = {name for pair in self.pairs if set(pair) <= texts for name in pair}
            return {
                key: GONE
                if isinstance(item, str) and item.casefold() in known_names
                else self.over(item, names_alone)
                for key, item in value.items()
            }
        return value

    @property
    def _words(self) -> list[set[str]]:
        return [set(folded(f"{first} {last}").split()) for first, last in self.pairs]

    def cover(
        self,
        session: Session,
        key: InstrumentedAttribute[int],
        column: InstrumentedAttribute[object],
        names_alone: bool = False,
    ) -> None:
        """Mask the person in a JSON column of every row of a table."""
        table = key.class_
        rows = session.execute(select(key, column))
        changed = [
            (number, clean)
            for number, value in rows
            if (clean := self.over(value, names_alone)) != value
        ]
        for number, clean in changed:
            session.execute(
                update(table)
                .where(key == number)
                .values({column: clean})
                .execution_options(**QUIETLY)
            )

    def cover_texts(self, session: Session) -> None:
        """Mask the person in every text that PERSONAL_DATA says may name them."""
        for mapper in Model.registry.mappers:
            for name in PERSONAL_DATA[mapper.class_.__tablename__].masked.split():
                key = mapper.get_property_by_column(mapper.primary_key[0]).class_attribute
                column = mapper.attrs[name].class_attribute
                self.cover(session, key, column, names_alone=True)
