"""Forms of the solver's runs and of the weights of its rules."""

from wtforms import BooleanField, HiddenField, IntegerField, SelectChoice, SelectField

from salon.platform.pages.forms import InRange, SalonForm
from salon.platform.words.formats import duration
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.solving.problem import LONGEST_LEAST
from salon.staffing.presenters.labels import RULES
from salon.staffing.rules.settings import HEAVIEST

MARGINS = [
    SelectChoice(0, "rien"),
    SelectChoice(30, "30\u00a0min"),
    SelectChoice(60, "1\u00a0h"),
    SelectChoice(90, "1\u00a0h\u00a030"),
]


class AskRunForm(SalonForm):
    """Whether to change the draft as little as possible."""

    keeps_draft = BooleanField("Changer le brouillon le moins possible")


def weight(key: str) -> IntegerField:
    """Return the field of a soft rule's weight."""
    bounds = InRange(0, HEAVIEST, message=f"Indiquez un nombre entier, de 0 à {HEAVIEST}.")
    return IntegerField(RULES[key].name, description=RULES[key].unit, validators=[bounds])


class SettingsForm(SalonForm):
    """Hours around the opening, and a weight for each soft rule."""

    version = HiddenField("Version")
    before_minutes = SelectField("Avant l’ouverture", coerce=int, choices=MARGINS)
    after_minutes = SelectField("Après la fermeture", coerce=int, choices=MARGINS)
    lunch_is_due = BooleanField(
        "Personne ne perd son heure pour déjeuner (11\u00a0h\u00a030 – 14\u00a0h\u00a030)",
        description="Le calcul la laisse à tous, même si un stand manque alors d’agents\u00a0; "
        "la prendre à la main demande une confirmation.",
    )
    least_stint = SelectField(
        "Vacation la plus courte",
        coerce=int,
        choices=[
            SelectChoice(number, duration(number * HALF_HOUR))
            for number in range(1, LONGEST_LEAST + 1)
        ],
    )
    unwished = weight("unwished")
    uneven = weight("uneven")
    stint = weight("stint")
    short = weight("short")
    long = weight("long")
    lunch = weight("lunch")
    walking = weight("walking")
    avoided = weight("avoided")
    elsewhere = weight("elsewhere")
    changed = weight("changed")

    @property
    def read_version(self) -> int:
        """Return the version that was read; 0, which no settings ever have, when it is not a
        number.
        """
        version_text = self.version.data or ""
        return int(version_text) if version_text.isdecimal() and len(version_text) < 10 else 0

    @property
    def weights(self) -> dict[str, int]:
        """Return the weight of each rule."""
        return {key: self[key].data for key in RULES}
