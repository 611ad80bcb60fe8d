"""Forms of an exhibitor's documents and tasks, and of the tasks that organisers add."""

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from salon.exhibitors.models import AnswerKind, DocumentKind, DocumentStatus, Task
from salon.fair.models import StandCategory
from salon.platform.database.versions import Values
from salon.platform.pages.fields import NOT_WHOLE, FrenchDateField, number_field
from salon.platform.pages.forms import (
    CreatingForm,
    FilterForm,
    ListedField,
    SalonForm,
    StampForm,
    VersionForm,
    line,
    markdown_field,
    paragraphs,
    required,
)

LONGEST_REASON = 500
LONGEST_ANSWER = 1_000
LONGEST_EXPLANATION = 2_000
KINDS = DocumentKind.choices()


class AgreeForm(SalonForm):
    accepts = BooleanField(
        "J’ai lu et j’accepte le règlement des exposants.",
        validators=[required("Cochez la case pour donner votre accord.")],
    )


class DocumentForm(CreatingForm):
    kind = SelectField(
        "Ce document est",
        choices={"": "Choisissez", **KINDS},
        validators=[required("Dites de quel document il s’agit.")],
        default="",
    )
    file = FileField(
        "Fichier",
        validators=[required("Choisissez un fichier.")],
        render_kw={"accept": "application/pdf,image/jpeg,image/png,.pdf,.jpg,.jpeg,.png"},
    )


class AnswerForm(VersionForm):
    """The answer is the button pressed."""

    answer = RadioField(
        "Réponse",
        choices={
            DocumentStatus.ACCEPTED.value: "Accepter",
            DocumentStatus.REFUSED.value: "Refuser",
        },
        validators=[InputRequired("Acceptez ou refusez ce document.")],
    )
    reason = paragraphs("Ce qui ne convient pas", length=LONGEST_REASON)


class DocumentFilterForm(FilterForm):
    kind = SelectField("Document", choices={"": "Tous", **KINDS}, default="")
    status = SelectField(
        "État",
        choices=DocumentStatus.choices("Tous"),
        default="",
    )


class LateFilterForm(FilterForm):
    task = SelectField("Tâche", choices=Task.choices("Toutes"), default="")
    show = SelectField(
        "Montrer",
        choices={
            "": "En retard",
            "open": "Pas encore fait",
            "sent": "Envoyé, à vérifier",
            "all": "Tous les exposants",
        },
        default="",
    )


class TickForm(StampForm):
    is_done = BooleanField("C’est fait")

    @property
    def values(self) -> Values:
        return {"text": "" if self.is_done.data else None}


class TextAnswerForm(StampForm):
    text = paragraphs("Votre réponse", length=LONGEST_ANSWER)

    @property
    def values(self) -> Values:
        return {"text": self.text.data or None}


class _Task(SalonForm):
    title = line("Titre", required("Donnez un titre à cette tâche."), length=80)
    explanation = markdown_field("Explication", length=LONGEST_EXPLANATION)
    due_on = FrenchDateField(
        "À faire avant la fin du", validators=[InputRequired("Indiquez ce jour.")]
    )
    stand_category = ListedField(
        "Qui est concerné",
        choices={
            "": "Tous les exposants",
            **{category.value: f"Stands : {category.label}" for category in StandCategory},
        },
    )
    expects = ListedField("Ce qui est attendu", choices=AnswerKind.choices())
    place = number_field(
        "Place dans la liste",
        1,
        99,
        InputRequired("Indiquez sa place dans la liste."),
        message="Indiquez une place entre 1 et 99.",
        wrong=NOT_WHOLE,
    )

    @property
    def values(self) -> Values:
        values = super().values
        category = values["stand_category"]
        return {
            **values,
            "stand_category": StandCategory(category) if category else None,
            "expects": AnswerKind(values["expects"]),
        }

    @staticmethod
    def shown(values: Values) -> Values:
        return {**values, "stand_category": values["stand_category"] or ""}


class AddTaskForm(_Task, CreatingForm):
    pass


class ChangeTaskForm(_Task, StampForm):
    pass
