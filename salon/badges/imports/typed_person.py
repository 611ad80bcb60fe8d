"""Person and place read from a registration form."""

from typing import Any

from salon.badges import queries
from salon.badges.engine.matching import Place
from salon.badges.services import Person


def read_place(form: Any) -> Place | None:
    """Return the commune, EPCI or organisation of a form; None after adding the error to the form.

    An exact commune wins over a suggestion that was chosen before it was typed.
    """
    commune, organisation = form.commune.data or "", form.organisation.data or ""
    if commune and organisation:
        _add_error(form.organisation, "Indiquez la commune ou l’autre organisme, pas les deux.")
        return None
    if organisation:
        return None if form.organisation.errors else Place(organisation)
    if not commune:
        _add_error(form.commune, "Indiquez la commune ou l’EPCI, ou bien un autre organisme.")
        return None
    for text in (commune, form.place_choice.data):
        matched_place = queries.find_place(text) if text else []
        if isinstance(matched_place, Place):
            return matched_place
    close = queries.find_place(commune)
    assert not isinstance(close, Place)
    form.place_choice.choices = {place.name: place.name for place in close}
    _add_error(
        form.commune,
        "Plusieurs communes sont possibles : choisissez ci-dessous, ou corrigez le nom."
        if close
        else "Cette commune n’est pas dans la liste des communes. "
        "Hors du département, utilisez « Autre organisme ».",
    )
    return None


def _add_error(field: Any, message: str) -> None:
    field.errors = [*field.errors, message]


def person_of(form: Any, place: Place, **fixed_values: Any) -> Person:
    """Return the person described by a form; `fixed_values` override the form's values."""
    names = (
        *("civility", "first_name", "last_name", "function", "function_other"),
        *("email", "phone", "half_day", "needs", "needs_note"),
    )
    values = {
        name: getattr(form, name).data or ("" if name != "needs" else [])
        for name in names
        if name in form
    }
    return Person(**{**values, "place": place, **fixed_values})
