"""How many people are inside, and what this number does not know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from salon.platform.words import formats
from salon.platform.words.formats import plural


@dataclass(frozen=True)
class Inside:
    """People inside at a moment, each counted once, and the limits of the count.

    `entered`: who entered by a door of the fair that day and was not read going out since;
    `in_rooms`: who was read in a room only; `at_stands`: agents marked at their stand whom no
    reader saw. `has_exits`: some exit was read that day. `silences`: how long each silent station
    has not answered; `waiting`: scans that stations say they have not sent yet.
    """

    entered: int
    in_rooms: int
    at_stands: int
    has_exits: bool
    silences: Sequence[timedelta] = ()
    waiting: int = 0

    @property
    def total(self) -> int:
        return self.entered + self.in_rooms + self.at_stands

    @property
    def words(self) -> str:
        """Return « Au moins 41 personnes à l’intérieur, 4 de plus pointées à un stand, 1 station
        muette depuis 12 min. »"""
        limits = self._limits()
        people = plural(self.entered, "personne")
        if not self.total:
            count = "Personne n’a encore été lu à l’intérieur"
        elif not self.entered:
            count = "Aucune entrée lue à une porte"
        elif not self.has_exits:
            count = f"{people} {plural_word(self.entered, 'entrée')}, aucune sortie lue"
        else:
            count = f"{'Au moins ' if limits else ''}{people} à l’intérieur"
        sentence = ", ".join([count, *limits]) + "."
        if self.entered and not self.has_exits:
            sentence += " Qui est déjà reparti est encore compté."
        return sentence

    def _others(self, count: int, word: str) -> str:
        """Return « 4 de plus pointées », or « 4 personnes pointées » when no door read anybody."""
        people = f"{formats.number(count)} de plus" if self.entered else plural(count, "personne")
        return f"{people} {plural_word(count, word)}"

    def _limits(self) -> list[str]:
        """Return what the count of the doors leaves out."""
        limits = []
        if self.in_rooms:
            limits.append(f"{self._others(self.in_rooms, 'lue')} dans une salle")
        if self.at_stands:
            limits.append(f"{self._others(self.at_stands, 'pointée')} à un stand")
        if self.silences:
            since = formats.duration(max(self.silences))
            word = plural(len(self.silences), "station muette", "stations muettes")
            others = ", l’une" if len(self.silences) > 1 else ""
            limits.append(f"{word}{others} depuis {since}")
        if self.waiting:
            limits.append(f"{plural(self.waiting, 'passage')} en attente d’envoi")
        return limits


def plural_word(count: int, word: str) -> str:
    return word if count < 2 else f"{word}s"
