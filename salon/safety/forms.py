"""The safety form of a stand, one field a question, and the override of a rule."""

import math
from typing import Any

from wtforms import Field, Form, RadioField, SelectField, StringField
from wtforms.validators import ValidationError

from salon.platform.pages.forms import FilterForm, VersionForm, line, required
from salon.safety.engine.assessment import Verdict
from salon.safety.engine.questions import QUESTIONS, Answers, Kind, SafetyQuestion
from salon.safety.queries import INCOMPLETE, TO_SUBMIT, Sheet

YES, NO = "yes", "no"
LONGEST = 300


class MarkedRequired:
    """Mark a question as « obligatoire » but accept a blank: a form may be saved half done."""

    field_flags = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        return None


class YesNoField(RadioField):
    """« Oui », « Non », or no answer yet."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, choices={YES: "Oui", NO: "Non"}, **options)

    def pre_validate(self, form: Form) -> None:
        if self.data not in (None, "", "None", YES, NO):
            raise ValidationError("Répondez par oui ou par non.")


class AmountField(StringField):
    """A number from 0 to `maximum`, with a comma or a point; empty is no answer."""

    def __init__(self, label: str, maximum: float, **options: Any) -> None:
        super().__init__(label, **options)
        self.most = maximum

    def amount(self) -> float | None:
        text = (self.data or "").replace(",", ".").replace("\u00a0", "").replace(" ", "")
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            raise ValidationError("Indiquez un nombre, par exemple 2,5.") from None
        if not math.isfinite(number) or not 0 <= number <= self.most:
            raise ValidationError(f"Indiquez un nombre de 0 à {self.most:g}.")
        return number

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        self.amount()


class SafetyAnswersForm(VersionForm):
    """The questions, all optional, and the version that was read."""

    @classmethod
    def holding(cls, answers: Answers, version: int) -> "SafetyAnswersForm":
        """Return the form as if these answers had been typed."""
        typed_answers = {question.key: _typed(answers.get(question.key)) for question in QUESTIONS}
        return cls(formdata=None, data={**typed_answers, "version": str(version)})

    @property
    def answers(self) -> dict[str, object]:
        return {question.key: _answer(self[question.key], question) for question in QUESTIONS}


def _field(question: SafetyQuestion) -> Field:
    text = f"{question.text} ({question.unit})" if question.unit else question.text
    if question.kind == Kind.YES_NO:
        return YesNoField(text, description=question.hint, validators=[MarkedRequired()])
    if question.kind == Kind.NUMBER:
        return AmountField(
            text,
            maximum=question.most,
            description=question.hint,
            validators=[MarkedRequired()],
            render_kw={"inputmode": "decimal", "maxlength": 9},
        )
    return line(text, MarkedRequired(), length=LONGEST)


def _typed(value: object) -> str | None:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int | float):
        return f"{value:g}".replace(".", ",")
    return str(value) if value else None


def _answer(field: Field, question: SafetyQuestion) -> object:
    if question.kind == Kind.YES_NO:
        return {YES: True, NO: False}.get(field.data or "")
    if isinstance(field, AmountField):
        return field.amount()
    return field.data or None


for _question in QUESTIONS:
    setattr(SafetyAnswersForm, _question.key, _field(_question))


class OverrideForm(VersionForm):
    reason = line(
        "Pourquoi cette règle est levée",
        required(
            "Écrivez pourquoi cette règle est levée : le chargé de sécurité lira cette phrase."
        ),
        length=LONGEST,
    )


class SafetyFilterForm(FilterForm):
    q = line("Nom ou stand", length=100)
    sheet = SelectField(
        "Fiche",
        choices={
            "": "Toutes",
            INCOMPLETE: "À relancer",
            **Sheet.choices(),
        },
        default="",
    )
    verdict = SelectField(
        "Résultat",
        choices={
            "": "Tous",
            TO_SUBMIT: "À soumettre au chargé de sécurité",
            **Verdict.choices(),
        },
        default="",
    )
