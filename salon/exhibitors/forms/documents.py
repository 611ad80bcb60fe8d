"""Forms of an exhibitor's profile and documents."""

from flask_wtf.file import FileField
from wtforms import BooleanField, FormField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from salon.exhibitors.forms.application import CoExhibitorFields, VersionForm
from salon.exhibitors.forms.application_fields import website_field
from salon.exhibitors.models import DocumentKind, DocumentStatus, Task
from salon.exhibitors.rules.application import LONGEST_PRESENTATION, MOST_CO_EXHIBITORS
from salon.platform.forms import (
    CreatingForm,
    FilterForm,
    NumberedList,
    at_most,
    check_lines,
    required,
    several_lines,
)

LONGEST_REASON = 500
KINDS = {kind.value: kind.label for kind in DocumentKind}


class ProfileForm(VersionForm):
    """An exhibitor's entry in the catalogue."""

    presentation = TextAreaField(
        "Présentation",
        validators=[
            required("Écrivez la présentation."),
            at_most(LONGEST_PRESENTATION),
            check_lines,
        ],
        filters=[several_lines],
        render_kw={"rows": 7, "maxlength": LONGEST_PRESENTATION},
    )
    website = website_field()
    logo = FileField("Logo", render_kw={"accept": "image/png,image/jpeg,image/webp"})
    remove_logo = BooleanField("Retirer le logo actuel")
    co_exhibitors = NumberedList(
        FormField(CoExhibitorFields, "Co-exposant"),
        "Co-exposants",
        min_entries=MOST_CO_EXHIBITORS,
        max_entries=MOST_CO_EXHIBITORS,
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
    reason = TextAreaField(
        "Ce qui ne convient pas",
        validators=[at_most(LONGEST_REASON), check_lines],
        filters=[several_lines],
        render_kw={"rows": 4, "maxlength": LONGEST_REASON},
    )


class DocumentFilterForm(FilterForm):
    kind = SelectField("Document", choices={"": "Tous", **KINDS}, default="")
    status = SelectField(
        "État",
        choices={"": "Tous", **{status.value: status.label for status in DocumentStatus}},
        default="",
    )


class LateFilterForm(FilterForm):
    task = SelectField(
        "Tâche", choices={"": "Toutes", **{task.value: task.label for task in Task}}, default=""
    )
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
