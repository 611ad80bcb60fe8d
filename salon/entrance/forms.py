"""Forms of the doors: stations, zones, points to check, settings, files of scans."""

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    Form,
    FormField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import InputRequired, Optional, Regexp
from wtforms.widgets import HiddenInput

from salon.accounts.models import DEVICES, StationKind
from salon.badges.engine.qr import LONGEST_READING
from salon.badges.models import Category
from salon.entrance.models import ConflictKind, Settlement
from salon.fair.models import ZoneKind
from salon.platform.pages.fields import FrenchDateField, FrenchMomentField, number_field
from salon.platform.pages.forms import (
    CreatingForm,
    FilterForm,
    InRange,
    NumberedList,
    SalonForm,
    SentField,
    VersionForm,
    checkboxes,
    line,
    organisation_field,
    paragraphs,
    required,
    version_field,
)
from salon.platform.settings.clock import current_zone
from salon.platform.web.access import LAST_ROW

MOST_PLACES = 100_000
MOST_DAYS = 31
LONGEST_CODE = 20
CATEGORIES = Category.choices()
LONGEST_NOTE = 500
BY_HAND = {
    settlement.value: settlement.label
    for settlement in Settlement
    if settlement != Settlement.KNOWN_SINCE
}


class CheckInForm(SalonForm):
    code = line(
        "Code du badge",
        required("Lisez un badge, ou tapez ses huit caractères."),
        length=LONGEST_READING,
    )


class StationForm(CreatingForm):
    name = organisation_field(
        "Nom de la station",
        required("Donnez un nom à la station."),
        length=40,
        description="Tel que vous le lirez dans la liste\u00a0: «\u00a0Téléphone de Nadia\u00a0».",
    )
    kind = SelectField(
        "Usage",
        choices=[SelectChoice(kind.value, kind.label) for kind in DEVICES],
        default=StationKind.SCANNER.value,
    )
    door = SelectField("Porte", description="L’appareil peut en changer pendant la journée.")

    def offer_doors(self, doors: list[tuple[str, str]]) -> None:
        """Set the doors to choose from: (code, label)."""
        self.door.choices = doors


def categories(label: str, description: str) -> SelectMultipleField:
    """Return a field of badge categories; the description says whether none ticked means all or
    none."""
    return checkboxes(label, CATEGORIES, description=description)


def moment(label: str, description: str = "") -> FrenchMomentField:
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    return FrenchMomentField(
        label, validators=[Optional()], format=formats, description=description, tz=current_zone
    )


class LaterDayFields(Form):
    day_on = FrenchDateField("Jour", validators=[Optional()], widget=HiddenInput())
    opens_at = moment("Ouvre")
    closes_at = moment("Ferme")
    early_from = moment("À partir de")


class ZoneFields:
    """A zone, the categories it admits and its hours; `later_days`: one row a day after the first,
    blank when it does not open, read unless `has_same_hours` is ticked."""

    kind = SelectField(
        "Nature",
        choices=ZoneKind.choices(),
        default=ZoneKind.CONFERENCE.value,
    )
    label = organisation_field("Nom de la zone", required("Donnez un nom à la zone."), length=60)
    stand = SelectField("Stand", description="Pour une zone qui est un stand.", default="")
    admits = categories("Qui peut entrer", "Rien de coché\u00a0: tout le monde.")
    is_vip_only = BooleanField("Réservé aux invités d’honneur")
    capacity = number_field(
        "Places",
        1,
        MOST_PLACES,
        Optional(),
        message=f"Un nombre entier de 1 à {MOST_PLACES}, ou rien.",
        wrong="Indiquez un nombre entier, ou rien.",
        description="Au plus, en même temps. Vide\u00a0: on ne compte pas.",
    )
    opens_at = moment("Ouvre", "Vide\u00a0: toujours ouvert.")
    closes_at = moment("Ferme", "Vide\u00a0: ne ferme pas.")
    early_admits = categories(
        "Qui entre avant l’ouverture", "Par exemple les exposants, qui installent leur stand."
    )
    early_from = moment("À partir de")
    has_same_hours = BooleanField("Les mêmes heures chaque jour", default=True)
    later_days = NumberedList(FormField(LaterDayFields), "Jour", max_entries=MOST_DAYS)
    rule = RadioField(
        "Qui n’y a pas droit",
        choices={"strict": "Est refusé à la porte", "warning": "Passe, avec un avertissement"},
        default="strict",
    )


