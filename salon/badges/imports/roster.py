"""Lists of people read from a spreadsheet: their columns, and the person of each line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from salon.badges.engine.title_stems import TitleKind
from salon.badges.engine.titles import read_title
from salon.badges.models import Category
from salon.badges.models.labels import Function
from salon.badges.rules import LONGEST_GROUP
from salon.platform.documents.spreadsheets.reader import Heading, ReadList, SheetLine, read_list
from salon.platform.words.formats import DAYS, MONTHS
from salon.platform.words.people import civility_of, names_several_people, without_title
from salon.platform.words.texts import clean_name, folded

SAME_PERSON, OTHER_PERSON = "Même personne", "Autre personne"
HEADINGS = (
    Heading("civility", "Civilité", ("titre", "genre", "civ")),
    Heading("first_name", "Prénom", ("prenoms",), is_required=True),
    Heading("last_name", "Nom", ("nom de famille", "nom d usage"), is_required=True),
    Heading(
        "function",
        "Fonction",
        ("qualite", "mandat", "poste", "fonctions", "titre et fonction", "fonction ou mandat"),
    ),
    Heading(
        "category",
        "Catégorie",
        ("categorie de badge", "badge"),
        choices=(Category.ELECTED.label, Category.VISITOR.label),
    ),
    Heading(
        "commune",
        "Commune",
        (
            *("ville", "collectivite", "mairie", "epci", "intercommunalite", "commune ou epci"),
            *("commune epci", "localite", "nom de la commune", "commune d election"),
        ),
    ),
    Heading(
        "organisation",
        "Organisme",
        (
            *("autre organisme", "structure", "organisation", "societe", "entreprise"),
            *("employeur", "association", "etablissement"),
        ),
    ),
    Heading(
        "email",
        "Adresse électronique",
        ("email", "e mail", "mail", "courriel", "adresse mail"),
    ),
    Heading("phone", "Téléphone", ("tel", "portable", "mobile", "numero de telephone"), digits=10),
    Heading(
        "visit_days",
        "Jours",
        ("jour", "jour de venue", "jours de venue", "presence", "jours de presence", "venue"),
    ),
    Heading("likeness", "Ressemblance", choices=(SAME_PERSON, OTHER_PERSON)),
)
ANSWERS = {
    **dict.fromkeys(("elu", "elue", "elus", "oui"), TitleKind.ELECTED),
    **dict.fromkeys(("visiteur", "visiteuse", "agent", "agente", "non elu"), TitleKind.VISITOR),
}
"""What a cell of the column « Catégorie » means, folded."""
NO_FUNCTION = frozenset(("neant", "aucun", "aucune", "sans", "rien", "nc", "na", "x", "xx", "xxx"))
"""What people write where there is nothing to write, folded; it is no function to print."""
UNSURE_FUNCTION = (
    "«\u00a0{}\u00a0» est-il un mandat d’élu\u00a0? "
    "Choisissez la catégorie, ou précisez la fonction."
)
UNKNOWN_DAY = (
    "«\u00a0{}\u00a0» n’est pas un jour du salon\u00a0: écrivez par exemple «\u00a0jeudi\u00a0» ou "
    "«\u00a014/10\u00a0», ou rien pour tous les jours."
)
EVERY_DAY = frozenset(("tous", "toutes", "tout", "chaque"))
COUNTS = {"deux": 2, "trois": 3}
BESIDE_DAYS = frozenset(
    ("et", "le", "la", "les", "du", "au", "jour", "jours", *map(folded, MONTHS))
)
NOT_DAYS = re.compile(r"\d{1,2}:\d\d(:\d\d)?|(?<![\d/.-])\d{4}(?![\d/.-])")
"""An hour of a spreadsheet, a year alone."""
DATES = re.compile(r"(\d{4})-(\d\d)-(\d\d)|(\d{1,2})(?:er)?(?:[/.-](\d{1,2})(?:[/.-]\d{2,4})?)?")
"""« 2027-10-14 », « 14/10/2027 », « 14/10 », « 14 », « 1er »."""
TWO_PEOPLE = "Deux personnes semblent nommées ici\u00a0: une seule par ligne."


@dataclass(frozen=True)
class RosterPerson:
    """The values of a line by the fields of the form of a person, the category that it says, and
    what is asked or told."""

    values: dict[str, str]
    category: Category | None
    questions: list[str]
    notes: list[str]


def read_roster(text: str) -> ReadList:
    """Return the lines of a list of people. Raises UnreadableList."""
    return read_list(text, HEADINGS, LONGEST_GROUP, "aucune personne")


def names_places(roster: ReadList) -> bool:
    """Return whether the list says for whom people come."""
    return any(line.cells.get("commune") or line.cells.get("organisation") for line in roster.lines)


def read_person(line: SheetLine) -> RosterPerson:
    """Return the person of a line. A civility that no cell says is that of a title or of a
    feminine function; a masculine one is often written for a woman, and says nothing."""
    cells = dict(line.cells)
    fronts = []
    for name in ("first_name", "last_name"):
        cells[name], front = without_title(clean_name(cells.get(name, "")))
        fronts.append(front)
    titles = [front for front in fronts if front and not civility_of(front)]
    typed = clean_name(cells.get("function", ""))
    if folded(typed).replace(" ", "") in NO_FUNCTION or not any(map(str.isalnum, typed)):
        typed = ""
    title = read_title(typed)
    civility = next(filter(None, map(civility_of, (cells.get("civility", ""), *fronts))), "")
    civility = civility or (title.civility if title.civility == "madame" else "")
    function, words, is_unsure = _function_in(typed, cells.get("category", ""), civility)
    questions = [UNSURE_FUNCTION.format(typed)] if is_unsure else []
    if names_several_people(cells.get("civility", "")):
        questions.append(TWO_PEOPLE)
    notes = [f"Le titre «\u00a0{front}\u00a0» ne s’imprime pas." for front in titles]
    values = {**cells, "civility": civility, "function": function, "function_other": words}
    answer = ANSWERS.get(folded(cells.get("category", "")))
    category = Category(answer) if answer else None
    return RosterPerson(values, category, questions, notes)


def read_days(text: str, days: Sequence[date]) -> list[date] | None:
    """Return the days of the fair that a cell names; None for an empty cell, none where it names
    another day, or nothing that is one."""
    if not text.strip():
        return None
    read = NOT_DAYS.sub(" ", text.lower())
    by_date: set[date] = set()
    for match in DATES.finditer(read):
        _, month, number, number_too, month_too = match.groups()
        named = {
            day
            for day in days
            if day.day == int(number or number_too)
            and day.month == int(month or month_too or day.month)
        }
        if not named:
            return []
        by_date |= named
    by_name: set[date] = set()
    for word in folded(DATES.sub(" ", read)).split():
        if word in EVERY_DAY or COUNTS.get(word) == len(days):
            return list(days)
        named = {day for day in days if DAYS[day.weekday()] == word}
        if not named and word not in BESIDE_DAYS:
            return []
        by_name |= named
    if by_date and by_name and by_date != by_name:
        return []
    chosen = by_date | by_name
    if " au " in f" {folded(read)} " and chosen:
        chosen = {day for day in days if min(chosen) <= day <= max(chosen)}
    return sorted(chosen)


def _function_in(typed: str, answer: str, civility: str) -> tuple[str, str, bool]:
    """Return (function, words printed, whether its category is asked)."""
    if not typed:
        return "", "", False
    title = read_title(typed)
    kind = ANSWERS.get(folded(answer), title.kind)
    function = title.function
    if kind is TitleKind.ELECTED and not function.is_elected:
        function = Function.OTHER_ELECTED
    elif kind is not TitleKind.ELECTED and function.is_elected:
        function = Function.OTHER
    return function.value, _printed(typed, function, civility), kind is TitleKind.UNSURE


def _printed(typed: str, function: Function, civility: str) -> str:
    """Return the words to print: as typed, or "" where the list prints the same ones."""
    forms = (function.masculine, function.feminine)
    form = next((form for form in forms if folded(form) == folded(typed)), typed)
    is_listed = form == {"madame": function.feminine, "monsieur": function.masculine}.get(
        civility, function.neutral
    )
    return "" if is_listed and not function.needs_words else form
