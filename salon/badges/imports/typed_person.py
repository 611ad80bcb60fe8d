"""From what was typed to a Person: shared by the pages that register somebody."""

from typing import Any

from salon.badges import queries
from salon.badges.engine.matching import Place
from salon.badges.services import Person


def place_typed(form: Any) -> Place | None:
    """The commune, EPCI or organisation of a form; None once the form says what is wrong.

    An exact commune wins over a suggestion that was chosen before it was typed.
    """
    typed, other = form.commune.data or "", form.organisation.data or ""
    if typed and other:
        _add_error(form.organisation, "Indiquez la commune ou l’autre organisme, pas les deux.")
        return None
    if other:
        return None if form.organisation.errors else Place(other)
    if not typed:
        _add_error(form.commune, "Indiquez la commune ou l’EPCI, ou bien un autre organisme.")
        return None
    for text in (typed, form.place_choice.data):
        found = queries.find_place(text) if text else []
        if isinstance(found, Place):
            return found
    close = queries.find_place(typed)
    assert not isinstance(close, Place)
    form.place_choice.choices = {place.name: place.name for place in close}
    _add_error(
        form.commune,
        "Plusieurs communes sont possibles : choisissez ci-dessous, ou corrigez le nom."
        if close
        else "Cette commune n’est pas dans la liste de l’Hérault. "
        "Hors du département, utilisez « Autre organisme ».",
    )
    return None


def _add_error(field: Any, message: str) -> None:
    field.errors = [*field.errors, message]


def person_of(form: Any, place: Place, **given: Any) -> Person:
    """The person that a form describes; `given` adds to it or takes its place."""
    names = (
        *("civility", "first_name", "last_name", "function", "function_other"),
        *("email", "phone", "half_day", "needs", "needs_note"),
    )
    typed = {
        name: getattr(form, name).data or ("" if name != "needs" else [])
        for name in names
        if name in form
    }
    return Person(**{**typed, "place": place, **given})
