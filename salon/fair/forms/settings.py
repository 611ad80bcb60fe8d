"""Forms of the settings of the fair itself."""

import dataclasses

from wtforms import BooleanField, Field, Form, FormField, RadioField
from wtforms.validators import InputRequired, Optional, ValidationError

from salon.fair.engine.map_points import read_point, written_point
from salon.fair.forms.floor import ButtonsField
from salon.fair.models import PhoneAsked
from salon.fair.rules.texts import PAGE_TEXTS, WAYS_IN
from salon.platform.database.consequences import GivenUp
from salon.platform.database.versions import Values
from salon.platform.pages.fields import (
    FrenchDateField,
    FrenchHourField,
    FrenchMomentField,
    phone_field,
)
from salon.platform.pages.forms import (
    ChangeForm,
    RowList,
    SectionFields,
    StampForm,
    check_email,
    line,
    markdown_field,
    organisation_field,
    paragraphs,
    required,
)
from salon.platform.settings.clock import current_zone
from salon.platform.settings.installation import LegalNotice

LEGAL = tuple(item.name for item in dataclasses.fields(LegalNotice))
MOST_SECTIONS = 12
MOST_FIGURES = 6
MOST_DAYS = 7


class FigureFields(Form):
    """A figure and what it counts; without both it is left out."""

    value = line("Chiffre", length=20, autocomplete="off")
    label = line("Ce qu’il compte", length=100, autocomplete="off")

    def validate_label(self, field: Field) -> None:
        if bool(self.value.data) != bool(field.data):
            raise ValidationError("Indiquez le chiffre et ce qu’il compte, ou aucun des deux.")


class IdentityForm(StampForm):
    name = organisation_field("Nom du salon", required("Indiquez le nom du salon."), length=150)
    short_name = organisation_field(
        "Nom court", required("Indiquez le nom court du salon."), length=60
    )
    organiser = organisation_field(
        "Organisateur", required("Indiquez qui organise le salon."), length=150
    )
    contact_email = line(
        "Adresse électronique de contact",
        Optional(),
        check_email,
        length=254,
        autocomplete="email",
        type="email",
    )
    contact_phone = phone_field()
    figures = RowList(FormField(FigureFields), "Chiffre", max_entries=MOST_FIGURES)


class DayFields(Form):
    """A day of opening; without a day it is left out."""

    day_on = FrenchDateField("Jour", validators=[Optional()])
    opens = FrenchHourField("Ouverture")
    closes = FrenchHourField("Fermeture")

    def validate_closes(self, field: Field) -> None:
        if self.day_on.data and None in (self.opens.data, field.data):
            raise ValidationError("Indiquez l’heure d’ouverture et l’heure de fermeture.")


class DaysForm(ChangeForm):
    """`given_up`, `repeats_needs`: asked each time, and not part of what is compared."""

    given_up = RadioField(
        "Si un jour est retiré, les moments de son programme",
        choices=GivenUp.choices(),
        default=GivenUp.MOVED.value,
    )
    repeats_needs = BooleanField(
        "Si un jour est ajouté, y reprendre les besoins des stands du premier jour",
        default=True,
    )
    days = RowList(FormField(DayFields), "Jour", max_entries=MOST_DAYS)


class StandingForm(ChangeForm):
    act = ButtonsField(
        "Ce que vous voulez faire", validators=[required("Choisissez ce que vous voulez faire.")]
    )


class PlaceForm(ChangeForm):
    place = organisation_field("Lieu", required("Indiquez le lieu du salon."), length=120)
    address = line("Adresse", required("Indiquez l’adresse du salon."), length=200)
    city = organisation_field("Ville", required("Indiquez la ville du salon."), length=80)
    map_point = line("Point sur la carte", length=200, autocomplete="off")

    @property
    def point(self) -> tuple[float, float] | None:
        return read_point(self.map_point.data or "")

    @property
    def values(self) -> dict[str, object]:
        latitude, longitude = self.point or (None, None)
        return {**super().values, "latitude": latitude, "longitude": longitude}

    @staticmethod
    def shown(values: Values) -> Values:
        return {**values, "map_point": written_point(values["latitude"], values["longitude"])}

    def validate_map_point(self, field: Field) -> None:
        if field.data and read_point(field.data) is None:
            raise ValidationError(
                "Ce point ne se lit pas. Collez une latitude et une longitude, comme "
                "« 43.3442, 3.2158 », ou l’adresse d’une page d’OpenStreetMap."
            )


class ArrivalSection(SectionFields):
    def validate_text(self, field: Field) -> None:
        if self.title.data and not field.data:
            raise ValidationError("Écrivez le texte de cette rubrique, ou effacez son titre.")


class ArrivalForm(StampForm):
    access = paragraphs("Accès, en quelques lignes", length=600)
    by_car = markdown_field(WAYS_IN["by_car"])
    by_bus = markdown_field(WAYS_IN["by_bus"])
    by_train = markdown_field(WAYS_IN["by_train"])
    step_free = markdown_field(WAYS_IN["step_free"])
    lunch = markdown_field(WAYS_IN["lunch"])
    practical = RowList(FormField(ArrivalSection), "Rubrique", max_entries=MOST_SECTIONS)


class RegistrationForm(StampForm):
    registration_opens_at = FrenchMomentField(
        "Ouverture des inscriptions",
        validators=[InputRequired("Indiquez un jour et une heure.")],
        tz=current_zone,
    )
    registration_closes_at = FrenchMomentField(
        "Fermeture des inscriptions",
        validators=[InputRequired("Indiquez un jour et une heure.")],
        tz=current_zone,
    )
    phone_asked = ButtonsField(
        "Demander le téléphone", choices=PhoneAsked.choices(), coerce=PhoneAsked
    )


class LegalForm(StampForm):
    """Mentions of LCEN art. 1-1 and RGPD art. 13; an empty one is that of the server's settings."""

    publisher = line("Éditeur du site", length=150)
    address = line("Adresse du siège", length=200)
    phone = phone_field()
    email = line("Adresse électronique", Optional(), check_email, length=254, type="email")
    director = line("Direction de la publication", length=150)
    host = line("Hébergeur", length=250)
    controller = line("Responsable du traitement des données", length=150)
    dpo = line("Délégué à la protection des données", length=254)

    @property
    def values(self) -> dict[str, object]:
        return {"legal": {name: text for name, text in super().values.items() if text}}

    @staticmethod
    def shown(values: Values) -> Values:
        return {**dict.fromkeys(LEGAL, ""), **values["legal"]}


class TextsForm(StampForm):
    """A field for each text of the public pages."""


for key, page_text in PAGE_TEXTS.items():
    setattr(TextsForm, key, markdown_field(page_text.label, rows=4, hint=page_text.place))
