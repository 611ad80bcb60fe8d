"""Fields shared by several forms of appointments."""

import re
from datetime import UTC, datetime

from wtforms import (
    Form,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.validators import Optional

from salon.appointments.rules.booking import MAX_PROJECT, MAX_SUBJECT
from salon.badges.imports.typed_person import (
    ask_civility,
    ask_commune,
    ask_first_name,
    ask_function,
    ask_function_other,
    ask_last_name,
    ask_organisation,
    ask_place_choice,
)
from salon.platform.pages.forms import (
    MAX_NAME,
    InRange,
    line,
    paragraphs,
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

    def process_formdata(self, valuelist: list[str]) -> None:
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


class IdentityFields(Form):
    """The visitor's identity, with the fields of a registration."""

    civility = ask_civility(is_required=False)
    first_name = ask_first_name(autocomplete="given-name")
    last_name = ask_last_name(autocomplete="family-name")
    function = ask_function()
    function_other = ask_function_other()
    commune = ask_commune()
    place_choice = ask_place_choice()
    organisation = ask_organisation()
    email = visitor_email()
