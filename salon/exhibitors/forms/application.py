"""Forms of an application, one class a step."""

import re
from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, Form, FormField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Optional, Regexp, ValidationError

from salon.exhibitors.forms.application_fields import (
    KINDS,
    WholeNumberField,
    siret_field,
)
from salon.exhibitors.models import OrganisationKind, PriceItem, Sector
from salon.exhibitors.rules.application import (
    LONGEST_PRESENTATION,
    MOST_CO_EXHIBITORS,
    MOST_NEIGHBOURS,
    AgreementWay,
)
from salon.platform.pages.fields import FrenchDateField, phone_field, website_field
from salon.platform.pages.forms import (
    MAX_NAME,
    CreatingForm,
    InRange,
    NumberedList,
    SalonForm,
    VersionForm,
    checkboxes,
    identity_field,
    line,
    optional_email,
    organisation_field,
    paragraphs,
    required,
    visitor_email,
)
from salon.platform.pages.forms.checks import ExtraValidators
from salon.platform.words.countries import COUNTRIES
from salon.platform.words.people import Civility


class StartForm(CreatingForm):
    """The first page: an establishment, and an address."""

    siret = siret_field()
    email = visitor_email(inputmode="email")


class StartWithoutForm(CreatingForm):
    """The first page without SIRET."""

    kind = RadioField(
        "Vous êtes",
        choices={"association": "Une association", "company": "Une entreprise étrangère"},
        validators=[InputRequired("Dites ce que vous êtes.")],
    )
    name = organisation_field("Nom", required("Indiquez le nom."), autocomplete="organization")
    country = SelectField("Pays", choices=COUNTRIES, default="FR")
    foreign_number = line("Numéro d’immatriculation", length=40, autocomplete="off")
    email = visitor_email(inputmode="email")


class SiretForm(VersionForm):
    siret = siret_field()


class OrganisationForm(VersionForm):
    legal_name = organisation_field(
        "Raison sociale", required("Indiquez la raison sociale."), length=200
    )
    name = organisation_field("Nom à afficher", required("Indiquez le nom à afficher."), length=100)
    kind = RadioField(
        "Vous êtes", choices=KINDS, validators=[InputRequired("Dites ce que vous êtes.")]
    )
    address = line(
        "Adresse", required("Indiquez l’adresse."), length=200, autocomplete="address-line1"
    )
    postal_code = line("Code postal", length=12, autocomplete="postal-code")
    city = line("Ville", required("Indiquez la ville."), length=100, autocomplete="address-level2")
    country = SelectField("Pays", choices=COUNTRIES, default="FR")
    foreign_number = line("Numéro d’immatriculation", length=40, autocomplete="off")
    vat_number = StringField(
        "Numéro de TVA intracommunautaire",
        validators=[
            Optional(),
            Regexp(
                r"^[A-Z]{2}[0-9A-Z+*]{2,13}$",
                message="Ce numéro commence par deux lettres. Exemple : FR39 356 000 000",
            ),
        ],
        filters=[lambda text: re.sub(r"[\s.\-]", "", text).upper() if text else text],
        render_kw={"maxlength": 20, "autocomplete": "off"},
    )
    website = website_field()

    def validate_postal_code(self, field: Field) -> None:
        french = "country" not in self or self.country.data == "FR"
        if french and not re.fullmatch(r"[0-9]{5}", field.data or ""):
            raise ValidationError("Indiquez les 5 chiffres du code postal.")


class MainContactFields(Form):
    """The main contact, who signs in with this address."""

    civility = SelectField("Civilité", choices=Civility.choices("Sans précision"), default="")
    first_name = identity_field(
        "Prénom", required("Indiquez le prénom."), autocomplete="given-name"
    )
    last_name = identity_field("Nom", required("Indiquez le nom."), autocomplete="family-name")
    function = line("Fonction", length=MAX_NAME, autocomplete="organization-title")
    email = visitor_email(inputmode="email")
    phone = phone_field(required("Indiquez le téléphone."))


class EnteredContactFields(MainContactFields):
    """Whom an organiser enters: a telephone call may give neither first name nor address."""

    first_name = identity_field("Prénom", autocomplete="off")
    email = optional_email(inputmode="email", autocomplete="off")


