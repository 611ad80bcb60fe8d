"""The fields of a person in a form, and the person and place read from them."""

from typing import Any

from wtforms import Field, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from salon.badges import queries
from salon.badges.engine.matching import Affiliation
from salon.badges.models.labels import FUNCTION_CHOICES, Function
from salon.badges.services import Person
from salon.platform.pages.forms import (
    MAX_LINE,
    MAX_NAME,
    SalonForm,
    identity_field,
    line,
    organisation_field,
    required,
)
from salon.platform.words.people import Civility
from salon.platform.words.texts import clean_name


def check_words_of_function(form: SalonForm, field: Field) -> None:
    """Require the words of the function « Autre »."""
    chosen_function = form.function.data
    if (
        chosen_function in set(Function)
        and Function(chosen_function).needs_words
        and not field.data
    ):
        raise ValidationError("Précisez la fonction ou le mandat.")


def ask_first_name(**attributes: object) -> StringField:
    asks = required("Indiquez le prénom.")
    return identity_field("Prénom", asks, **attributes)


def ask_last_name(**attributes: object) -> StringField:
    asks = required("Indiquez le nom.")
    return identity_field("Nom", asks, **attributes)


def ask_function(label: str = "Fonction") -> SelectField:
    return SelectField(
        label,
        choices=FUNCTION_CHOICES,
        validators=[required("Choisissez la fonction.")],
        default="",
    )


def ask_function_other(**attributes: Any) -> StringField:
    return line("Précisez la fonction", check_words_of_function, length=MAX_NAME, **attributes)


def ask_civility(*, is_required: bool = True) -> RadioField:
    asks = InputRequired("Choisissez la civilité.") if is_required else Optional()
    return RadioField("Civilité", choices=Civility.choices(), validators=[asks], default="")


def ask_commune() -> StringField:
    return line("Commune", autocomplete="off", list="places", autocapitalize="words")


def ask_place_choice() -> RadioField:
    """Return the field of the communes that may have been meant, offered by `read_place`."""
    return RadioField(
        "Vous pensez peut-être à",
        choices={},
        validate_choice=False,
        validators=[Optional()],
        default="",
    )


def ask_organisation() -> StringField:
    return organisation_field("Autre organisme", autocomplete="organization")


def read_place(form: SalonForm) -> Affiliation | None:
    """Return the commune, EPCI or organisation of a form; None after adding the error to the form.

    An exact commune wins over a suggestion that was chosen before it was typed.
    """
    commune, organisation = form.commune.data or "", form.organisation.data or ""
    if commune and organisation:
        _add_error(form.organisation, "Indiquez la commune ou l’autre organisme, pas les deux.")
        return None
    if organisation:
        return None if form.organisation.errors else Affiliation(organisation)
    if not commune:
        _add_error(form.commune, "Indiquez la commune ou l’EPCI, ou bien un autre organisme.")
        return None
    for text in (commune, form.place_choice.data):
        matched_place = queries.find_place(text) if text else []
        if isinstance(matched_place, Affiliation):
            return matched_place
    close = queries.find_place(commune)
    assert not isinstance(close, Affiliation)
    form.place_choice.choices = {place.name: place.name for place in close}
    _add_error(
        form.commune,
        "Plusieurs communes sont possibles : choisissez ci-dessous, ou corrigez le nom."
        if close
        else "Cette commune n’est pas dans la liste des communes. "
        "Hors du département, utilisez « Autre organisme ».",
    )
    return None


def read_line_place(
    commune: str, organisation: str, default: Affiliation | None
) -> Affiliation | str:
    """Return the place of one line of a list, `default` for a line that names none, or a fault."""
    if commune and organisation:
        return "Indiquez la commune ou l’autre organisme, pas les deux."
    place = queries.find_place(commune or organisation) if commune or organisation else default
    if isinstance(place, Affiliation):
        return place
    if organisation:
        return Affiliation(clean_name(organisation)[:MAX_LINE])
    if place is None:
        return "Indiquez la commune, ou un autre organisme."
    names = " ou ".join(f"«\u00a0{candidate.name}\u00a0»" for candidate in place)
    text = f"La commune «\u00a0{commune}\u00a0»"
    if names:
        return f"{text} n’est pas sûre. Écrivez {names}, ou remplissez « Organisme »."
    return f"{text} n’est pas dans la liste. Hors du département, remplissez « Organisme »."


def _add_error(field: Field, message: str) -> None:
    field.errors = [*field.errors, message]


def person_of(form: SalonForm, place: Affiliation, **fixed_values: Any) -> Person:
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
    if "visit_days" in form:
        values["visit_days"] = days_chosen(form.visit_days)
    return Person(**{**values, "place": place, **fixed_values})


def days_chosen(field: Field) -> str:
    """Return the days ticked, as they are stored: "" when all are."""
    chosen = field.data or []
    return " ".join(chosen) if len(chosen) < len(field.choices) else ""
