"""Filters of the lists. They only read: no token."""

from wtforms import SelectChoice, SelectField, StringField

from salon.dashboard.presenters import action_label
from salon.platform.forms import FilterForm, one_line
from salon.platform.mail.outbox import MessageStatus

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