class OtherContactFields(Form):
    """Another contact; none when all fields are blank."""

    civility = SelectField("Civilité", choices=Civility.choices("Sans précision"), default="")
    first_name = identity_field("Prénom", autocomplete="off")
    last_name = identity_field("Nom", autocomplete="off")
    function = line("Fonction", length=MAX_NAME, autocomplete="off")
    email = optional_email(autocomplete="off", inputmode="email")
    phone = phone_field()

    @property
    def is_blank(self) -> bool:
        inputs = (self.first_name, self.last_name, self.function, self.email, self.phone)
        return not any(field.data for field in inputs)

    def validate_last_name(self, field: Field) -> None:
        if not self.is_blank and not field.data:
            raise ValidationError("Indiquez le nom de cette personne.")

    def validate(self, extra_validators: ExtraValidators = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if not self.is_blank and not self.email.data and not self.email.errors:
            self.email.errors = ["Indiquez l’adresse électronique de cette personne."]
            valid = False
        return valid


class ContactsForm(VersionForm):
    main = FormField(MainContactFields, "Contact principal")
    billing = FormField(OtherContactFields, "Contact de facturation")
    on_site = FormField(OtherContactFields, "Contact sur place")


class ActivityForm(VersionForm):
    sector = SelectField(
        "Secteur d’activité",
        choices=Sector.choices("Choisissez"),
        validators=[required("Choisissez le secteur d’activité.")],
        default="",
    )
    themes = checkboxes("Thèmes du salon", {}, coerce=int)
    presentation = paragraphs(
        "Présentation", required("Écrivez la présentation."), length=LONGEST_PRESENTATION, rows=6
    )
    logo = FileField("Logo", render_kw={"accept": "image/png,image/jpeg,image/webp"})


class CoExhibitorFields(Form):
    name = organisation_field("Nom du co-exposant", length=100, autocomplete="off")
    website = website_field("Site internet du co-exposant")

    def validate_name(self, field: Field) -> None:
        if self.website.data and not field.data:
            raise ValidationError("Indiquez le nom de ce co-exposant.")


def _names(label: str) -> NumberedList:
    name_field = organisation_field(label, length=100, autocomplete="off")
    return NumberedList(name_field, label, min_entries=MOST_NEIGHBOURS, max_entries=MOST_NEIGHBOURS)


class WishFields(SalonForm):
    area = WholeNumberField(
        "Surface",
        validators=[InputRequired("Indiquez la surface, en m².")],
        render_kw={"inputmode": "numeric"},
    )
    wants_corner = BooleanField("Un angle : deux côtés ouverts")
    power_kw = SelectField("Électricité", choices={0: "Sans électricité"}, coerce=int, default=0)
    wants_water = BooleanField("Une arrivée et une évacuation d’eau")
    wished_hall_id = SelectField(
        "Hall souhaité", choices={0: "Sans préférence"}, coerce=int, default=0
    )
    near = _names("Voisin souhaité")
    apart = _names("Concurrent à éloigner")
    co_exhibitors = NumberedList(
        FormField(CoExhibitorFields, "Co-exposant"),
        "Co-exposant",
        min_entries=1,
        max_entries=MOST_CO_EXHIBITORS,
    )
    wish_note = paragraphs("Autre chose à nous dire", length=500, rows=3)

    @property
    def lines(self) -> list[dict[str, str]]:
        """Return the co-exhibitors that have a name."""
        return [
            {"name": entry.form.name.data, "website": entry.form.website.data or ""}
            for entry in self.co_exhibitors
            if entry.form.name.data
        ]


class WishesForm(WishFields, VersionForm):
    pass


def options_form(items: Sequence[PriceItem], base: type = VersionForm) -> Any:
    """Return a form with one quantity for each option; a checkbox where the maximum is 1."""
    fields = {
        f"option-{item.id}": _quantity(item) if item.maximum > 1 else BooleanField(item.label)
        for item in items
    }
    return type("OptionsForm", (base,), fields)


def _quantity(item: PriceItem) -> WholeNumberField:
    return WholeNumberField(
        item.label,
        validators=[Optional(), InRange(0, item.maximum, message=f"De 0 à {item.maximum}.")],
        render_kw={"inputmode": "numeric", "min": 0, "max": item.maximum},
    )


class AgreementFields(SalonForm):
    """An agreement to the regulations given other than online."""

    way = RadioField(
        "Accord sur le règlement",
        choices=AgreementWay.choices(),
        validators=[InputRequired("Dites comment l’accord a été donné.")],
    )
    given_on = FrenchDateField("Donné le", validators=[InputRequired("Indiquez ce jour.")])


class EntryForm(CreatingForm, WishFields, AgreementFields):
    """An exhibitor entered by an organiser: the fields of the application, in one page."""

    siret = siret_field(is_required=False)
    name = organisation_field("Nom à afficher", length=100, autocomplete="off")
    kind = RadioField("Organisme", choices=KINDS, default=OrganisationKind.COMPANY.value)
    country = SelectField("Pays", choices=COUNTRIES, default="FR")
    foreign_number = line("Numéro d’immatriculation", length=40, autocomplete="off")
    main = FormField(EnteredContactFields, "Contact principal")
    way = RadioField(
        "Accord sur le règlement",
        choices={"": "Demandé à l’exposant, dans son espace", **AgreementWay.choices()},
        default="",
        validators=[Optional()],
    )
    given_on = FrenchDateField("Donné le", validators=[Optional()])
    is_namesake = BooleanField("C’est un autre exposant, du même nom")

    def validate_way(self, field: Field) -> None:
        if not self.given_on.data:
            raise ValidationError("Indiquez le jour de cet accord.")


class SubmitForm(VersionForm):
    accepts = BooleanField(
        "J’ai lu et j’accepte le règlement des exposants, et je certifie que ces renseignements "
        "sont exacts.",
        validators=[required("Cochez la case pour envoyer la candidature.")],
    )
