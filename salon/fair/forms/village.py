"""Forms of the village and of the programme: bodies, themes, rooms, items, documents."""

from datetime import date

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, Form, FormField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from salon.fair.forms.floor import ListField, WholeField
from salon.fair.forms.settings import FigureFields
from salon.platform.database.versions import Values
from salon.platform.pages.fields import FrenchHourField, website_field
from salon.platform.pages.forms import (
    ChangeForm,
    CreatingForm,
    InRange,
    NumberedList,
    RowList,
    SalonForm,
    StampForm,
    at_most,
    check_lines,
    line,
    markdown_field,
    organisation_field,
    paragraphs,
    person_field,
    required,
    several_lines,
)
from salon.platform.settings.clock import local, paris

MOST_ROWS = 12
LONGEST_THEME, LONGEST_SUMMARY = 100, 250


def place_field() -> WholeField:
    return WholeField(
        "Place dans la liste",
        validators=[
            InputRequired("Indiquez sa place dans la liste."),
            InRange(1, 999, "Indiquez une place entre 1 et 999."),
        ],
        render_kw={"inputmode": "numeric"},
    )


class LinkFields(Form):
    """A link under its words; without both it is left out."""

    label = line("Mots du lien", length=100, autocomplete="off")
    address = website_field("Adresse du lien")

    def validate_label(self, field: Field) -> None:
        if bool(field.data) != bool(self.address.data):
            raise ValidationError("Indiquez les mots du lien et son adresse, ou aucun des deux.")


class SpeakerFields(Form):
    """Somebody who speaks; without a name they are left out."""

    name = person_field("Nom de l’intervenant", Optional(), length=100, autocomplete="off")
    role = line("Sa fonction", length=120, autocomplete="off")


class _Body(SalonForm):
    name = organisation_field("Nom de l’organisme", required("Indiquez le nom."), length=120)
    short_name = organisation_field("Nom court", required("Indiquez le nom court."), length=40)
    stand_id = ListField("Stand", coerce=int, choices=[])
    topics = line("Sujets", required("Indiquez les sujets qu’il traite."), length=200)
    presentation = markdown_field("Présentation", required("Présentez l’organisme."), length=1_500)
    place = place_field()

    @staticmethod
    def shown(values: Values) -> Values:
        return {**values, "place": values["rank"] + 1}


class AddBodyForm(_Body, CreatingForm):
    pass


class ChangeBodyForm(_Body, ChangeForm):
    pass


class _Theme(SalonForm):
    name = line("Titre du thème", required("Indiquez le titre du thème."), length=LONGEST_THEME)
    body_id = ListField("Organisme qui répond", coerce=int, choices=[])
    summary = line("En une phrase", required("Résumez le thème."), length=LONGEST_SUMMARY)
    details = TextAreaField(
        "Ce qu’il faut savoir",
        validators=[at_most(3_000), check_lines],
        filters=[several_lines],
        render_kw={"rows": 6, "maxlength": 3_000},
    )
    figures = RowList(FormField(FigureFields), "Chiffre", max_entries=MOST_ROWS)
    links = RowList(FormField(LinkFields), "Lien", max_entries=MOST_ROWS)
    place = place_field()

    @property
    def values(self) -> Values:
        values = dict(super().values)
        return {**values, "details": [line for line in values["details"].split("\n") if line]}

    @staticmethod
    def shown(values: Values) -> Values:
        place, details = values["rank"] + 1, "\n".join(values["details"])
        return {**values, "place": place, "details": details}


class AddThemeForm(_Theme, CreatingForm):
    pass


MOST_THEMES = 40
"""Themes of one body in one list."""


class BodyThemes(Form):
    """The themes of one body, a line for each: its title, a colon, a sentence."""

    lines = paragraphs("Thèmes", length=10_000, rows=3)
    themes: list[tuple[str, str]]

    def validate_lines(self, field: Field) -> None:
        self.themes = []
        lines = [line for line in (field.data or "").split("\n") if line]
        if len(lines) > MOST_THEMES:
            raise ValidationError(f"Au plus {MOST_THEMES} thèmes à la fois.")
        for text in lines:
            name, _, summary = (part.strip() for part in text.partition(":"))
            if not name or not summary:
                raise ValidationError(
                    f"«\u00a0{text[:60]}\u00a0» : écrivez le titre, deux-points, puis une phrase."
                )
            if len(name) > LONGEST_THEME or len(summary) > LONGEST_SUMMARY:
                raise ValidationError(
                    f"«\u00a0{name[:60]}\u00a0» : au plus {LONGEST_THEME} signes pour le titre, "
                    f"{LONGEST_SUMMARY} pour la phrase."
                )
            self.themes.append((name, summary[0].upper() + summary[1:]))


class ThemesForm(CreatingForm):
    bodies = NumberedList(FormField(BodyThemes), "Organisme", max_entries=200)

    def validate_bodies(self, field: Field) -> None:
        if not any(entry.form.lines.data for entry in field):
            raise ValidationError("Écrivez au moins un thème.")


class ChangeThemeForm(_Theme, StampForm):
    pass


class _Item(SalonForm):
    title = line("Titre", required("Indiquez le titre."), length=150)
    day = ListField("Jour", choices=[])
    starts = FrenchHourField("Début", validators=[InputRequired("Indiquez l’heure de début.")])
    ends = FrenchHourField("Fin", validators=[InputRequired("Indiquez l’heure de fin.")])
    room_id = ListField("Salle ou lieu", coerce=int, choices=[])
    theme_id = ListField("Thème", choices=[])
    summary = markdown_field("Présentation", length=1_500)
    speakers = RowList(FormField(SpeakerFields), "Intervenant", max_entries=MOST_ROWS)
    is_draft = BooleanField("Brouillon")

    @property
    def values(self) -> Values:
        values = dict(super().values)
        day = date.fromisoformat(values.pop("day"))
        starts_at, ends_at = paris(day, values.pop("starts")), paris(day, values.pop("ends"))
        theme_id = int(values["theme_id"]) if values["theme_id"] else None
        return {**values, "starts_at": starts_at, "ends_at": ends_at, "theme_id": theme_id}

    @staticmethod
    def shown(values: Values) -> Values:
        """Return the fields of an item: its day and hours in wall-clock time."""
        starts_at, ends_at = local(values["starts_at"]), local(values["ends_at"])
        return {
            **values,
            "day": starts_at.date().isoformat(),
            "starts": starts_at.time(),
            "ends": ends_at.time(),
            "theme_id": str(values["theme_id"] or ""),
        }


class AddItemForm(_Item, CreatingForm):
    pass


class ChangeItemForm(_Item, StampForm):
    pass


class _Room(SalonForm):
    name = organisation_field("Nom de la salle", required("Indiquez le nom."), length=80)
    seats = WholeField(
        "Places",
        validators=[
            Optional(),
            InRange(1, 20_000, "Indiquez un nombre de places entre 1 et 20 000."),
        ],
        render_kw={"inputmode": "numeric"},
    )


class AddRoomForm(_Room, CreatingForm):
    pass


class ChangeRoomForm(_Room, StampForm):
    pass


class FileForm(CreatingForm):
    label = line("Nom du document", required("Donnez un nom au document."), length=100)
    file = FileField(
        "Fichier",
        validators=[required("Choisissez un fichier.")],
        render_kw={"accept": "application/pdf,image/jpeg,image/png,.pdf,.jpg,.jpeg,.png"},
    )
