"""Forms of the booking settings and topics."""

from wtforms import (
    BooleanField,
    Form,
    FormField,
    IntegerField,
    SelectField,
)
from wtforms.validators import InputRequired, Optional

from salon.appointments.rules.settings import MINUTES, MOST_TOPICS
from salon.platform.pages.fields import number_field
from salon.platform.pages.forms import (
    CreatingForm,
    FilterForm,
    InRange,
    NumberedList,
    SalonForm,
    VersionForm,
    checkboxes,
    line,
    required,
    version_field,
)
from salon.platform.web.access import LAST_ROW

MOST_STANDS = 100
MOST_KEPT = 50
LONGEST_WORDS = 300


def _row() -> IntegerField:
    return IntegerField("Ligne", validators=[InputRequired(), InRange(1, LAST_ROW, "Inconnu.")])


def _whole(label: str, low: int, high: int, description: str, step: int = 1) -> IntegerField:
    message = f"Un nombre entier de {low} à {high}."
    return number_field(
        label,
        low,
        high,
        InputRequired(message),
        message=message,
        description=description,
        render_kw={"step": step},
    )


class ThemeLine(Form):
    """The settings of a theme."""

    theme_id = _row()
    minutes = SelectField(
        "Durée", choices={minutes: f"{minutes}\u00a0min" for minutes in MINUTES}, coerce=int
    )
    is_open = BooleanField("Réservable")
    is_funding = BooleanField("Parle de financement")


class StandLine(Form):
    """How many agents of a stand stay free; blank: by `reserved_by_default`."""

    stand_id = _row()
    kept_free = number_field(
        "Agents gardés libres",
        0,
        MOST_KEPT,
        Optional(),
        message=f"Un nombre entier de 0 à {MOST_KEPT}, ou rien.",
    )


class SettingsForm(VersionForm):
    per_visitor = _whole("Rendez-vous par personne", 1, 20, "À la fois, non encore passés.")
    per_commune = _whole(
        "Rendez-vous par commune et par thème", 1, 100, "Pour que les heures profitent à toutes."
    )
    notice_minutes = _whole(
        "Délai avant une heure (minutes)",
        0,
        1_440,
        "De cinq en cinq. Plus près, le public vient sur le stand.",
        5,
    )
    buffer_minutes = _whole(
        "Pause après chaque rendez-vous (minutes)",
        0,
        30,
        "De cinq en cinq. Le temps de noter la suite.",
        5,
    )
    hold_minutes = _whole(
        "Heure gardée pendant la saisie (minutes)", 1, 30, "Ensuite, elle est de nouveau offerte."
    )
    offer_minutes = _whole(
        "Réponse de la liste d’attente (minutes)", 5, 240, "Ensuite, l’heure passe au suivant."
    )
    themes = NumberedList(FormField(ThemeLine), "Thème", max_entries=MOST_STANDS)
    stands = NumberedList(FormField(StandLine), "Stand", max_entries=MOST_STANDS)


class TopicFields(Form):
    """The fields of a topic."""

    name = line(
        "Besoin", required("Dites le besoin en quelques mots."), length=60, autocomplete="off"
    )
    words = line("Autres mots", length=LONGEST_WORDS, autocomplete="off")
    themes = checkboxes("Thèmes qui y répondent", coerce=int)
    place = number_field(
        "Place dans la liste",
        1,
        MOST_TOPICS,
        InputRequired(f"Un nombre entier de 1 à {MOST_TOPICS}."),
        message=f"Un nombre entier de 1 à {MOST_TOPICS}.",
    )


class AddTopicForm(TopicFields, CreatingForm):
    version = version_field()


class ChangeTopicForm(TopicFields, SalonForm):
    version = version_field()


class WhyForm(FilterForm):
    theme = SelectField("Thème", coerce=int)
    jour = SelectField("Jour")
    heure = SelectField("Heure", default="")
