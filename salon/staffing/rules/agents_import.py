"""Errors of an imported list of agents, and of each of its lines."""

from collections.abc import Iterable, Sequence

from salon.platform.words.errors import BadInput

SHOWN = 60
"""Characters of a cell that a message repeats."""


def _quoted(text: str) -> str:
    cut = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return f"«\u00a0{cut}\u00a0»"


class CellMissing(BadInput):
    def __init__(self, head: str) -> None:
        super().__init__(f"La colonne {_quoted(head)} est vide.")


class CellTooLong(BadInput):
    def __init__(self, head: str, longest: int) -> None:
        super().__init__(f"La colonne {_quoted(head)} contient au plus {longest} caractères.")


class CellUnprintable(BadInput):
    def __init__(self, head: str) -> None:
        super().__init__(
            f"La colonne {_quoted(head)} contient un caractère qui ne s’imprime pas\u00a0: "
            "retapez-la."
        )


class LinkInName(BadInput):
    def __init__(self, head: str) -> None:
        super().__init__(
            f"La colonne {_quoted(head)} contient une adresse de site\u00a0: retirez "
            "« www. » ou « :// »."
        )


class WrongAddress(BadInput):
    def __init__(self, text: str) -> None:
        super().__init__(f"L’adresse électronique {_quoted(text)} ne paraît pas complète.")


class UnknownWord(BadInput):
    """A cell holds a word that its column does not accept; each column has its own error."""

    what = "Ce mot"
    unknown = "n’est pas connu"
    hint = ""

    def __init__(self, text: str) -> None:
        super().__init__(f"{self.what} {_quoted(text)} {self.unknown}.{self.hint}")


class UnknownBody(UnknownWord):
    """`near`: the bodies that may be meant, by short name."""

    what = "L’organisme"
    hint = " Écrivez son nom comme sur la page du village."

    def __init__(self, text: str, near: Sequence[str] = ()) -> None:
        self.near = tuple(near)
        self.hint = " Choisissez-le sous «\u00a0Organisme\u00a0»." if near else self.hint
        super().__init__(text)


class UnknownTheme(UnknownWord):
    what = "Le thème"
    hint = " Séparez les thèmes par «\u00a0|\u00a0»."


class UnknownStand(UnknownWord):
    what = "Le stand"
    hint = " Écrivez son numéro ou le nom de son organisme\u00a0; séparez-les par «\u00a0|\u00a0»."


class UnknownLanguage(UnknownWord):
    what = "La langue"
    unknown = "n’est pas connue"


class UnknownNeed(UnknownWord):
    what = "Le besoin"


class UnknownCivility(UnknownWord):
    what = "La civilité"
    unknown = "n’est pas connue"
    hint = " Écrivez «\u00a0Mme\u00a0» ou «\u00a0M.\u00a0»."


class NotYesOrNo(BadInput):
    def __init__(self, head: str, text: str) -> None:
        super().__init__(f"La colonne {_quoted(head)} attend oui ou non, pas {_quoted(text)}.")


class UnknownHour(BadInput):
    def __init__(self, text: str) -> None:
        super().__init__(
            f"L’heure {_quoted(text)} ne se lit pas. Écrivez «\u00a09\u00a0h\u00a030\u00a0», ou "
            "«\u00a09\u00a0h\u00a030 - 11\u00a0h\u00a0» pour une absence."
        )


class DayMissing(BadInput):
    def __init__(self, text: str) -> None:
        super().__init__(
            f"Le salon dure plusieurs jours\u00a0: dites lequel devant {_quoted(text)}, comme "
            "«\u00a001/10 9\u00a0h\u00a030\u00a0»."
        )


class OtherDay(BadInput):
    """An hour names a day that is not of the fair, or on which the agent does not come."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{_quoted(text)} n’est d’aucun jour du salon où cette personne vient.")


class UnknownPresence(BadInput):
    def __init__(self, text: str) -> None:
        super().__init__(
            f"La présence {_quoted(text)} ne se lit pas. Écrivez oui, non, matin, après-midi, ou "
            "«\u00a09\u00a0h - 12\u00a0h\u00a0»."
        )


class PresenceMissing(BadInput):
    message = "Cette personne ne vient aucun jour\u00a0: dites quand, ou retirez la ligne."


class LineRepeated(BadInput):
    def __init__(self, number: int) -> None:
        super().__init__(f"Cette adresse électronique est déjà celle de la ligne {number}.")


class SeveralPeople(BadInput):
    message = "Deux personnes semblent nommées ici\u00a0: une seule par ligne."


class UnknownTelephone(BadInput):
    def __init__(self, text: str) -> None:
        super().__init__(f"Le numéro de téléphone {_quoted(text)} ne paraît pas complet.")


class ResemblesAgent(BadInput):
    """The line may be an agent who has another address; its author says which."""

    def __init__(self, name: str, address: str, reasons: str) -> None:
        super().__init__(
            f"Ressemble à {name}, {address} ({reasons}). Dites sous «\u00a0Ressemblance\u00a0» si "
            "c’est le même agent, qui change alors d’adresse, ou un autre."
        )


class ImportRefused(BadInput):
    """Some lines are wrong: nothing was written (all or nothing)."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self.numbers = list(numbers)
        first = ", ".join(map(str, self.numbers[:5]))
        ellipsis = "…" if len(self.numbers) > 5 else ""
        super().__init__(f"Rien n’a été enregistré. Lignes à corriger\u00a0: {first}{ellipsis}.")


def check_all_lines(wrong_lines: Iterable[int]) -> None:
    """Check that no line is wrong: a list is imported whole or not at all. Raises ImportRefused."""
    numbers = list(wrong_lines)
    if numbers:
        raise ImportRefused(numbers)
