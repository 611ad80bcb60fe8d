"""Fields shared by several forms of registration."""

from typing import Any

from wtforms import (
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import ValidationError

from salon.badges.models import Category
from salon.badges.models.badge_layouts import Layout
from salon.badges.models.labels import FUNCTION_CHOICES, Civility, Function
from salon.platform.forms import (
    MAX_NAME,
    line,
    person_field,
    required,
)

LONGEST_NOTE = 300
FIRST_LINES = 3
MOST_LINES = 50

LAYOUTS = Layout.choices()
CATEGORIES = Category.choices()
CIVILITIES = Civility.choices()


def check_words_of_function(form: Any, field: Any) -> None:
    """Require the words of the function « Autre »."""
    chosen = form.function.data
    if chosen in set(Function) and Function(chosen).needs_words and not field.data:
        raise ValidationError("Précisez la fonction ou le mandat.")


def ask_first_name(**attributes: Any) -> StringField:
    asks = required("Indiquez le prénom.")
    return person_field("Prénom", asks, **attributes)


def ask_last_name(**attributes: Any) -> StringField:
    asks = required("Indiquez le nom.")
    return person_field("Nom", asks, **attributes)


def ask_function(label: str = "Fonction") -> SelectField:
    return SelectField(
        label,
        choices=FUNCTION_CHOICES,
        validators=[required("Choisissez la fonction.")],
        default="",
    )


def ask_function_other() -> StringField:
    return line("Précisez la fonction", check_words_of_function, length=MAX_NAME)


def ask_civility(*validators: Any) -> RadioField:
    return RadioField(
        "Civilité",
        choices=CIVILITIES,
        validators=list(validators),
        default="",
    )
