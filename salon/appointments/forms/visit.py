"""The questions of Mon parcours, sent by GET: the address of a visit can be shared."""

from collections.abc import Sequence
from datetime import date, time

from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from salon.platform.pages.forms import FilterForm, checkboxes, required
from salon.platform.words.formats import day

MOST_NEEDS = 4
NO_NEED = "Cochez au moins un sujet."
WITH = [
    SelectChoice("rendez-vous", "Des rendez-vous avec ceux qui peuvent répondre"),
    SelectChoice("conferences", "Les conférences sur ces sujets"),
    SelectChoice("stands", "Les stands qui valent le détour"),
]


def _hour(text: str) -> str:
    """Return « 9 h 30 » from « 09:30 »."""
    hours, _, minutes = text.partition(":")
    return f"{int(hours)}\u00a0h" + (f"\u00a0{minutes}" if minutes != "00" else "")


class VisitForm(FilterForm):
    """The questions. `jour`: rank of the day; `de`, `a`: hours as « 09:00 »."""

    besoin = checkboxes("De quoi voulez-vous parler\u00a0?", validators=[required(NO_NEED)])
    jour = SelectField("Quel jour\u00a0?", default="0")
    de = SelectField("J’arrive vers", validators=[required()])
    a = SelectField("Je repars vers", validators=[required()])
    avec = checkboxes("Que voulez-vous dans votre parcours\u00a0?", choices=WITH)

    def __init__(
        self,
        needs: Sequence[tuple[str, str]],
        days: Sequence[tuple[date, time, time]],
        hours: Sequence[str],
        **more: object,
    ) -> None:
        super().__init__(**more)
        self.besoin.choices = [SelectChoice(*need) for need in needs]
        self._days = days
        self.jour.choices = [
            SelectChoice(str(rank), day(day_on)) for rank, (day_on, _, _) in enumerate(days)
        ]
        words = [SelectChoice(hour, _hour(hour)) for hour in hours]
        self.de.choices, self.a.choices = words[:-1], words[1:]

    def validate_besoin(self, field: SelectMultipleField) -> None:
        if len(field.data) > MOST_NEEDS:
            raise ValidationError(
                f"Cochez {MOST_NEEDS} sujets au plus\u00a0: la journée est courte."
            )

    def validate_a(self, field: SelectField) -> None:
        if self.de.data and field.data and field.data <= self.de.data:
            raise ValidationError("Choisissez une heure de départ après l’heure d’arrivée.")
        if not (self.jour.data or "").isdecimal() or int(self.jour.data) >= len(self._days):
            return
        day_on, opens, closes = self._days[int(self.jour.data)]
        first, last = f"{opens:%H:%M}", f"{closes:%H:%M}"
        if field.data and self.de.data and (field.data <= first or self.de.data >= last):
            raise ValidationError(
                f"Le {day(day_on)}, le salon est ouvert de {_hour(first)} à {_hour(last)}."
            )
