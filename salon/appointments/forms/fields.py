"""Fields shared by several forms of appointments."""

import re
from datetime import UTC, datetime
from typing import Any

from wtforms import (
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Optional, ValidationError

from salon.appointments.rules.booking import MAX_PROJECT, MAX_SUBJECT
from salon.badges.models.labels import FUNCTION_CHOICES, Civility, Function
from salon.platform.forms import (
    MAX_NAME,
    InRange,
    line,
    organisation_field,
    paragraphs,
    person_field,
    required,
    visitor_email,
)

MOST_EUROS = 2_000_000_000
YEARS = range(2000, 2100)
STAGES = {
    "": "Choisissez",
    "Une idée": "Une idée",
    "Une étude en cours": "Une étude en cours",
    "Un projet chiffré": "Un projet chiffré",
    "Une demande d’aide déposée": "Une demande d’aide déposée",
    "Des travaux commencés": "Des travaux commencés",
}


class WholeEuros(IntegerField):
    """A whole number of euros, such as « 150 000 € »."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = [re.sub(r"[\s\u00a0\u202f€]", "", text)[:20] for text in valuelist]
        if not any(typed):
            self.data = None
            return
        try:
            self.data = int(typed[0]) if re.fullmatch(r"-?[0-9]+", typed[0]) else None
        finally:
            if self.data is None:
                raise ValueError("Indiquez un nombre entier d’euros. Exemple : 150 000")


class InstantField(StringField):
    """An instant as ISO 8601 with its offset; `instant` is None when it is not valid."""

    @property
    def instant(self) -> datetime | None:
        try:
            read = datetime.fromisoformat(self.data or "")
        except ValueError:
            return None
        if read.tzinfo is None or read.year not in YEARS:
            return None
        return read.astimezone(UTC)


class RowField(HiddenField):
    """The id of a row; `row` is None when it is blank or not valid."""

    @property
    def row(self) -> int | None:
        match = re.fullmatch(r"[1-9][0-9]{0,8}", self.data or "")
        return int(match[0]) if match else None


class QuestionFields(Form):
    """The visitor's question."""

    subject = line("Votre question", required("Écrivez votre question."), length=MAX_SUBJECT)


class FactsFields(QuestionFields):
    """The question with the facts of the project."""

    project = paragraphs("Votre projet", length=MAX_PROJECT)
    stage = SelectField("Où en est-il\u00a0?", choices=STAGES, default="")
    amount = WholeEuros(
        "Montant estimé, en euros",
        validators=[
            Optional(),
            InRange(0, MOST_EUROS, message="Indiquez un montant entre 0 et 2 milliards d’euros."),
        ],
        render_kw={"inputmode": "numeric", "type": "text", "maxlength": 20},
    )
    deadline = line("Échéance", length=MAX_NAME)


def check_words_of_function(form: Any, field: Any) -> None:
    """Require the words of the function when it is « Autre »."""
    chosen = form.function.data
    if chosen in set(Function) and Function(chosen).needs_words and not field.data:
        raise ValidationError("Précisez la fonction ou le mandat.")


class IdentityFields(Form):
    """The visitor's identity, with the fields of a registration."""

    civility = RadioField(
        "Civilité",
        choices=Civility.choices(),
        validators=[InputRequired("Choisissez la civilité.")],
        default="",
    )
    first_name = person_field("Prénom", required("Indiquez le prénom."), autocomplete="given-name")
    last_name = person_field("Nom", required("Indiquez le nom."), autocomplete="family-name")
    function = SelectField(
        "Fonction",
        choices=FUNCTION_CHOICES,
        validators=[required("Choisissez la fonction.")],
        default="",
    )
    function_other = line("Précisez la fonction", check_words_of_function, length=MAX_NAME)
    commune = line("Commune", autocomplete="off", list="places", autocapitalize="words")
    place_choice = RadioField(
        "Vous pensez peut-être à",
        choices={},
        validate_choice=False,
        validators=[Optional()],
        default="",
    )
    organisation = organisation_field("Autre organisme", autocomplete="organization")
    email = visitor_email()
