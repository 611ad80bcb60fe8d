"""Forms of an exhibitor's profile and documents."""

from flask_wtf.file import FileField
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from salon.exhibitors.models import DocumentKind, DocumentStatus, Task
from salon.platform.forms import (
    CreatingForm,
    FilterForm,
    VersionForm,
    paragraphs,
    required,
)

LONGEST_REASON = 500
KINDS = DocumentKind.choices()


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
