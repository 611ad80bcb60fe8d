"""Forms of the sign-in."""

from wtforms import PasswordField, SelectChoice, SelectField, StringField

from salon.platform.forms import (
    MAX_LINE,
    SalonForm,
    at_most,
    check_printable,
    email,
    person_field,
    required,
)
from salon.platform.identity import Role


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


class AccountForm(SalonForm):
    display_name = person_field("Nom affiché", required(), length=MAX_LINE, autocomplete="off")
    email = email(autocomplete="off")
    role = SelectField(
        "Rôle",
        choices=[
            SelectChoice(r.value, r.label) for r in (Role.AGENT, Role.EXHIBITOR, Role.ORGANISER)
        ],
    )
