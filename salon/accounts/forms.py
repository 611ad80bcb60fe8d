"""Forms of the sign-in."""

from wtforms import (
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)

from salon.accounts.models import AccountState, Digest
from salon.platform.database.identity import Domain, Role
from salon.platform.pages.forms import (
    MAX_LINE,
    FilterForm,
    SalonForm,
    at_most,
    check_printable,
    checkboxes,
    email,
    line,
    person_field,
    required,
)


class AddressForm(SalonForm):
    email = email(autocomplete="username")


class CodeForm(SalonForm):
    code = StringField(
        "Code reçu",
        validators=[required(), at_most(20), check_printable],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20},
    )


class PasswordForm(SalonForm):
    email = email(autocomplete="username")
    password = PasswordField(
        "Mot de passe",
        validators=[required(), at_most(1000)],
        render_kw={"autocomplete": "current-password"},
    )


class SetUpForm(SalonForm):
    password = PasswordField(
        "Mot de passe",
        validators=[required(), at_most(1000)],
        render_kw={"autocomplete": "new-password"},
    )
    code = StringField(
        "Code de l’application",
        validators=[required(), at_most(20), check_printable],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20},
    )


class ChangePasswordForm(SalonForm):
    current = PasswordField(
        "Mot de passe actuel",
        validators=[required(), at_most(1000)],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        "Nouveau mot de passe",
        validators=[required(), at_most(1000)],
        render_kw={"autocomplete": "new-password"},
    )


class OwnPasswordForm(SalonForm):
    password = PasswordField(
        "Votre mot de passe",
        validators=[required(), at_most(1000)],
        render_kw={"autocomplete": "current-password"},
    )


class DigestForm(SalonForm):
    digest = RadioField("Envoyer le récapitulatif", choices=Digest.choices())


class RecoveryForm(SalonForm):
    code = StringField(
        "Code de secours",
        validators=[required(), at_most(60), check_printable],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "maxlength": 60},
    )


OPENED = {
    Domain.ALL: "tout, dans toutes les éditions, et les comptes",
    Domain.FAIR: "dates, lieu, halls, textes, territoire",
    Domain.EXHIBITORS: "candidatures, placement, plan, documents, sécurité",
    Domain.MONEY: "prix, devis, factures, règlements",
    Domain.REGISTRATIONS: "inscrits, badges, données des personnes",
    Domain.WELCOME: "accueil sur place, entrées, stations, dossier papier",
    Domain.VILLAGE: "agents, besoins, planning, jour J du village",
    Domain.APPOINTMENTS: "rendez-vous, files des stands, créneaux",
    Domain.MESSAGES: "courriels envoyés, retenus, refusés",
    Domain.READING: "lit toutes les pages de l’organisation, ne change rien",
}
RIGHTS = [
    SelectChoice(domain.value, f"{domain.label}\u00a0: {OPENED[domain]}") for domain in Domain
]


class AccountForm(SalonForm):
    display_name = person_field("Nom affiché", required(), length=MAX_LINE, autocomplete="off")
    email = email(autocomplete="off")
    role = SelectField(
        "Rôle",
        choices=[
            SelectChoice(r.value, r.label) for r in (Role.ORGANISER, Role.AGENT, Role.EXHIBITOR)
        ],
    )
    domains = checkboxes("Droits", choices=RIGHTS)

    def validate_domains(self, field: SelectMultipleField) -> None:
        if self.role.data == Role.ORGANISER and not field.data:
            raise ValidationError("Cochez au moins un droit.")


class RightsForm(SalonForm):
    domains = checkboxes("Droits", choices=RIGHTS)


class AccountFilterForm(FilterForm):
    q = line("Nom ou adresse")
    role = SelectField(
        "Rôle",
        choices=[
            SelectChoice("", "Tous"),
            *(SelectChoice(r.value, r.label) for r in Role if r not in (Role.STATION, Role.READER)),
        ],
        default="",
    )
    state = SelectField(
        "État",
        choices=[
            SelectChoice("", "Tous"),
            *(SelectChoice(state.value, state.label) for state in AccountState),
        ],
        default="",
    )
    domain = SelectField(
        "Droit",
        choices=[
            SelectChoice("", "Tous"),
            *(SelectChoice(domain.value, domain.label) for domain in Domain),
        ],
        default="",
    )
