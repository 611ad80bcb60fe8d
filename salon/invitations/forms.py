"""Forms of invitations: filters of the lists, organisations ticked, lines of a file, one place."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from salon.invitations.engine import InvitationState
from salon.invitations.models import InvitedKind
from salon.invitations.queries.book_filters import (
    CAME,
    DECLINED,
    DUE,
    ENTERED,
    NEVER,
    PLANNED,
    WITH,
    WITHOUT,
)
from salon.platform.pages.fields import FrenchDateField, phone_field
from salon.platform.pages.forms import (
    CreatingForm,
    FilterForm,
    SalonForm,
    identity_field,
    line,
    optional_email,
    organisation_field,
    paragraphs,
    required,
)
from salon.platform.words.people import Civility

GUEST_KINDS = "Par exemple : service de l’État, partenaire, presse, invité d’honneur."


class InvitationFilterForm(FilterForm):
    q = line("Nom ou adresse", length=100, type="search", autocomplete="off")
    kind = SelectField("Invités", choices=InvitedKind.choices("Tous"), default="")
    state = SelectField("État", choices=InvitationState.choices("Tous"), default="")


class SendForm(CreatingForm):
    """The organisations ticked are fields `row`: their keys."""


class InviteFileForm(CreatingForm):
    """The lines ticked are fields `row`."""

    rows = TextAreaField("Liste relue")


class BookFilterForm(FilterForm):
    q = line("Nom, maire ou adresse", length=100, type="search", autocomplete="off")
    state = SelectField("État", choices=InvitationState.choices("Tous"), default="")
    epci = SelectField("EPCI", default="")
    canton = SelectField("Canton", default="")
    address = SelectField(
        "Adresse électronique",
        choices={"": "Toutes", WITH: "Connue", WITHOUT: "Inconnue"},
        default="",
    )
    past = SelectField(
        "Dernière fois",
        choices={
            "": "Toutes",
            CAME: "Inscrites",
            ENTERED: "Venues",
            DECLINED: "Avaient dit non",
            NEVER: "Non inscrites",
        },
        default="",
    )
    follower = SelectField("Suivie par", default="")
    call = SelectField(
        "Rappel",
        choices={"": "Tous", DUE: "Aujourd’hui ou en retard", PLANNED: "Prévu"},
        default="",
    )


class BookSendForm(CreatingForm):
    """The places ticked are fields `row`; the button `everybody` sends all those of the filters."""

    assigned_to = SelectField("Confier à", default="")


class SaveFilterForm(SalonForm):
    """The filters are those of the address."""

    title = line(
        "Enregistrer sous le nom",
        required("Donnez un nom au filtre."),
        length=40,
        autocomplete="off",
    )


class FollowUpForm(SalonForm):
    follower = SelectField("Qui la suit", default="")
    next_call_on = FrenchDateField("Prochain appel", validators=[Optional()])
    note = paragraphs("Note", length=2000, rows=3)
    is_declined = BooleanField("Ne viendra pas")
    decline_reason = line("Pourquoi", length=200, autocomplete="off")


class GuestFilterForm(FilterForm):
    q = line("Nom, contact ou adresse", length=100, type="search", autocomplete="off")
    kind = SelectField("Genre", default="")
    state = SelectField("État", choices=InvitationState.choices("Tous"), default="")


class GuestForm(SalonForm):
    name = organisation_field("Organisme", required("Indiquez le nom de l’organisme."))
    kind = line("Genre", length=40, list="guest-kinds", autocomplete="off", description=GUEST_KINDS)
    contact_civility = SelectField("Civilité", choices=Civility.choices("Non précisée"), default="")
    contact_first_name = identity_field("Prénom")
    contact_last_name = identity_field("Nom")
    contact_function = line("Fonction", length=60, autocomplete="off")
    phone = phone_field()
    email = optional_email(autocomplete="off")


class DeclineForm(SalonForm):
    """What the invited say with « Nous ne viendrons pas »."""

    reason = line("Pourquoi\u00a0?", length=200, autocomplete="off")


class AuthoritiesFileForm(SalonForm):
    file = FileField(
        "Liste (CSV, XLSX, ODS ou JSON)",
        validators=[FileRequired("Choisissez un fichier.")],
        render_kw={"accept": ".csv,.txt,.xlsx,.ods,.json"},
    )
    source = line("D’où vient cette liste", length=100, autocomplete="off")
    dated_on = FrenchDateField(
        "Date de la liste", validators=[InputRequired("Indiquez la date de la liste.")]
    )


class AuthoritiesReviewForm(CreatingForm):
    """Carries a list of mayors or of town halls from its preview to its import."""

    rows = TextAreaField("Liste relue", validators=[InputRequired()])
    source = HiddenField(validators=[InputRequired()])
    dated_on = FrenchDateField(validators=[InputRequired()], widget=HiddenInput())
    elsewhere = HiddenField()
    others = HiddenField()


class AuthorityForm(SalonForm):
    head_civility = SelectField("Civilité", choices=Civility.choices("Non précisée"), default="")
    head_first_name = identity_field("Prénom")
    head_last_name = identity_field("Nom")
    head_since = FrenchDateField("En fonction depuis", validators=[Optional()])
    street = line("Adresse", length=200, autocomplete="off")
    postal_code = line("Code postal", length=5, inputmode="numeric", autocomplete="off")
    city = line("Ville", length=100, autocomplete="off")
    canton = line("Canton", length=60, autocomplete="off")
    phone = phone_field()
    email = optional_email(autocomplete="off")
