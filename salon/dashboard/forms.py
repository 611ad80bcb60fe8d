"""Filters of the lists, which only read, and the choice of the next edition."""

from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import Regexp

from salon.platform.database.journal import action_label
from salon.platform.mail.outbox import MessageStatus
from salon.platform.pages.fields import FrenchDateField
from salon.platform.pages.forms import (
    FilterForm,
    SalonForm,
    line,
    one_line,
    optional_email,
    organisation_field,
    required,
)

LONGEST = 254


def _printed(text: str | None) -> str:
    return "".join(letter for letter in text or "" if letter.isprintable())[:LONGEST]


def _text(label: str, description: str = "") -> StringField:
    return StringField(
        label,
        description=description,
        filters=[one_line, _printed],
        render_kw={"maxlength": LONGEST, "autocomplete": "off"},
    )


class MessageFilterForm(FilterForm):
    q = _text("Adresse électronique")
    status = SelectField(
        "État",
        choices=[
            SelectChoice("", "Tous"),
            *(SelectChoice(status.value, status.label) for status in MessageStatus),
        ],
        default="",
    )


class OppositionFilterForm(FilterForm):
    q = optional_email(autocomplete="off")


class ReadmissionForm(SalonForm):
    reason = line(
        "Pourquoi lui écrire de nouveau",
        required("Dites pourquoi : le journal le garde."),
        description="Par exemple « Demandé au téléphone le 3 mars ».",
        autocomplete="off",
    )


class JournalFilterForm(FilterForm):
    action = SelectField("Action", default="")
    subject = _text("Objet", "Par exemple « Inscrit 12 ».")
    actor = _text("Auteur")

    def offer(self, actions: list[str]) -> None:
        """Set the actions to choose from, by their French label."""
        labelled = sorted((action_label(action), action) for action in actions)
        self.action.choices = [
            SelectChoice("", "Toutes"),
            *(SelectChoice(action, label) for label, action in labelled),
        ]


class NextEditionForm(SalonForm):
    """The names and the first day of an edition made from another one."""

    first_day = FrenchDateField(
        "Premier jour",
        validators=[required("Indiquez le premier jour.")],
        description="Toutes les dates avancent d’autant : inscriptions, programme, échéances.",
    )
    name = organisation_field("Nom", required("Indiquez le nom."), length=160)
    short_name = organisation_field("Nom court", required("Indiquez le nom court."), length=60)
    slug = line(
        "Identifiant",
        required("Indiquez un identifiant."),
        Regexp(r"[a-z0-9-]+\Z", message="Des minuscules sans accent, des chiffres, des tirets."),
        length=30,
        description="Une année, pour l’adresse des pages\u00a0: «\u00a02027\u00a0».",
    )