class AddZoneForm(CreatingForm, ZoneFields):
    pass


class ChangeZoneForm(SalonForm, ZoneFields):
    version = version_field()


class SeenForm(VersionForm):
    """A button, with the version that was on the page."""


class DoorFields:
    """A door: its label, the categories it admits, the zone it leads to."""

    label = organisation_field("Nom de la porte", required("Donnez un nom à la porte."), length=60)
    zone = SelectField("Mène à", default="")
    admits = categories("Qui peut passer", "Rien de coché\u00a0: tout le monde.")


class AddDoorForm(CreatingForm, DoorFields):
    code = line(
        "Code",
        required("Donnez un code à la porte."),
        length=LONGEST_CODE,
        description="Une lettre ou un mot court, lu sur les appareils. Il ne change plus ensuite.",
    )


class ChangeDoorForm(SalonForm, DoorFields):
    seen = SentField("Vu", render_kw={"maxlength": 1_000})


class ConflictFilterForm(FilterForm):
    state = SelectField(
        "État", choices={"": "À régler", "settled": "Réglés", "all": "Tous"}, default=""
    )
    kind = SelectField(
        "Nature",
        choices=[
            SelectChoice("", "Toutes"),
            *(SelectChoice(kind.value, kind.label) for kind in ConflictKind),
        ],
        default="",
    )


class SettleForm(SalonForm):
    settlement = SelectField(
        "Décision", choices=BY_HAND, validators=[InputRequired("Choisissez une décision.")]
    )
    note = paragraphs(
        "Note",
        length=LONGEST_NOTE,
        rows=2,
        description="Ce qu’il faut savoir si la question revient. Elle reste avec ce point.",
    )


class SettleKindForm(SalonForm):
    kind = SelectField("Nature", choices=ConflictKind.choices())
    settlement = SelectField("Décision", choices=BY_HAND)
    up_to = IntegerField("Jusqu’à", validators=[InputRequired(), InRange(1, LAST_ROW, "Inconnu.")])


class SettingsForm(VersionForm):
    lets_unknown_in = RadioField(
        "Un badge bien formé que l’appareil ne connaît pas encore",
        choices={"yes": "Laisser entrer, et le vérifier ensuite", "no": "Adresser à l’accueil"},
        description=(
            "Une inscription de dernière minute n’est pas encore dans la liste d’un appareil "
            "sans réseau. Dans les deux cas le passage est gardé."
        ),
    )
    kiosk_prints = RadioField(
        "Où la borne imprime",
        choices={"yes": "Sur sa propre imprimante", "no": "Sur un poste d’impression"},
    )
    pin = PasswordField(
        "Nouveau code de sortie des bornes",
        validators=[Optional(), Regexp(r"^[0-9]{4,8}\Z", message="De 4 à 8 chiffres.")],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "maxlength": 8},
    )
    forget_pin = BooleanField("Ne plus demander de code")
    urgent_numbers = paragraphs(
        "Numéros d’urgence",
        length=1_000,
        rows=5,
        description=(
            "Un par ligne, imprimés sur le dossier papier\u00a0: «\u00a0SAMU\u00a0: 15\u00a0»."
        ),
    )


class ImportForm(SalonForm):
    file = FileField(
        "Fichier des passages",
        validators=[FileRequired("Choisissez un fichier.")],
        description="Celui que la station a donné par «\u00a0Exporter les passages\u00a0».",
        render_kw={"accept": ".json,application/json"},
    )
    station = SelectField(
        "Station",
        description="Le fichier la nomme d’ordinaire. Choisissez-la s’il ne la nomme pas.",
        default="",
    )

    def offer_stations(self, stations: list[tuple[str, str]]) -> None:
        """Set the stations to choose from: (number, name)."""
        self.station.choices = [("", "Celle que nomme le fichier"), *stations]
