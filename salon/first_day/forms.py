"""Forms of the first day."""

from datetime import time

from wtforms import Field, FloatField, Form, FormField, SelectField, TextAreaField
from wtforms.validators import NumberRange, Optional, ValidationError
from wtforms.widgets import TextInput

from salon.platform.pages.fields import FrenchDateField, FrenchHourField, FrenchMomentField
from salon.platform.pages.forms import (
    NumberedList,
    RowList,
    SalonForm,
    at_most,
    email,
    line,
    optional_email,
    organisation_field,
    person_field,
    required,
    several_lines,
)
from salon.platform.settings.clock import current_zone
from salon.platform.words.territory import departments

MOST_DAYS, MOST_HALLS = 3, 6
LONGEST_HALL = 400


def department_choices() -> dict[str, str]:
    labels = {department.code: department.label for department in departments()}
    return {"": "Choisissez…", **labels}


class FirstAccountForm(SalonForm):
    display_name = person_field(
        "Votre nom", required("Indiquez votre nom."), length=80, autocomplete="name"
    )
    email = email("Votre adresse électronique")


class TerritoryForm(SalonForm):
    department = SelectField(
        "Département",
        validators=[required("Choisissez un département.")],
        choices=department_choices,
    )
    day_on = FrenchDateField("Jour du salon", validators=[required("Indiquez le jour du salon.")])
    village_name = organisation_field(
        "Nom du village",
        required("Donnez un nom au village, par exemple « le village »."),
        length=60,
    )


class OrganiserForm(SalonForm):
    name = organisation_field("Nom du salon", required("Donnez son nom au salon."), length=160)
    short_name = organisation_field(
        "Nom court", required("Donnez un nom court au salon."), length=60
    )
    organiser = organisation_field(
        "Organisateur", required("Indiquez qui organise le salon."), length=160
    )
    second_name = person_field("Nom de la deuxième personne", length=80)
    second_email = optional_email(
        "Adresse électronique de la deuxième personne", autocomplete="off"
    )

    def validate_second_name(self, field: Field) -> None:
        if bool(self.second_email.data) != bool(field.data):
            raise ValidationError("Indiquez le nom et l’adresse de la deuxième personne, ou aucun.")


class PlaceForm(SalonForm):
    place = organisation_field("Lieu", required("Indiquez le lieu du salon."), length=120)
    address = line("Adresse", required("Indiquez l’adresse du salon."), length=200)
    city = organisation_field("Ville", required("Indiquez la ville du salon."), length=80)


class DayFields(Form):
    day_on = FrenchDateField("Jour", validators=[Optional()])
    opens = FrenchHourField("Ouverture", default=time(9))
    closes = FrenchHourField("Fermeture", default=time(17, 30))

    def validate_closes(self, field: Field) -> None:
        if self.day_on.data and None in (self.opens.data, field.data):
            raise ValidationError("Indiquez l’heure d’ouverture et l’heure de fermeture.")


class DaysForm(SalonForm):
    days = RowList(FormField(DayFields), "Jour", max_entries=MOST_DAYS)


class MetresField(FloatField):
    """A length in metres, with a comma or a point."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value.replace(",", ".") for value in valuelist if value.strip()])


def metres_field(label: str) -> MetresField:
    bounds = NumberRange(3, LONGEST_HALL, f"Indiquez une longueur entre 3 m et {LONGEST_HALL} m.")
    return MetresField(label, validators=[Optional(), bounds], render_kw={"inputmode": "decimal"})


class HallFields(Form):
    name = organisation_field("Nom du hall", Optional(), length=20)
    width = metres_field("Largeur (m)")
    depth = metres_field("Profondeur (m)")

    def validate_depth(self, field: Field) -> None:
        if self.name.data and None in (self.width.data, field.data):
            raise ValidationError("Indiquez la largeur et la profondeur de ce hall.")


class HallsForm(SalonForm):
    halls = NumberedList(FormField(HallFields), "Hall", max_entries=MOST_HALLS)


class VillageForm(SalonForm):
    bodies = TextAreaField(
        "Organismes",
        validators=[Optional(), at_most(2_000)],
        filters=[several_lines],
        render_kw={"rows": 6, "maxlength": 2_000},
    )


class RegistrationForm(SalonForm):
    opens_at = FrenchMomentField(
        "Ouverture des inscriptions",
        validators=[required("Indiquez quand elles ouvrent.")],
        tz=current_zone,
    )
    closes_at = FrenchMomentField(
        "Clôture des inscriptions",
        validators=[required("Indiquez quand elles ferment.")],
        tz=current_zone,
    )
