"""Forms of the review: filters, decisions, corrections."""

from wtforms import BooleanField, Field, Form, FormField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from salon.exhibitors.forms.application_fields import KINDS, siret_field
from salon.exhibitors.models import ApplicationStatus, Sector
from salon.exhibitors.rules.application import LONGEST_PRESENTATION, MOST_THEMES
from salon.exhibitors.rules.lifecycle import MOVES, ActorKind, Move
from salon.exhibitors.rules.review import LONGEST_OFFER_DAYS
from salon.platform.pages.fields import number_field, phone_field, website_field
from salon.platform.pages.forms import (
    MAX_NAME,
    FilterForm,
    InRange,
    SalonForm,
    VersionForm,
    checkboxes,
    email,
    identity_field,
    line,
    one_line,
    optional_email,
    organisation_field,
    paragraphs,
    required,
)
from salon.platform.words.people import Civility

LONGEST_REASON = 1000
SECTORS = Sector.choices()
DECISIONS = {
    move.value: arrow.label
    for move, arrow in MOVES.items()
    if ActorKind.ORGANISER in arrow.actor_kinds
}
BATCH_MOVES = {
    move.value: move.label for move in (Move.ACCEPT, Move.PUT_ON_WAITING_LIST, Move.REFUSE)
}
WAITS = {
    "study": "À étudier",
    "returned": "À revoir après complément",
    "ending": "Réponse attendue sous trois jours",
    "documents": "Documents à vérifier",
    "no_stand": "À placer sur le plan",
}


class ReviewFilterForm(FilterForm):
    q = line("Nom, SIRET ou contact", length=100, type="search", autocomplete="off")
    state = SelectField(
        "État",
        choices=ApplicationStatus.choices("Tous"),
        default="",
    )
    waits = SelectField("Attend", choices={"": "Tout", **WAITS}, default="")
    sector = SelectField("Secteur", choices={"": "Tous", **SECTORS}, default="")
    theme = SelectField("Thème", choices={"": "Tous"}, default="")
    kind = SelectField("Organisme", choices={"": "Tous", **KINDS}, default="")
    hall = SelectField("Hall", choices={"": "Tous"}, default="")
    stand = SelectField(
        "Stand", choices={"": "Tous", "with": "Attribué", "without": "À attribuer"}, default=""
    )


class MoveFields(Form):
    """A decision and its reason, which some decisions need."""

    move = RadioField("Décision", validators=[InputRequired("Choisissez une décision.")])
    reason = paragraphs("Votre message", length=LONGEST_REASON, rows=5)
    moves = DECISIONS
    reason_missing = "Écrivez pourquoi : l’exposant lira cette phrase."

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)
        self.move.choices = self.moves

    def validate_reason(self, field: Field) -> None:
        if self.move.data in self.moves:
            arrow = MOVES[Move(self.move.data)]
            if arrow.needs_reason and not field.data:
                raise ValidationError(self.reason_missing)


class DecisionForm(MoveFields, VersionForm):
    """`action` is the button pressed: preview the message, or send it."""

    offer_days = number_field(
        "Jours pour répondre",
        1,
        LONGEST_OFFER_DAYS,
        Optional(),
        message=f"Donnez de 1 à {LONGEST_OFFER_DAYS} jours.",
    )


class BatchDecisionForm(MoveFields, SalonForm):
    """One decision on several: a field `version-<id>` goes with each row, beside the form."""

    moves = BATCH_MOVES
    reason_missing = "Écrivez pourquoi : les exposants liront cette phrase."


class ContactFields(Form):
    civility = SelectField("Civilité", choices=Civility.choices("Sans précision"), default="")
    first_name = identity_field("Prénom", autocomplete="off")
    last_name = identity_field("Nom", autocomplete="off")
    function = line("Fonction", length=MAX_NAME, autocomplete="off")
    email = email(inputmode="email")
    phone = phone_field()


class EnteredContactFields(ContactFields):
    """The contact of an exhibitor whose address is not known yet."""

    email = optional_email(inputmode="email")


def _names(text: str | None) -> str:
    """Return names separated by semicolons, as one line."""
    names = [one_line(part) or "" for part in (text or "").replace("\n", ";").split(";")]
    return "; ".join(name for name in names if name)


class CorrectionForm(VersionForm):
    name = organisation_field("Nom affiché", required("Indiquez le nom à afficher."), length=100)
    legal_name = organisation_field("Raison sociale", length=200)
    kind = RadioField(
        "Organisme", choices=KINDS, validators=[InputRequired("Choisissez le type d’organisme.")]
    )
    siret = siret_field(is_required=False)
    address = line("Adresse", length=200)
    postal_code = line("Code postal", length=12)
    city = line("Ville", length=100)
    website = website_field()
    contact = FormField(ContactFields, "Contact principal")
    sector = SelectField("Secteur", choices={"": "Pas encore choisi", **SECTORS}, default="")
    themes = checkboxes("Thèmes du salon", {}, coerce=int)
    presentation = paragraphs("Présentation", length=LONGEST_PRESENTATION, rows=5)
    area = IntegerField(
        "Surface, en m²",
        validators=[InputRequired("Indiquez la surface, en m².")],
        render_kw={"inputmode": "numeric"},
    )
    wants_corner = BooleanField("Un angle : deux côtés ouverts")
    power_kw = IntegerField(
        "Électricité, en kW",
        validators=[
            InputRequired("Indiquez 0 s’il n’en faut pas."),
            InRange(0, 60, message="De 0 à 60 kW."),
        ],
        render_kw={"inputmode": "numeric"},
    )
    wants_water = BooleanField("Une arrivée et une évacuation d’eau")
    wished_hall = SelectField("Hall souhaité", choices={"": "Sans préférence"}, default="")
    near = line("Voisins souhaités", length=320, autocomplete="off")
    apart = line("À éloigner", length=320, autocomplete="off")
    wish_note = paragraphs("Autre chose à savoir", length=500, rows=3)

    def validate_themes(self, field: Field) -> None:
        if len(field.data or ()) > MOST_THEMES:
            raise ValidationError(f"Au plus {MOST_THEMES} thèmes.")

    def validate_near(self, field: Field) -> None:
        field.data = _names(field.data)

    def validate_apart(self, field: Field) -> None:
        field.data = _names(field.data)


class EnteredCorrectionForm(CorrectionForm):
    contact = FormField(EnteredContactFields, "Contact principal")
